import RatingData
import RatingEvaluation

/// What a suite found, ready to be shown: the one value that all formats are made from.
public struct SuiteReport: Sendable {
  public var name: String
  public var title: String
  public var summary: String
  /// What holds for all figures, label by label.
  public var protocolLines: [ProtocolLine]
  /// What the seconds were measured on; more than one where cells come from several machines.
  public var machines: [String]
  /// Whether the RMSE is of predictions moved into the rating scale.
  public var isClipped: Bool
  public var groups: [Group]

  /// A part of the protocol: `clipping`, `to the rating scale`.
  public struct ProtocolLine: Sendable, Hashable {
    public var label: String
    public var text: String
  }

  /// A data set divided in one way.
  public struct Group: Sendable {
    public var data: DataSummary
    public var split: String
    public var parts: [String]
    /// Smallest and largest training half.
    public var trainingRatings: ClosedRange<Int>
    /// Test ratings of all splits together.
    public var testRatings: Int
    /// Of those, the ratings whose user, or item, has no training ratings.
    public var coldUserRatings: Int
    public var coldItemRatings: Int
    /// Users with test ratings: what intervals are clustered by.
    public var testUsers: Int
    /// By RMSE, lowest first.
    public var rows: [Row]
    /// Algorithms without a figure, and why.
    public var failures: [Failure]
  }

  /// An algorithm that could not be trained.
  public struct Failure: Sendable, Hashable {
    public var label: String
    public var message: String
  }

  /// An algorithm on the splits of a group.
  public struct Row: Sendable {
    public var label: String
    public var algorithm: String
    /// All hyper-parameters: `factors=64 epochs=20 ...`.
    public var settings: String
    /// What a search has chosen, split by split; empty without a search.
    public var chosen: [String]
    /// How the search went about it.
    public var search: String?
    /// sqrt of the mean squared error over the test ratings of all splits and seeds, and its interval by user.
    public var rmse: ConfidenceInterval
    /// RMSE - that of the best row, with its interval and its p-value after Holm's correction; nil for the best row.
    public var difference: Difference?
    /// The groups of rows that tests can't tell apart to which it belongs: `a`, or `ab`; see `RankGroups`.
    public var letters: String
    /// 1 + the number of rows that are better by the tests.
    public var rank: Int
    /// The mean of the RMSE of the splits, and their standard deviation; nil for a single split.
    public var meanOfParts: Double
    public var deviationOfParts: Double?
    /// The standard deviation of the RMSE over the seeds of training; nil for one seed.
    public var deviationOfSeeds: Double?
    /// The RMSE the other way round: unclipped where the suite clips. The mean over splits.
    public var otherRMSE: Double
    /// The means over splits and seeds.
    public var metrics: [CellResult.MetricFigure]
    /// The RMSE of each split, the mean over seeds.
    public var parts: [Double]
    public var timing: Timing
    /// The mean over splits and seeds.
    public var curve: [CellResult.CurvePoint]
    /// Added up over splits and seeds.
    public var strata: [CellResult.StratumErrors]
    public var reliability: [CellResult.ReliabilityBin]
  }

  /// How far a row is from the best one.
  public struct Difference: Sendable {
    public var interval: ConfidenceInterval
    public var adjustedP: Double
  }

  /// Means over splits and seeds, in seconds.
  public struct Timing: Sendable {
    public var training: Double
    public var prediction: Double
    public var search: Double
  }
}
