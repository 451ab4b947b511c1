import RatingBench

/// What `blend` found out.
struct BlendReport {
  /// What the weights were applied to.
  struct Applied {
    var output: String
    var rows: Int
    var outsideScale: Int
    var clipped: Bool
  }

  var inputs: [ResultDocument.Input]
  var warnings: [Problem]
  var names: [String]
  /// The RMSE of each file.
  var errors: [Double]
  var rows: Int
  var blend: RidgeBlend
  /// By how many percent the blend's out-of-fold error is below the best file's.
  var gain: ConfidenceInterval
  var applied: Applied?

  func rendered(as format: OutputFormat) -> String {
    switch format {
    case .json: json.text + "\n"
    case .csv: json.csv
    case .markdown: blocks(markdown: true)
    case .text, .github, .junit: blocks(markdown: false)
    }
  }

  private func blocks(markdown: Bool) -> String {
    func safe(_ text: String) -> String { markdown ? SafeText.markdown(text) : SafeText.line(text) }
    func number(_ value: Double, _ digits: Int = 5) -> String { Decimals.text(value, digits: digits) }
    let table = TextTable(
      header: ["file", "RMSE", "weight"].map(safe),
      rows: names.indices.map { [names[$0], number(errors[$0]), number(blend.weights[$0], 6)].map(safe) }
        + [["intercept", "", number(blend.intercept, 6)]])
    var lines = [
      "Blend of \(names.count) files: RMSE \(number(blend.outOfFoldRMSE)) on users that the weights have not seen "
        + "(\(blend.folds) folds, \(Decimals.grouped(rows)) rows)",
      "An improvement of \(number(gain.estimate, 2))% on the best file, 95% interval \(number(gain.lower, 2))% to "
        + "\(number(gain.upper, 2))%, clustered by user",
      "On the rows that the weights were fitted to: \(number(blend.inSampleRMSE)), which is too low; lambda "
        + "\(blend.lambda), of \(blend.trials.count) tried",
    ]
    if let applied {
      lines.append(
        "\(Decimals.grouped(applied.rows)) blended predictions in \(applied.output), of which "
          + "\(Decimals.grouped(applied.outsideScale)) "
          + (applied.clipped ? "were moved into the scale" : "lie outside the scale and were kept"))
    }
    let text = lines.map { (markdown ? "- " : "") + safe($0) }
    return text.joined(separator: "\n") + "\n\n"
      + (markdown ? table.markdownLines : table.lines).joined(separator: "\n") + "\n"
  }

  /// The object of `Schemas/blend.schema.json`.
  var json: JSON {
    .object([
      "schema": "prizecheck.blend/1",
      "tool": .object(["version": .string(Tool.version)]),
      "inputs": .array(inputs.map(\.json)),
      "n": .integer(rows),
      "files": .array(
        names.indices.map { index in
          .object([
            "name": .string(names[index]), "rmse": .number(errors[index]), "weight": .number(blend.weights[index]),
          ])
        }),
      "intercept": .number(blend.intercept),
      "lambda": .number(blend.lambda),
      "folds": .integer(blend.folds),
      "rmse_out_of_fold": .number(blend.outOfFoldRMSE),
      "rmse_in_sample": .number(blend.inSampleRMSE),
      "gain": gain.json,
      "trials": .array(
        blend.trials.map { .object(["lambda": .number($0.lambda), "rmse_out_of_fold": .number($0.rmse)]) }),
      "applied": applied.map {
        .object([
          "output": .string($0.output), "n": .integer($0.rows), "outside_scale": .integer($0.outsideScale),
          "clipped": .bool($0.clipped),
        ])
      },
      "warnings": .array(warnings.map(\.json)),
    ])
  }
}
