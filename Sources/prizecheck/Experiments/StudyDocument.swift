import RatingBench

/// A study as `tune` prints it.
struct StudyDocument {
  static let schema = "prizecheck.study/1"
  /// Trials that the text shows at most; the JSON has all.
  static let shownTrials = 20

  var study: Study
  var file: String

  var text: String {
    var lines: [String] = []
    if let best = study.best, let rmse = best.rmse {
      lines.append("best: \(best.settings.map(\.description).joined(separator: " "))")
      lines.append("RMSE \(Decimals.text(rmse, digits: 4)), \(study.plan.innerText)")
      lines.append("")
    }
    let last = study.trials.map(\.rung).max() ?? 1
    let order = study.trials.sorted {
      (-$0.rung, $0.rmse ?? .infinity, $0.setting) < (-$1.rung, $1.rmse ?? .infinity, $1.setting)
    }
    let names = study.plan.space.dimensions.map(\.name)
    let isHalving = last > 1
    let table = TextTable(
      header: ["setting"] + (isHalving ? ["rung", "budget"] : []) + names + ["RMSE", "seconds"],
      rows: order.prefix(Self.shownTrials).map { trial in
        [String(trial.setting)]
          + (isHalving ? [String(trial.rung), trial.budget.map(String.init) ?? "all"] : [])
          + names.map { name in trial.settings.first { $0.name == name }?.text ?? "" }
          + [trial.rmse.map { Decimals.text($0, digits: 4) } ?? "failed", Decimals.text(trial.seconds, digits: 2)]
      })
    lines += table.lines
    if study.trials.count > Self.shownTrials {
      lines.append("and \(study.trials.count - Self.shownTrials) more; --output writes all as JSON")
    }
    lines += [
      "",
      "\(study.plan.strategyText) of \(study.plan.space.text); \(study.plan.innerText); search seed \(study.plan.seed); "
        + "training seed \(study.trainingSeed); predictions \(study.isClipped ? "clipped to the scale" : "as they are"); "
        + "\(Decimals.grouped(study.ratings)) ratings",
    ]
    if let command { lines += ["", command] }
    return lines.joined(separator: "\n")
  }

  /// The command that trains on all ratings with the best settings.
  var command: String? {
    study.bestSettings.map { settings in
      "prizecheck train \(Self.quoted(file)) --algorithm \(study.algorithm) --seed \(study.trainingSeed) "
        + settings.map { "--set \(Self.quoted("\($0.name)=\($0.text)"))" }.joined(separator: " ") + " --save model"
    }
  }

  /// An argument as a shell takes it.
  private static func quoted(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII
        && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
          || "-._/=+:,".unicodeScalars.contains(scalar))
    }
    return isPlain && !text.isEmpty
      ? text : "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  /// Schemas/study.schema.json describes it.
  var json: JSON {
    func settings(_ list: [ParameterSetting]) -> JSON { .object(list.map { ($0.name, JSON.string($0.text)) }) }
    func trial(_ trial: Study.Trial) -> JSON {
      .object([
        "setting": .integer(trial.setting), "rung": .integer(trial.rung), "budget": trial.budget.map(JSON.integer),
        "settings": settings(trial.settings), "rmse": trial.rmse.map(JSON.number),
        "folds": .array(trial.folds.map(JSON.number)), "failure": trial.failure.map(JSON.string),
        "seconds": .number(trial.seconds),
      ])
    }
    return .object([
      "schema": .string(Self.schema), "version": .string(RatingBenchVersion.current),
      "algorithm": .string(study.algorithm), "fixed": settings(study.fixed),
      "space": .string(study.plan.space.text), "strategy": .string(study.plan.strategyText),
      "inner": .string(study.plan.innerText), "seed": .natural(study.plan.seed),
      "training_seed": .natural(study.trainingSeed), "clipped": .bool(study.isClipped),
      "ratings": .integer(study.ratings), "data_sha256": .string(study.data),
      "best": study.best.map(trial), "command": command.map(JSON.string),
      "trials": .array(study.trials.map(trial)),
    ])
  }
}
