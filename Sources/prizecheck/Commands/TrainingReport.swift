import RatingBench

/// What `train` tells: as text, and as the object of `Schemas/train.schema.json`.
struct TrainingReport {
  static let schema = "prizecheck.train/1"

  var algorithm: String
  var parameters: [(parameter: AlgorithmParameter, value: ParameterValue)]
  var seed: UInt64
  var threads: Int
  /// The number of ratings that were learned from.
  var training: Int
  var questions: Questions?
  var userFeatures, itemFeatures: FeatureReport?
  var test: Scores?
  var validation: Validation?
  /// The epoch after which the run went on.
  var resumedAfter: Int?
  /// Fitting, with set-up.
  var seconds: Double
  var secondsReading: Double
  var epochs: TrainingProgress.Epochs
  /// Where the model was saved.
  var saved: String?

  /// The pairs that were known to be asked about.
  struct Questions {
    var pairs: Int
    /// Whether the algorithm counted them as implicit feedback.
    var areUsed: Bool
  }

  /// The error on the validation ratings, and how the run ended.
  struct Validation {
    var scores: Scores
    /// Nil for an algorithm without epochs.
    var run: RunEnd?
  }

  /// How an iterative run ended.
  struct RunEnd {
    /// The epoch whose model it is.
    var modelEpoch: Int
    var completedEpochs: Int
    /// `complete`, `early-stopping` or `stopped`.
    var ending: String
  }

  private var secondsSetup: Double { max(0, seconds - epochs.seconds) }
  private var ratingsPerSecond: Double {
    let (ratings, seconds) = epochs.count > 0 ? (epochs.ratings, epochs.seconds) : (training, seconds)
    return Double(ratings) / max(seconds, 1e-9)
  }

  var json: JSON {
    .object([
      "schema": .string(Self.schema),
      "algorithm": .string(algorithm),
      "parameters": .object(parameters.map { (key: $0.parameter.keyName, value: $0.value.json) }),
      "seed": .natural(seed),
      "threads": .integer(threads),
      "training": .object(["n": .integer(training)]),
      "questions": questions.map {
        .object(["pairs": .integer($0.pairs), "implicit_feedback": .bool($0.areUsed)])
      },
      "user_features": userFeatures?.json,
      "item_features": itemFeatures?.json,
      "test": test.map { test in
        .object([
          "n": .integer(test.count), "rmse": .number(test.rmse), "rmse_clipped": test.rmseClipped.map(JSON.number),
          "mae": .number(test.mae),
        ])
      },
      "validation_set": validation.map { validation in
        .object([
          "n": .integer(validation.scores.count), "rmse": .number(validation.scores.rmse),
          "epoch": validation.run.map { .integer($0.modelEpoch) },
          "epochs_completed": validation.run.map { .integer($0.completedEpochs) },
          "ending": validation.run.map { .string($0.ending) },
        ])
      },
      "resumed_after": resumedAfter.map(JSON.integer),
      "seconds": .number(seconds),
      "seconds_reading": .number(secondsReading),
      "seconds_setup": .number(secondsSetup),
      "seconds_per_epoch": epochs.count > 0 ? .number(epochs.seconds / Double(epochs.count)) : nil,
      "ratings_per_second": .number(ratingsPerSecond),
    ])
  }

  var text: String {
    var lines = [
      "\(algorithm): learned from \(Decimals.grouped(training)) ratings in \(Decimals.text(seconds, digits: 2)) s "
        + "(\(Decimals.text(ratingsPerSecond / 1e6, digits: 1)) M ratings/s), seed \(seed)"
    ]
    if !parameters.isEmpty {
      lines.append("  " + parameters.map { "\($0.parameter.flagName) \($0.value)" }.joined(separator: ", "))
    }
    if let questions {
      lines.append(
        "  questions: \(Decimals.grouped(questions.pairs)) pairs, "
          + (questions.areUsed ? "counted as implicit feedback" : "which \(algorithm) ignores"))
    }
    lines += (userFeatures?.lines ?? []) + (itemFeatures?.lines ?? [])
    if let validation {
      let run =
        validation.run.map { run in
          let end = run.ending == "early-stopping" ? "stopped early after epoch" : "of"
          return ", model of epoch \(run.modelEpoch), \(end) \(run.completedEpochs)"
        } ?? ""
      lines.append(
        "  validation: \(Decimals.grouped(validation.scores.count)) ratings, "
          + "RMSE \(Decimals.text(validation.scores.rmse, digits: 4))\(run)")
    }
    if let test {
      let clipped = test.rmseClipped.map { " (clipped \(Decimals.text($0, digits: 4)))" } ?? ""
      lines.append(
        "  test: \(Decimals.grouped(test.count)) ratings, RMSE \(Decimals.text(test.rmse, digits: 4))\(clipped), "
          + "MAE \(Decimals.text(test.mae, digits: 4))")
    }
    if let saved { lines.append("  saved in \(SafeText.line(saved))") }
    return lines.joined(separator: "\n")
  }
}

extension ParameterValue {
  var json: JSON {
    switch self {
    case .integer(let value): .integer(value)
    case .number(let value): .number(value)
    case .choice(let value): .string(value)
    }
  }
}
