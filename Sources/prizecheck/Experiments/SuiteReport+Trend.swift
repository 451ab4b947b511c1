import RatingBench

extension SuiteReport {
  /// The figures as the action github-action-benchmark follows them from one commit to the next: the list that it calls
  /// `customSmallerIsBetter`. Schemas/github-action-benchmark.schema.json describes it.
  ///
  /// - Parameter isTimed: whether the seconds of training are among them.
  func trend(isTimed: Bool) -> JSON {
    .array(
      groups.flatMap { group in
        group.rows.flatMap { row in
          let name = "\(group.data.name) / \(group.split) / \(row.label)"
          let accuracy = JSON.object([
            "name": .string(name), "unit": "RMSE", "value": .number(row.rmse.estimate),
            "range": .string("± \(Decimals.text((row.rmse.upper - row.rmse.lower) / 2, digits: 6))"),
            "extra": .string(
              "95% interval \(Decimals.text(row.rmse.lower, digits: 6)) to \(Decimals.text(row.rmse.upper, digits: 6)), "
                + "clustered by user (\(Decimals.grouped(row.rmse.clusters)) users); \(row.algorithm) \(row.settings)"),
          ])
          guard isTimed else { return [accuracy] }
          return [
            accuracy,
            .object([
              "name": .string("\(name) / training"), "unit": "seconds", "value": .number(row.timing.training),
              "extra": .string(machines.joined(separator: "; ")),
            ]),
          ]
        }
      })
  }
}
