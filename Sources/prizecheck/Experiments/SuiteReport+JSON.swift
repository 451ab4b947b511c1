import RatingBench

extension SuiteReport {
  static let schema = "prizecheck.benchmark/1"
  static let timingsSchema = "prizecheck.timings/1"

  /// All figures, and no times: the same bytes for the same suite. Schemas/benchmark.schema.json describes it.
  var json: JSON {
    .object([
      "schema": .string(Self.schema), "version": .string(RatingBenchVersion.current), "name": .string(name),
      "title": .string(title), "summary": .string(summary), "clipped": .bool(isClipped),
      "protocol": .array(
        protocolLines.map { .object(["label": .string($0.label), "text": .string($0.text)]) }),
      "groups": .array(groups.map { Self.json($0) }),
    ])
  }

  /// How long it took, and on what. Schemas/timings.schema.json describes it.
  var timingsJSON: JSON {
    .object([
      "schema": .string(Self.timingsSchema), "version": .string(RatingBenchVersion.current), "name": .string(name),
      "machines": .array(machines.map(JSON.string)),
      "groups": .array(
        groups.map { group in
          .object([
            "data": .string(group.data.name), "split": .string(group.split),
            "rows": .array(
              group.rows.map { row in
                .object([
                  "label": .string(row.label), "training_seconds": .number(row.timing.training),
                  "prediction_seconds": .number(row.timing.prediction), "search_seconds": .number(row.timing.search),
                ])
              }),
          ])
        }),
    ])
  }

  private static func json(_ group: Group) -> JSON {
    .object([
      "data": .object([
        "name": .string(group.data.name), "sha256": .string(group.data.hash), "ratings": .integer(group.data.ratings),
        "users": .integer(group.data.users), "items": .integer(group.data.items), "scale": .string(group.data.scale),
        "mean": .number(group.data.mean), "has_times": .bool(group.data.hasTimes),
      ]),
      "split": .string(group.split), "splits": .array(group.parts.map(JSON.string)),
      "training_ratings": .array([
        .integer(group.trainingRatings.lowerBound), .integer(group.trainingRatings.upperBound),
      ]),
      "test_ratings": .integer(group.testRatings), "test_users": .integer(group.testUsers),
      "cold_user_ratings": .integer(group.coldUserRatings), "cold_item_ratings": .integer(group.coldItemRatings),
      "rows": .array(group.rows.map { json($0) }),
      "failures": .array(
        group.failures.map { .object(["label": .string($0.label), "message": .string($0.message)]) }),
    ])
  }

  private static func json(_ row: Row) -> JSON {
    .object([
      "label": .string(row.label), "algorithm": .string(row.algorithm), "settings": .string(row.settings),
      "search": row.search.map(JSON.string),
      "chosen": row.chosen.isEmpty ? nil : .array(row.chosen.map(JSON.string)),
      "rmse": interval(row.rmse), "rank": .integer(row.rank), "rank_group": .string(row.letters),
      "behind_best": row.difference.map { interval($0.interval) },
      "adjusted_p": row.difference.map { .number($0.adjustedP) },
      "mean_of_splits": .number(row.meanOfParts), "deviation_of_splits": row.deviationOfParts.map(JSON.number),
      "deviation_of_seeds": row.deviationOfSeeds.map(JSON.number), "other_rmse": .number(row.otherRMSE),
      "splits": .array(row.parts.map(JSON.number)),
      "metrics": .object(row.metrics.compactMap { figure in figure.value.map { (figure.name, .number($0)) } }),
      "curve": .array(
        row.curve.map {
          .object([
            "epoch": .integer($0.epoch), "training_rmse": .number($0.trainingRMSE),
            "test_rmse": $0.testRMSE.map(JSON.number),
          ])
        }),
      "strata": .array(
        row.strata.map {
          .object([
            "group": .string($0.group), "label": .string($0.label), "ratings": .integer($0.count),
            "rmse": .number(($0.squares / Double($0.count)).squareRoot()),
            "bias": .number($0.errors / Double($0.count)),
          ])
        }),
      "reliability": .array(
        row.reliability.map {
          .object([
            "lower": .number($0.lower), "ratings": .integer($0.count), "mean_prediction": .number($0.meanPrediction),
            "mean_rating": .number($0.meanAnswer),
          ])
        }),
    ])
  }

  private static func interval(_ interval: ConfidenceInterval) -> JSON {
    .object([
      "value": .number(interval.estimate), "lower": .number(interval.lower), "upper": .number(interval.upper),
      "standard_error": .number(interval.standardError), "users": .integer(interval.clusters),
    ])
  }
}
