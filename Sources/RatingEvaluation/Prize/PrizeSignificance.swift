import RatingData

/// How sure it is that a submission improves on the baseline as much as a criterion asks.
///
/// A verdict is about the rows that were judged, and exact. This is about all rows that might have been: the interval of
/// the improvement by the delta method, clustered by user, and the probability that the true improvement reaches the target.
/// Neither changes a verdict.
public struct PrizeSignificance: Sendable, Hashable {
  /// Of the improvement in percent: 100 (1 - RMSE / baseline). Where the baseline is predictions, paired with their errors.
  public let interval: ConfidenceInterval
  /// The improvement at the threshold, in percent: 100 (1 - threshold / baseline).
  public let target: Double

  /// - Parameters:
  ///   - errors: of the submission, on the rows that were judged.
  ///   - baseline: of the baseline's predictions on the same rows; nil where the criterion states its baseline.
  /// - Throws: `too-few-clusters` where fewer than 2 users have rows; `lengths-differ`, `no-rows`, `not-a-number`.
  /// - Complexity: O(rows).
  public init(
    _ criterion: PrizeCriterion, errors: JudgedErrors, baseline: JudgedErrors? = nil, level: Double = 0.95
  ) throws(EvaluationError) {
    let columns = [errors.squaredErrors] + (baseline.map { [$0.squaredErrors] } ?? [])
    let inference = ErrorInference(try ErrorRows(squaredErrors: columns, users: errors.users))
    let base = criterion.baseline.doubleValue
    interval = try inference.interval(
      for: baseline == nil ? .improvementBelow(0, baseline: base) : .improvement(0, over: 1), level: level)
    target = 100 * (1 - criterion.threshold.doubleValue / base)
  }

  /// The probability that the true improvement is at least the target: see `ConfidenceInterval.probability(atLeast:)`.
  public var probability: Double { interval.probability(atLeast: target) }

  /// Whether the target lies inside the interval, so that other users might have turned the verdict.
  public var isUndecided: Bool { interval.straddles(target) }
}

extension JudgedErrors {
  /// The rows of a set; nil where it is not known which those are.
  public func rows(of set: PrizeSet) -> JudgedErrors? { set == .all ? self : rows(ofSet: set == .quiz ? 0 : 1) }
}
