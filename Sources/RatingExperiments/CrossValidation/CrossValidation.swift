import RatingData
import RatingEvaluation
import RatingModels
import RatingNumerics

/// What an algorithm came to on each of several splits, and over all of them.
public struct CrossValidation: Sendable {
  /// One split.
  public struct Fold: Sendable {
    /// `fold-1`, `u1`, ...
    public let name: String
    public let trainingRatings: Int
    public let testRatings: Int
    /// Test ratings whose user, or item, has no training ratings.
    public let coldUserRatings, coldItemRatings: Int
    /// Unclipped, and clipped to the rating scale.
    public let scores: Scores
    /// Wall time of training, and of predicting the test half.
    public let trainingSeconds, predictionSeconds: Double
  }

  public let folds: [Fold]
  /// The scores over the test ratings of all folds, each rating counting once.
  public let scores: Scores
  /// The interval of the RMSE over all test ratings, by the delta method clustered by user: ratings of one user, in
  /// whichever folds they are, may depend on each other.
  public let interval: ConfidenceInterval
  /// The same for predictions that are clipped to the rating scale.
  public let clippedInterval: ConfidenceInterval
  /// How the figures came about, in words.
  public let protocolText: String

  /// The mean of the folds' RMSE: what most papers print. Over folds of equal size it differs little from `scores.rmse`.
  public var meanRMSE: Double { mean { $0.rmse } }
  /// The mean of the folds' clipped RMSE.
  public var meanRMSEClipped: Double { mean { $0.rmseClipped ?? $0.rmse } }
  /// Wall time of all trainings.
  public var seconds: Double { folds.reduce(0) { $0 + $1.trainingSeconds } }

  private func mean(_ figure: (Scores) -> Double) -> Double {
    folds.reduce(0) { $0 + figure($1.scores) } / Double(folds.count)
  }
}

/// Trains an algorithm on all folds but one and measures it on that one, for each fold.
///
///     let result = try crossValidate(BiasedMatrixFactorization(), on: ratings, folds: 5)
///     print(result.meanRMSE, result.interval.lower, result.interval.upper)
///
/// - Parameters:
///   - folds: 2 or more parts into which the ratings are dealt at random.
///   - seed: of the folds and of the training.
/// - Throws: `data` where the ratings can't be divided so, `training` where a model can't be fitted.
/// - Complexity: that of `folds` trainings; the ratings are in memory once, and one training half.
public func crossValidate<Algorithm: RatingAlgorithm>(
  _ algorithm: Algorithm, on ratings: RatingDataset, folds: Int = 5, seed: Seed = 1, options: RunOptions = RunOptions()
) throws(ExperimentError) -> CrossValidation {
  let splits = try experiment { try ratings.split(KFold(folds: folds), seed: seed) }
  return try crossValidate(
    algorithm, on: splits, seed: seed, options: options, named: "\(folds)-fold cross-validation, split seed \(seed)")
}

/// Trains and measures an algorithm on every split: predefined folds, windows along time, repeated cross-validation.
///
/// The splits must share their vocabularies, as those of one data set do: intervals know users by their index.
///
/// - Parameter title: the splits in words, for the protocol.
/// - Throws: as for a number of folds.
public func crossValidate<Algorithm: RatingAlgorithm>(
  _ algorithm: Algorithm, on splits: Splits, seed: Seed = 1, options: RunOptions = RunOptions(),
  named title: String? = nil
) throws(ExperimentError) -> CrossValidation {
  var folds: [CrossValidation.Fold] = []
  var total = (unclipped: ErrorSums(), clipped: ErrorSums())
  var errors = (unclipped: UserErrorSums(), clipped: UserErrorSums())
  for index in 0..<splits.count {
    let split = try experiment { try splits.split(index) }
    let began = ContinuousClock.now
    let model = try experiment { try algorithm.fit(to: TrainingInput(split.train), seed: seed, options: options) }
    let fitted = ContinuousClock.now
    let predictions = model.predict(split.test.pairs, threads: options.threads)
    let predicted = ContinuousClock.now
    let scores = try experiment { try Scores(predictions: predictions, answers: split.test) }
    total.unclipped.merge(scores.unclipped)
    total.clipped.merge(scores.clipped ?? scores.unclipped)
    errors.unclipped.add(predictions, split.test)
    errors.clipped.add(predictions.clipped(to: split.test.scale), split.test)
    let cold = ColdRatings(split)
    folds.append(
      CrossValidation.Fold(
        name: splits.names[index], trainingRatings: split.train.count, testRatings: split.test.count,
        coldUserRatings: cold.users, coldItemRatings: cold.items, scores: scores,
        trainingSeconds: (fitted - began).seconds, predictionSeconds: (predicted - fitted).seconds))
  }
  let text = [
    title ?? FixedText.count(folds.count, "split"), "\(FixedText.grouped(total.unclipped.count)) test ratings",
    "training seed \(seed)", "\(options.threads ?? Parallel.availableThreads) threads", Machine.current.protocolText,
  ].joined(separator: "; ")
  return try experiment {
    CrossValidation(
      folds: folds, scores: try Scores(unclipped: total.unclipped, clipped: total.clipped),
      interval: try errors.unclipped.sums.interval(for: .rmse(0)),
      clippedInterval: try errors.clipped.sums.interval(for: .rmse(0)), protocolText: text)
  }
}
