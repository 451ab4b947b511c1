import RatingData
import RatingEvaluation

/// What one algorithm with one seed came to on one split: everything that reports are made from, and nothing that
/// depends on the machine's speed.
public struct CellResult: Sendable, Hashable {
  /// Ratings in the training and in the test half.
  public var trainingRatings: Int
  public var testRatings: Int
  /// Test ratings whose user, or item, has no training ratings.
  public var coldUserRatings: Int
  public var coldItemRatings: Int
  /// The RMSE of the predictions as the model makes them, and of those moved into the rating scale.
  public var rmseUnclipped: Double
  public var rmseClipped: Double
  /// Other metrics, of the predictions that the suite judges; nil where these rows have no such figure.
  public var metrics: [MetricFigure]
  /// The errors of each user of the test half: what intervals and paired tests are computed from.
  public var users: [UserErrors]
  /// After each epoch, where the algorithm has epochs and the curve was asked for.
  public var curve: [CurvePoint]
  /// Where the error sits.
  public var strata: [StratumErrors]
  /// Mean answers by prediction.
  public var reliability: [ReliabilityBin]
  /// Hyper-parameters that a search has chosen; empty where none was asked for.
  public var chosen: [ParameterSetting]

  /// A metric's name and value.
  public struct MetricFigure: Sendable, Hashable {
    public var name: String
    public var value: Double?
  }

  /// The errors of a user's test ratings.
  public struct UserErrors: Sendable, Hashable {
    /// The user's place in the data set's vocabulary.
    public var user: Int
    public var count: Int
    /// The sum of squared errors of the predictions that the suite judges.
    public var squares: Double
  }

  /// An epoch of a learning curve. Both errors are of unclipped predictions.
  public struct CurvePoint: Sendable, Hashable {
    public var epoch: Int
    public var trainingRMSE: Double
    public var testRMSE: Double?
  }

  /// The errors of rows that have something in common.
  public struct StratumErrors: Sendable, Hashable {
    /// What rows are told apart by: `user-activity`, `item-activity`, `cold-start`, `rating`, `time`.
    public var group: String
    /// What these rows have in common.
    public var label: String
    public var count: Int
    public var squares: Double
    /// The sum of prediction - answer.
    public var errors: Double
  }

  /// Rows with predictions of about the same size.
  public struct ReliabilityBin: Sendable, Hashable {
    /// The bound below, which tells bins of different splits apart.
    public var lower: Double
    public var count: Int
    public var meanPrediction: Double
    public var meanAnswer: Double
  }
}

/// How long a cell took, and on what. Kept apart from its result, which doesn't depend on it.
public struct CellTiming: Sendable, Hashable {
  /// Wall time of training, without measuring the learning curve.
  public var trainingSeconds: Double
  /// Wall time of predicting the test half.
  public var predictionSeconds: Double
  /// The time of a search that came before it; 0 where there was none.
  public var searchSeconds: Double
  public var threads: Int
  public var machine: Machine
}

/// What became of a cell.
public enum CellOutcome: Sendable, Hashable {
  case measured(CellResult)
  /// The algorithm can't be trained on this data, or diverged: code and message of the `TrainingError`.
  case failed(code: String, message: String)

  /// The result, where there is one.
  public var result: CellResult? {
    if case .measured(let result) = self { return result }
    return nil
  }
}
