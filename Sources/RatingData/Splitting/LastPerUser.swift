import RatingNumerics

/// The last ratings of each user are the test half; ratings of one time are in random order.
///
/// A user keeps at least one rating for training, so a user with one rating has none in the test half.
public struct LastPerUser: SplittingStrategy, Hashable {
  /// Test ratings of each user, at least 1.
  public var count: Int

  public init(count: Int) { self.count = count }

  /// - Throws: where the ratings have no times.
  public func split(_ dataset: RatingDataset, seed: Seed) throws(RatingDataError) -> Split {
    guard count >= 1 else { throw unusableSplit("each user gives at least 1 test rating, got \(count)") }
    try dataset.requireTimes(for: "taking the last \(count) ratings of each user")
    let timelines = UserTimelines(dataset, seed: seed, purpose: "split.last")
    var parts = [UInt16](repeating: 0, count: dataset.count)
    for user in 0..<timelines.userCount {
      let rows = timelines[user]
      for row in rows.suffix(min(count, max(rows.count - 1, 0))) { parts[row] = 1 }
    }
    let halves = dataset.divided(parts, into: 2)
    return Split(train: halves[0], test: halves[1])
  }
}

extension SplittingStrategy where Self == LastPerUser {
  /// The last `count` ratings of each user are the test half.
  public static func lastPerUser(_ count: Int) -> LastPerUser { LastPerUser(count: count) }
}
