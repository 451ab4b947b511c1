import RatingBench

/// What `leaks` found out, in its output formats.
struct LeakDocument {
  static let schema = "prizecheck.leaks/1"

  let training: ReadingResult
  let test: ReadingResult
  let report: LeakReport

  private var leaks: Int { report.findings.count { $0.severity == .leak } }

  private var headline: String {
    switch leaks {
    case 0: "NO LEAK"
    case 1: "1 KIND OF LEAK"
    default: "\(leaks) KINDS OF LEAKS"
    }
  }

  /// `u1.base 80,000 ratings, 943 users, 1,650 items`.
  private static func sizes(_ input: ReadingResult, _ part: LeakReport.Part) -> String {
    "\(input.input.file) \(Decimals.grouped(part.ratings)) ratings, \(Decimals.grouped(part.users)) users, "
      + "\(Decimals.grouped(part.items)) items"
  }

  func text(color: Bool) -> String {
    let style = leaks == 0 ? "\u{1b}[1;32m" : "\u{1b}[1;31m"
    var blocks = [
      (color ? "\(style)\(headline)\u{1b}[0m" : headline)
        + "\n  training  \(SafeText.line(Self.sizes(training, report.training)))"
        + "\n  test      \(SafeText.line(Self.sizes(test, report.test)))"
    ]
    for finding in report.findings {
      var lines = [
        "\(finding.severity.rawValue): \(finding.kind.rawValue), \(Decimals.grouped(finding.count))",
        "  \(finding.message)",
      ]
      lines += finding.examples.prefix(3).map { "  \(SafeText.line(describe($0)))" }
      if finding.count > 3 && finding.examples.count > 3 { lines.append("  ...") }
      blocks.append(lines.joined(separator: "\n"))
    }
    blocks.append("order of the test rows: \(orderText)")
    return blocks.joined(separator: "\n\n")
  }

  var markdown: String {
    var blocks = [
      "## \(headline)",
      "Training: \(SafeText.markdown(Self.sizes(training, report.training))). "
        + "Test: \(SafeText.markdown(Self.sizes(test, report.test))).",
    ]
    if !report.findings.isEmpty {
      let rows = report.findings.map { finding in
        [
          finding.severity.rawValue, finding.kind.rawValue, Decimals.grouped(finding.count), finding.message,
          finding.examples.first.map(describe) ?? "",
        ].map(SafeText.markdown)
      }
      blocks.append(
        (["| severity | finding | count | what | first |", "|:--|:--|--:|:--|:--|"]
          + rows.map { "| \($0.joined(separator: " | ")) |" }).joined(separator: "\n"))
    }
    blocks.append("Order of the test rows: \(SafeText.markdown(orderText)).")
    return blocks.joined(separator: "\n\n")
  }

  func json(isChronological: Bool, isStrict: Bool) -> JSON {
    func part(_ input: ReadingResult, _ part: LeakReport.Part) -> JSON {
      .object([
        "file": .string(input.input.file), "format": .string(input.input.format.rawValue),
        "ratings": .integer(part.ratings), "users": .integer(part.users), "items": .integer(part.items),
      ])
    }
    let findings = report.findings.map { finding -> JSON in
      let examples = finding.examples.map { example -> JSON in
        .object([
          "user": example.user.map { .string($0.description) }, "item": example.item.map { .string($0.description) },
          "training_line": line(example.trainingRow, training).map { .integer($0.line) },
          "test_line": line(example.testRow, test).map { .integer($0.line) },
        ])
      }
      return .object([
        "kind": .string(finding.kind.rawValue), "severity": .string(finding.severity.rawValue),
        "count": .integer(finding.count), "message": .string(finding.message), "examples": .array(examples),
      ])
    }
    let tests = report.order.tests.map { test -> JSON in
      .object([
        "name": .string(test.name.rawValue), "effect": .number(test.effect), "z": .number(test.z),
        "p": .number(test.p),
      ])
    }
    return .object([
      "schema": .string(Self.schema), "leaks": .bool(report.hasLeaks), "chronological": .bool(isChronological),
      "strict": .bool(isStrict), "training": part(training, report.training), "test": part(test, report.test),
      "findings": .array(findings),
      "order": .object([
        "sorted_by": .array(report.order.keys.map { .string($0.rawValue) }),
        "explained": .bool(report.order.isFullyExplained), "tests": .array(tests),
      ]),
    ])
  }

  /// `u1.test:3, u1.base:17: user 7, item 5`.
  private func describe(_ example: LeakFinding.Example) -> String {
    let places = [line(example.testRow, test), line(example.trainingRow, training)].compactMap { place in
      place.map { "\($0.file):\($0.line)" }
    }
    let ids = [example.user.map { "user \($0)" }, example.item.map { "item \($0)" }].compactMap { $0 }
    return (places.isEmpty ? "" : places.joined(separator: ", ") + ": ") + ids.joined(separator: ", ")
  }

  private func line(_ row: Int?, _ input: ReadingResult) -> (file: String, line: Int)? {
    row.flatMap { input.places.place(ofRow: $0) }
  }

  private var orderText: String {
    let order = report.order
    let keys = order.keys.map(\.rawValue).joined(separator: ", then ")
    let known = order.keys.isEmpty ? "by no known column" : "by \(keys)"
    if order.isFullyExplained { return "\(known), which says all" }
    if order.tests.isEmpty { return "\(known); too few rows to tell more" }
    let tests = order.tests.map { test in
      let p = test.p < 0.0001 ? "p < 0.0001" : "p = \(Decimals.text(test.p, digits: 4))"
      return "\(test.name.rawValue) \(Decimals.text(test.effect, digits: 3)) (\(p))"
    }
    return "\(known); beyond that \(tests.joined(separator: ", "))"
  }
}
