/// A user's ranking and which of its items are relevant: what metrics of rankings are computed from.
public struct RankedUser: Sendable, Hashable {
  /// The first items of the ranking, the best first.
  public let ranked: [UInt32]
  /// The ranks, from 1 and ascending, of the relevant items among them.
  public let hitRanks: [Int]
  /// The number of relevant items, ranked or not.
  public let relevantCount: Int
  /// The number of items that were ranked for the user.
  public let candidateCount: Int

  /// - Parameters:
  ///   - ranked: the best items first, each once; as many as the largest cut-off, or all candidates where they are fewer.
  ///   - relevant: the relevant items in any order; what is there twice counts once. Those that are no candidates count as
  ///     relevant too: no ranking could find them.
  ///   - candidateCount: the number of items that were ranked.
  /// - Precondition: there are at least as many candidates as ranked items.
  /// - Complexity: O(ranked + relevant).
  public init(ranked: [UInt32], relevant: [UInt32], candidateCount: Int) {
    precondition(
      ranked.count <= candidateCount, "\(candidateCount) candidates can't have \(ranked.count) of them ranked")
    let wanted = Set(relevant)
    self.ranked = ranked
    hitRanks = ranked.indices.filter { wanted.contains(ranked[$0]) }.map { $0 + 1 }
    relevantCount = wanted.count
    self.candidateCount = candidateCount
  }
}

/// A figure over users' rankings that can be added user by user, and merged: see `RatingMetric`.
///
/// Merging in the order of the users gives the same bytes however many threads did the parts.
public protocol RankingMetric: Sendable {
  /// The number of users that were added.
  var count: Int { get }
  /// Adds a user with at least one relevant item.
  mutating func add(_ user: RankedUser)
  /// Adds what another value of the metric was given.
  mutating func merge(_ other: Self)
  /// The figure; nil where there are no users.
  var value: Double? { get }
}
