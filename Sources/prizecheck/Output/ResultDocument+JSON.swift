import RatingBench

extension ResultDocument {
  /// The object of `Schemas/result.schema.json`. What is absent is left out.
  var json: JSON {
    .object([
      "schema": "prizecheck.result/1",
      "tool": .object(["version": .string(Tool.version)]),
      "inputs": .array(inputs.map(\.json)),
      "scores": scores.isEmpty ? nil : scoresJSON,
      "metrics": details?.metricsJSON,
      "strata": details?.strataJSON,
      "criterion": criterionJSON,
      "improvement": verdict.map {
        .object(["percent": .number($0.percent.doubleValue), "percent_unrounded": .number($0.percentUnrounded)])
      },
      "verdict": verdict.map { .object(["qualifies": .bool($0.qualifies), "reason": .string($0.reason)]) },
      "significance": significance?.json,
      "validation": .object([
        "ok": .bool(isValid),
        "errors": .array(errors.map(\.json)),
        "warnings": .array(warnings.map(\.json)),
      ]),
    ])
  }

  private var scoresJSON: JSON {
    .object(
      PrizeSet.allCases.compactMap { set in
        scores[set].map { scores in
          (
            key: set.rawValue,
            value: .object([
              "n": .integer(scores.count),
              "rmse": .number(scores.rmse),
              "rmse_rounded": .string(scores.roundedRMSE(decimals: decimals).description),
              "rmse_clipped": scores.rmseClipped.map { .number($0) },
              "mae": .number(scores.mae),
            ])
          )
        }
      })
  }

  private var criterionJSON: JSON? {
    guard let criterion, let judgedOn else { return nil }
    return .object([
      "name": .string(criterion.name),
      "set": .string(criterion.set.rawValue),
      "judged_on": .string(judgedOn.rawValue),
      "baseline": .string(criterion.baseline.description),
      "improvement": .string(criterion.improvement.description),
      "threshold": .string(criterion.threshold.description),
      "threshold_source": .string(criterion.thresholdSource.rawValue),
      "decimals": .integer(criterion.decimals),
    ])
  }
}

extension ResultDocument.Input {
  /// An element of `inputs`.
  var json: JSON {
    .object([
      "role": .string(role.rawValue),
      "file": .string(file),
      "format": format.map { .string($0) },
      "bytes": bytes.map { .integer($0) },
      "sha256": sha256.map { .string($0) },
    ])
  }
}

extension Problem {
  /// An element of `errors` or `warnings`.
  var json: JSON {
    .object([
      "code": .string(code),
      "file": .string(file),
      "count": .integer(count),
      "lines": .array(lines.prefix(Problem.listedLines).map { .integer($0) }),
      "message": .string(message),
    ])
  }
}
