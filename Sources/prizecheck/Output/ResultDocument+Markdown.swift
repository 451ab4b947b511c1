import RatingBench

extension ResultDocument {
  /// For reports and comments: a heading, why, the scores and the problems as tables. Names are made harmless.
  var markdown: String {
    let (words, detail, _) = conclusion
    var blocks = ["## " + words + (detail.isEmpty ? "" : ": " + SafeText.markdown(detail))]
    if let verdict { blocks.append(SafeText.markdown(Self.sentence(verdict.reason))) }
    if let significance { blocks.append(SafeText.markdown(significance.sentence)) }
    if isUndecided { blocks.append(PrizeSignificance.undecidedNote) }
    if let table = scoreTable { blocks.append(table.markdownLines.joined(separator: "\n")) }
    for (heading, table) in details?.tables ?? [] {
      blocks.append("### " + SafeText.markdown(heading))
      blocks.append(table.markdownLines.joined(separator: "\n"))
    }
    if withheld { blocks.append(Self.withheldNote) }
    for (title, problems) in [("Errors", errors), ("Warnings", warnings)] where !problems.isEmpty {
      blocks.append("### " + title)
      blocks.append(Self.table(problems).joined(separator: "\n"))
    }
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private static func table(_ problems: [Problem]) -> [String] {
    let rows = problems.map { problem in
      [
        problem.code, problem.file, String(problem.count), problem.lines.map(String.init).joined(separator: ", "),
        problem.message,
      ].map(SafeText.markdown)
    }
    return ["| code | file | count | first lines | what to do |", "|:--|:--|--:|:--|:--|"]
      + rows.map { "| " + $0.joined(separator: " | ") + " |" }
  }
}
