import RatingNumerics

extension ScoredRows {
  /// These metrics of the rows, in their order.
  ///
  ///     let rows = try ScoredRows(predictions: model.predict(test.pairs), answers: test)
  ///     for figure in try rows.values(of: Metric.list(parsing: "rmse,rmse@users,fcp")) {
  ///       print(figure.metric, figure.value ?? .nan, figure.count)
  ///     }
  ///
  /// - Throws: `missing-input` where a metric needs users, items or a scale that the rows don't have, or is one of
  ///   distributions or rankings.
  /// - Complexity: O(rows) for each metric, O(rows log rows) for `fcp`; in parallel. The result doesn't depend on the
  ///   number of threads, nor on the order of the rows.
  public func values(of metrics: [Metric], threads: Int? = nil) throws(EvaluationError) -> [MetricValue] {
    var groups: [Metric.Average: RowGroups] = [:]
    func rows(by average: Metric.Average, for metric: Metric) throws(EvaluationError) -> RowGroups {
      if let known = groups[average] { return known }
      guard let keys = average == .users ? users : items else {
        throw EvaluationError(
          .missingInput, "\(metric) needs rows whose \(average.rawValue) are known, and these name none")
      }
      let made = RowGroups(self, by: keys)
      groups[average] = made
      return made
    }
    var values: [MetricValue] = []
    for metric in metrics {
      switch metric.definition.source {
      case .rows(let make):
        guard let empty = make(scale) else {
          throw EvaluationError(.missingInput, "\(metric) needs the rating scale, such as 1...5, and none is known")
        }
        values.append(
          metric.average == .rows
            ? Self.value(of: metric, whole(empty, threads: threads))
            : Self.mean(of: metric, empty, over: try rows(by: metric.average, for: metric), threads: threads))
      case .users(let make):
        let groups = try rows(by: .users, for: metric)
        values.append(
          metric.average == .rows
            ? Self.pooled(metric, make(), over: groups, threads: threads)
            : Self.mean(of: metric, make(), over: groups, threads: threads))
      case .distributions:
        throw EvaluationError(
          .missingInput, "\(metric) needs predictive distributions, and these rows are predictions alone")
      case .rankings:
        throw EvaluationError(.missingInput, "\(metric) needs rankings of all items, and these rows are predictions")
      }
    }
    return values
  }

  private func whole<Base: RatingMetric>(_ empty: Base, threads: Int?) -> any RatingMetric {
    let parts = Parallel.map(pieceCount, threads: threads) { index in
      withSlice(piece(index)) { slice in
        var metric = empty
        metric.add(slice)
        return metric
      }
    }
    return parts.reduce(into: empty) { $0.merge($1) }
  }

  private static func value(of metric: Metric, _ made: any RatingMetric) -> MetricValue {
    MetricValue(metric, value: made.value, count: made.count)
  }

  private static func pooled<Base: RatingMetric>(
    _ metric: Metric, _ empty: Base, over groups: RowGroups, threads: Int?
  ) -> MetricValue {
    let parts = groups.pieces(from: empty, threads: threads) { $0.add($1) }
    return value(of: metric, parts.reduce(into: empty) { $0.merge($1) })
  }

  private static func mean<Base: RatingMetric>(
    of metric: Metric, _ empty: Base, over groups: RowGroups, threads: Int?
  ) -> MetricValue {
    let parts = groups.pieces(from: MacroAverage(of: empty), threads: threads) { $0.add($1) }
    let mean = parts.reduce(into: MacroAverage(of: empty)) { $0.merge($1) }
    return MetricValue(metric, value: mean.value, count: mean.count, groups: mean.groups, leftOut: mean.leftOut)
  }
}
