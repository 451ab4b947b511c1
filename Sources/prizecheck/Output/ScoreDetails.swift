import RatingBench

/// What `score` tells beside the scores, where it is asked for.
struct ScoreDetails: Sendable {
  /// The metrics of `--metrics`, for each set of rows.
  var metrics: [PrizeSet: [MetricValue]] = [:]
  /// What `--strata` adds.
  var strata: StrataReport?

  /// Where the error sits, and how far predictions mean what they say.
  struct StrataReport: Sendable {
    /// The rows that it is about.
    var set: PrizeSet
    var strata: ErrorStrata
    var reliability: ReliabilityCurve
  }

  init(metrics: [PrizeSet: [MetricValue]] = [:], strata: StrataReport? = nil) {
    self.metrics = metrics
    self.strata = strata
  }

  /// - Parameters:
  ///   - sets: those whose metrics are told; a set without rows has none.
  ///   - strataOf: the set whose error is taken apart; nil for none.
  init(
    _ judged: JudgedRows, sets: [PrizeSet], metrics wanted: [Metric], strataOf: PrizeSet?, training: RatingDataset?,
    threads: Int?
  ) throws(EvaluationError) {
    for set in sets where !wanted.isEmpty {
      guard let rows = ScoredRows(judged, set: set) else { continue }
      metrics[set] = try rows.values(of: wanted, threads: threads)
    }
    if let strataOf, let rows = ScoredRows(judged, set: strataOf) {
      strata = StrataReport(
        set: strataOf, strata: ErrorStrata(rows, training: training, threads: threads),
        reliability: ReliabilityCurve(rows, threads: threads))
    }
  }

  /// What `--reveal quiz` leaves.
  var quizOnly: ScoreDetails {
    var told = self
    told.metrics = metrics.filter { $0.key == .quiz }
    if strata?.set != .quiz { told.strata = nil }
    return told
  }
}

// MARK: - JSON

extension ScoreDetails {
  var metricsJSON: JSON? {
    if metrics.isEmpty { return nil }
    return .object(
      PrizeSet.allCases.compactMap { set in
        metrics[set].map { values in
          (key: set.rawValue, value: .object(values.map { (key: $0.metric.name, value: $0.json) }))
        }
      })
  }

  var strataJSON: JSON? { strata.map(\.json) }
}

extension MetricValue {
  fileprivate var json: JSON {
    .object([
      "value": value.map { .number($0) },
      "n": .integer(count),
      "groups": groups.map { .integer($0) },
      "left_out": groups == nil ? nil : .integer(leftOut),
    ])
  }
}

extension ScoreDetails.StrataReport {
  fileprivate var json: JSON {
    .object([
      "set": .string(set.rawValue),
      "groups": .array(strata.groups.map(\.json)),
      "clipping": strata.clipping.map(\.json),
      "reliability": .array(reliability.bins.map(\.json)),
    ])
  }
}

extension StratumGroup {
  /// An element of `strata.groups`.
  var json: JSON {
    .object([
      "property": .string(property.rawValue),
      "title": .string(title),
      "strata": .array(
        strata.map { stratum in
          .object([
            "label": .string(stratum.label),
            "n": .integer(stratum.count),
            "rmse": .number(stratum.rmse),
            "bias": .number(stratum.bias),
            "share_of_squared_error": .number(stratum.shareOfSquaredError),
          ])
        }),
    ])
  }
}

extension ClippingGain {
  fileprivate var json: JSON {
    .object([
      "scale": .string(scale.description),
      "rows_outside": .integer(rowsOutside),
      "rmse": .number(rmse),
      "rmse_clipped": .number(rmseClipped),
      "gain": .number(gain),
    ])
  }
}

extension ReliabilityCurve.Bin {
  fileprivate var json: JSON {
    .object([
      "lower": .number(lower),
      "upper": .number(upper),
      "n": .integer(count),
      "mean_prediction": .number(meanPrediction),
      "mean_answer": .number(meanAnswer),
      "answer_deviation": .number(answerDeviation),
    ])
  }
}
