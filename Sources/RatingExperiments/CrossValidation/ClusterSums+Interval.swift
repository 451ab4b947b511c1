import RatingEvaluation
import RatingNumerics

extension ClusterSums {
  /// The interval of a statistic by the delta method, clusters being independent.
  ///
  /// - Throws: `too-few-clusters` where there are fewer than 2.
  /// - Complexity: O(clusters).
  func interval(for statistic: ErrorStatistic, level: Double = 0.95) throws(EvaluationError) -> ConfidenceInterval {
    guard count >= 2 else {
      throw EvaluationError(
        .tooFewClusters, "an interval needs at least 2 users, got \(count); how much they differ can't be known")
    }
    let estimate = value(of: statistic)
    let error = variance(of: statistic).squareRoot()
    let reach = StudentT(degreesOfFreedom: Double(count - 1)).quantile(0.5 + level / 2) * error
    return ConfidenceInterval(
      estimate: estimate, standardError: error, lower: estimate - reach, upper: estimate + reach, level: level,
      method: .delta(.users), clusters: count, rows: rows)
  }
}
