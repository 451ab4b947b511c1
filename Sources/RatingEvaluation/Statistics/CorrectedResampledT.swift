import RatingNumerics

/// Is a difference over the folds of a cross-validation more than luck?
///
/// Folds share training data, so their differences are not independent, and a plain t-test finds too much. Here the
/// variance of their mean is (1 / k + test / training) s^2 in place of s^2 / k, with s^2 the variance over folds.
///
///     let test = try CorrectedResampledT(differences: perFold, testRows: 20_000, trainingRows: 80_000)
///     test.interval(), test.pValue
///
/// Source: Nadeau and Bengio, "Inference for the generalization error", Machine Learning 52 (2003),
/// doi:10.1023/A:1024068626366.
public struct CorrectedResampledT: Sendable, Hashable {
  /// The mean difference.
  public let mean: Double
  public let standardError: Double
  /// The number of folds; for repeated cross-validation, folds x repetitions.
  public let folds: Int
  /// The rows of all test parts together.
  public let rows: Int

  /// - Parameters:
  ///   - differences: of two models in each fold, such as their RMSEs'.
  ///   - testRows: the usual number of rows in the test part of a fold.
  ///   - trainingRows: those in its training part.
  /// - Throws: `too-few-clusters` for fewer than 2 folds; `not-a-number`.
  public init(differences: [Double], testRows: Int, trainingRows: Int) throws(EvaluationError) {
    precondition(
      testRows > 0 && trainingRows > 0, "a fold has test and training rows, got \(testRows) and \(trainingRows)")
    guard differences.count >= 2 else {
      throw EvaluationError(
        .tooFewClusters, "a test over folds needs at least 2 of them, got \(differences.count)")
    }
    if let wrong = differences.first(where: { !$0.isFinite }) {
      throw EvaluationError(.notANumber, "a fold's difference is \(wrong); expected a finite number")
    }
    let k = Double(differences.count)
    let mean = differences.reduce(0, +) / k
    let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (k - 1)
    self.mean = mean
    standardError = ((1 / k + Double(testRows) / Double(trainingRows)) * variance).squareRoot()
    folds = differences.count
    rows = testRows * differences.count
  }

  /// The interval of the mean difference, with folds - 1 degrees of freedom.
  public func interval(level: Double = 0.95) -> ConfidenceInterval {
    precondition(level > 0 && level < 1, "a confidence level is above 0 and below 1, got \(level)")
    let reach = StudentT(degreesOfFreedom: Double(folds - 1)).quantile(0.5 + level / 2) * standardError
    return ConfidenceInterval(
      estimate: mean, standardError: standardError, lower: mean - reach, upper: mean + reach, level: level,
      method: .resampledT, clusters: folds, rows: rows)
  }

  /// Two-sided, of the hypothesis that there is no difference; never 0.
  public var pValue: Double { interval().pValue() }
}
