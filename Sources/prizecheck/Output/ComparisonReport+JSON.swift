import RatingBench

extension ComparisonReport {
  /// The object of `Schemas/compare.schema.json`.
  var json: JSON {
    .object([
      "schema": "prizecheck.compare/1",
      "tool": .object(["version": .string(Tool.version)]),
      "inputs": .array(inputs.map(\.json)),
      "n": .integer(rows),
      "users": .integer(users),
      "files": .array(models.map(\.json)),
      "order": .array(order.map { .integer($0) }),
      "pair": pair?.json,
      "warnings": .array(warnings.map(\.json)),
    ])
  }
}

extension ConfidenceInterval {
  /// An estimate with its interval, as results tell it.
  var json: JSON {
    .object([
      "estimate": .number(estimate),
      "standard_error": .number(standardError),
      "lower": .number(lower),
      "upper": .number(upper),
      "level": .number(level),
      "method": .string(method.description),
      "clusters": .integer(clusters),
    ])
  }
}

extension ComparisonReport.Model {
  fileprivate var json: JSON {
    .object([
      "name": .string(name),
      "rmse": rmse.json,
      "behind_best": behindBest?.json,
      "p_value": pValue.map { .number($0) },
      "rank": .integer(rank),
      "group": .string(letters),
    ])
  }
}

extension ComparisonReport.Pair {
  fileprivate var json: JSON {
    .object([
      "difference": difference.json,
      "difference_by_row": differenceByRow.json,
      "difference_by_user_and_item": differenceByBoth?.json,
      "improvement": improvement.json,
      "smallest_detectable": .number(smallestDetectable),
      "p_values": .object([
        "t": .number(difference.pValue()),
        "sign_flip": .number(signFlip.pValue),
        "wilcoxon": .number(wilcoxon.pValue),
      ]),
      "replicates": .integer(signFlip.replicates),
      "correlation": correlation.map { .number($0) },
      "strata": .array(
        strata.map { first, second in
          .object([
            "property": .string(first.property.rawValue),
            "title": .string(first.title),
            "strata": .array(
              zip(first.strata, second.strata).map { a, b in
                .object([
                  "label": .string(a.label),
                  "n": .integer(a.count),
                  "rmse": .array([.number(a.rmse), .number(b.rmse)]),
                ])
              }),
          ])
        }),
      "wins": .array([.integer(wins.first), .integer(wins.second)]),
      "blend": .object([
        "weights": .array(blend.weights.map { .number($0) }),
        "intercept": .number(blend.intercept),
        "folds": .integer(blend.folds),
        "rmse_out_of_fold": .number(blend.outOfFoldRMSE),
        "rmse_in_sample": .number(blend.inSampleRMSE),
        "gain": blendGain.json,
      ]),
    ])
  }
}
