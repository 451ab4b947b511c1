import RatingBench

extension ResultDocument {
  /// One suite for each file: a case for each kind of problem, named by its code, or one that passes where there is no
  /// error. Warnings pass, and tell what they are about. A criterion is a suite of its own, with the case `qualifies`.
  var junit: String {
    var files: [String] = []
    for file in inputs.map(\.file) + problems.map(\.file) where !files.contains(file) { files.append(file) }
    var suites = files.map { file in
      let role = inputs.first { $0.file == file }?.role.rawValue ?? "input"
      let found = problems.filter { $0.file == file }
      var cases = found.map { $0.junitCase(group: "\(Tool.name).\(role)") }
      if !found.contains(where: { $0.severity == .error }) {
        cases.insert(
          JUnitReport.Case(
            group: "\(Tool.name).\(role)", name: "valid", file: file, note: role == "predictions" ? scoreNote : nil),
          at: 0)
      }
      return JUnitReport.Suite(name: file, cases: cases)
    }
    if let verdict, let criterion {
      let reason = Self.sentence(verdict.reason)
      let notes =
        [reason] + (significance.map { [$0.sentence] } ?? []) + (isUndecided ? [PrizeSignificance.undecidedNote] : [])
      let failure =
        verdict.qualifies && !isUndecided
        ? nil
        : JUnitReport.Failure(
          type: verdict.qualifies ? "undecided" : "does-not-qualify",
          message: verdict.qualifies ? PrizeSignificance.undecidedNote : reason, detail: notes.joined(separator: " "))
      suites.append(
        JUnitReport.Suite(
          name: criterion.name,
          cases: [
            JUnitReport.Case(
              group: "\(Tool.name).criterion", name: "qualifies", failure: failure, note: notes.joined(separator: " "))
          ]))
    }
    return JUnitReport(suites: suites).xml
  }
}

extension ResultDocument {
  /// The scores on one line; nil where there are none.
  fileprivate var scoreNote: String? {
    let notes = PrizeSet.allCases.compactMap { set in scores[set].map { "\(set.phrase): \($0)" } }
    return notes.isEmpty ? nil : notes.joined(separator: "; ")
  }
}

extension Problem {
  fileprivate func junitCase(group: String) -> JUnitReport.Case {
    JUnitReport.Case(
      group: group, name: code, file: file, line: lines.first,
      failure: severity == .error ? JUnitReport.Failure(type: code, message: message, detail: description) : nil,
      note: description)
  }
}
