/// Who rates what, when and how: makes the rows of users, each alone, with scores in place of stars.
protocol Audience: Sendable {
  /// The year of release of each item; nil where unknown.
  var years: [Int?] { get }

  /// Makes the rows of these users and hands them over, each user's in order of time. The rows of a user depend on
  /// nothing but (parameters, seed, user).
  func forEachUser(_ users: Range<Int>, _ body: (Int, [ScoredRow]) -> Void)
}

/// A rating before it is rounded to stars.
struct ScoredRow {
  /// From 0.
  var item: Int32
  /// From the set's first day.
  var day: Int32
  var score: Double
}
