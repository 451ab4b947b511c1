import RatingNumerics

extension DistributionRows {
  /// These metrics of the distributions, in their order.
  ///
  /// - Throws: `missing-input` where a metric is none of distributions, or needs a column that these rows lack.
  /// - Complexity: O(rows x stars) for each metric, in parallel; the same bytes for any number of threads.
  public func values(of metrics: [Metric], threads: Int? = nil) throws(EvaluationError) -> [MetricValue] {
    var values: [MetricValue] = []
    for metric in metrics {
      guard case .distributions(let make) = metric.definition.source else {
        throw EvaluationError(
          .missingInput, "\(metric) is computed from \(metric.needs.rawValue), and these are predictive distributions")
      }
      values.append(try value(of: metric, make(), threads: threads))
    }
    return values
  }

  private func value<Base: DistributionMetric>(
    of metric: Metric, _ empty: Base, threads: Int?
  ) throws(EvaluationError) -> MetricValue {
    if let missing = Base.missing(in: self, for: empty) {
      throw EvaluationError(.missingInput, "\(metric) needs \(missing), and these distributions have none")
    }
    let size = 1 << 14
    let parts = Parallel.map((count + size - 1) / size, threads: threads) { piece in
      var part = empty
      part.add(self, in: piece * size..<min((piece + 1) * size, count))
      return part
    }
    let whole = parts.reduce(into: empty) { $0.merge($1) }
    return MetricValue(metric, value: whole.value, count: whole.count)
  }
}
