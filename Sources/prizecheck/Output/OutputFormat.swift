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
}

/// What `--reveal` takes: whose scores may be told.
enum Reveal: String, Sendable, CaseIterable, ExpressibleByArgument {
  case all
  /// The quiz rows' alone, and nothing from which a test score could be derived.
  case quiz
}
