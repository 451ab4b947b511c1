import RatingBench

/// The one JSON object of a command that found its input unusable: no figures, only what is wrong.
struct FailureDocument {
  var schema: String
  var error: RatingDataError

  var json: JSON {
    .object([
      "schema": .string(schema),
      "validation": .object([
        "ok": false,
        "errors": .array(error.problems.filter { $0.severity == .error }.map(\.json)),
        "warnings": .array(error.problems.filter { $0.severity == .warning }.map(\.json)),
      ]),
    ])
  }
}

extension Console {
  /// Every problem on its own line of standard error.
  static func problems(_ problems: [Problem]) { for problem in problems { note(problem.description) } }
}
