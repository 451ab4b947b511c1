/// The rows that a prize is judged on.
///
/// A contest that tells every contestant a score after each submission splits its questions in secret: the **quiz** rows
/// give the score that is told, the **test** rows the one that decides.
public enum PrizeSet: String, Sendable, Hashable, CaseIterable {
  case all, quiz, test

  /// `all rows`, `the quiz rows`, `the test rows`.
  public var phrase: String { self == .all ? "all rows" : "the \(rawValue) rows" }
}
