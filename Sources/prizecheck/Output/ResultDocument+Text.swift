import RatingBench

extension ResultDocument {
  /// For people: the verdict, why, the scores, then errors and warnings.
  func text(color: Bool = Console.outputHasColor) -> String {
    var blocks = [headline(color: color)]
    if let verdict { blocks[0] += "\n" + SafeText.line(Self.sentence(verdict.reason)) }
    if let significance { blocks[0] += "\n" + significance.sentence }
    if isUndecided { blocks[0] += "\n" + PrizeSignificance.undecidedNote }
    if let table = scoreTable { blocks.append(table.lines.joined(separator: "\n")) }
    for (heading, table) in details?.tables ?? [] {
      blocks.append(heading + "\n" + table.lines.joined(separator: "\n"))
    }
    if withheld { blocks.append(Self.withheldNote) }
    if !problems.isEmpty {
      blocks.append((errors + warnings).map { SafeText.line($0.description) }.joined(separator: "\n"))
    }
    return blocks.joined(separator: "\n\n") + "\n"
  }

  static let withheldNote = "Only the quiz score is told here; what tells more about the test rows is withheld."

  private func headline(color: Bool) -> String {
    let (words, detail, good) = conclusion
    let style = good.map { $0 ? "\u{1b}[1;32m" : "\u{1b}[1;31m" } ?? "\u{1b}[1m"
    let shown = color ? "\(style)\(words)\u{1b}[0m" : words
    return detail.isEmpty ? shown : "\(shown)  \(SafeText.line(detail))"
  }

  /// What the result is in a word or two, of what, and whether that is good news; nil where it is neither.
  var conclusion: (words: String, detail: String, good: Bool?) {
    let file = inputs.first { $0.role == .predictions }?.file ?? inputs.first?.file ?? ""
    if !isValid {
      let kinds = errors.count == 1 ? "1 kind of error" : "\(errors.count) kinds of errors"
      let files = Set(errors.map(\.file))
      let place = files.count == 1 ? files.first! : "\(files.count) files"
      return ("NOT VALID", "\(place): \(kinds); nothing was scored", false)
    }
    if let verdict, let criterion {
      let percent = "\(verdict.percent)% (\(verdict.roundedScore), threshold \(criterion.threshold))"
      return verdict.qualifies
        ? ("QUALIFIES", "\(criterion.name): \(percent)", true)
        : ("DOES NOT QUALIFY", "\(criterion.name): \(percent)", false)
    }
    if let scores = scores[.all] ?? scores[.quiz] {
      return ("RMSE \(scores.roundedRMSE(decimals: decimals))", file, nil)
    }
    return withheld ? ("WITHHELD", file, nil) : ("VALID", file, true)
  }

  /// With a capital letter and a full stop.
  static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() + "." }
}
