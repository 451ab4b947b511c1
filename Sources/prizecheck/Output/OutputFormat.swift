import ArgumentParser

/// What `--format` takes.
enum OutputFormat: String, Sendable, CaseIterable, ExpressibleByArgument {
  /// For people: the verdict first.
  case text
  /// One object, whose schema is in `Schemas/`.
  case json
  /// For reports and issue comments.
  case markdown
  /// `key,value` lines, for spreadsheets.
  case csv
  /// Annotations of GitHub Actions, and a summary.
  case github
  /// A test report, which most build servers show: one case for each file, each kind of problem, and the criterion.
  case junit
}

/// What `--reveal` takes: whose scores may be told.
enum Reveal: String, Sendable, CaseIterable, ExpressibleByArgument {
  case all
  /// The quiz rows' alone, and nothing from which a test score could be derived.
  case quiz
}

extension ResultDocument {
  /// The result in the format asked for, as it goes to standard output.
  func rendered(as format: OutputFormat, color: Bool = Console.outputHasColor) -> String {
    switch format {
    case .text: text(color: color)
    case .json: json.text + "\n"
    case .markdown: markdown
    case .csv: json.csv
    case .github: githubCommands
    case .junit: junit
    }
  }
}
