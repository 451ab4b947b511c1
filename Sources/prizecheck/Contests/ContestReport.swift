import RatingBench

/// What `contest` tells: as text, and as the object of `Schemas/contest.schema.json`.
struct ContestReport {
  struct Stage {
    var name: String
    var seconds: Double
    /// The most memory of the process until the stage's end.
    var peakBytes: Int
  }

  struct Model {
    var name: String
    /// On the probe.
    var rmse: Double
    /// In the blend.
    var weight: Double
  }

  var command: Contest
  /// Without the probe.
  var training: Int
  var probe: Int
  var questions: Int
  var models: [Model]
  var blend: RidgeBlend
  var stages: [Stage]
  var seconds: Double
  var verdict: ResultDocument

  private var peakBytes: Int { stages.last?.peakBytes ?? 0 }

  var text: String {
    func number(_ value: Double, _ digits: Int) -> String { Decimals.text(value, digits: digits) }
    func mebibytes(_ bytes: Int) -> String { Decimals.grouped(bytes >> 20) }
    let scores = TextTable(
      header: ["on the probe", "RMSE", "weight"],
      rows: models.map { [$0.name, number($0.rmse, 4), number($0.weight, 4)] }
        + [["blend, on users that its weights have not seen", number(blend.outOfFoldRMSE, 4), ""]])
    let times = TextTable(
      header: ["stage", "seconds", "peak MiB"],
      rows: stages.map { [$0.name, number($0.seconds, 2), mebibytes($0.peakBytes)] }
        + [["All", number(seconds, 2), mebibytes(peakBytes)]])
    let heading =
      "\(SafeText.line(command.data)): \(Decimals.grouped(training)) ratings to learn from, "
      + "\(Decimals.grouped(probe)) in the probe, \(Decimals.grouped(questions)) questions"
    return [heading, scores.lines.joined(separator: "\n"), times.lines.joined(separator: "\n"), verdict.text()]
      .joined(separator: "\n\n")
  }

  var json: JSON {
    .object([
      "schema": "prizecheck.contest/1",
      "tool": .object(["version": .string(Tool.version)]),
      "data": .string(command.data),
      "output": .string(command.output),
      "seed": .natural(command.seed),
      "threads": .integer(command.threads ?? Parallel.availableThreads),
      "retrained": .bool(command.retrain),
      "training": .integer(training),
      "probe": .integer(probe),
      "questions": .integer(questions),
      "models": .array(
        models.map {
          .object(["name": .string($0.name), "rmse_probe": .number($0.rmse), "weight": .number($0.weight)])
        }),
      "blend": .object([
        "intercept": .number(blend.intercept), "lambda": .number(blend.lambda), "folds": .integer(blend.folds),
        "rmse_out_of_fold": .number(blend.outOfFoldRMSE), "rmse_in_sample": .number(blend.inSampleRMSE),
        "file": .string(command.submission),
      ]),
      "stages": .array(
        stages.map {
          .object([
            "name": .string($0.name), "seconds": .number($0.seconds), "peak_bytes": .integer($0.peakBytes),
          ])
        }),
      "seconds": .number(seconds),
      "peak_bytes": .integer(peakBytes),
      "result": verdict.json,
    ])
  }
}
