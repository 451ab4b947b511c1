import RatingData
import RatingEvaluation
import RatingModels

extension DistributionRows {
  /// What a posterior says of `answers.pairs`, and the answers: what the metrics of distributions are computed from.
  ///
  ///     let rows = try DistributionRows(posterior.predictiveDistributions(test.pairs), answers: test)
  ///     let figures = try rows.values(of: Metric.list(parsing: "nll,rps,interval-coverage"))
  ///
  /// - Throws: as the initializer of columns: `lengths-differ`, `not-a-number` where an answer is none of the stars, ...
  /// - Complexity: O(rows x stars).
  public init(_ distributions: PredictiveDistributions, answers: RatingDataset) throws(EvaluationError) {
    let stars = distributions.stars
    var probabilities: [Double] = []
    probabilities.reserveCapacity(distributions.count * stars.count)
    if !stars.isEmpty { for row in distributions { probabilities += row.probabilities } }
    try self.init(
      means: distributions.means, deviations: distributions.deviations,
      answers: answers.withUnsafeColumns { $0.ratings.map { Double($0) } },
      intervals: (distributions.lowerBounds, distributions.upperBounds, distributions.level), stars: stars,
      probabilities: probabilities)
  }
}
