/// Ratings whose users and items are indices into the vocabularies of another data set.
public struct ReindexedRatings: Sendable, Hashable {
  /// `RatingPairs.unknown` for users and items that those vocabularies lack.
  public let pairs: RatingPairs
  /// One for each pair.
  public let ratings: [Float]
}

extension RatingDataset {
  /// These ratings in the indices of other vocabularies, such as those of a model, in the same order.
  ///
  /// - Complexity: O(ratings + ids x log ids).
  public func reindexed(to target: Vocabularies) -> ReindexedRatings {
    func translation(_ source: Vocabulary, _ target: Vocabulary) -> [UInt32] {
      (0..<source.count).map { target.index(of: source[$0]).map(UInt32.init) ?? RatingPairs.unknown }
    }
    let users = translation(vocabularies.users, target.users)
    let items = translation(vocabularies.items, target.items)
    return withUnsafeColumns { columns in
      ReindexedRatings(
        pairs: RatingPairs(
          users: columns.users.map { users[Int($0)] }, items: columns.items.map { items[Int($0)] },
          times: columns.times.map { Array($0) }),
        ratings: Array(columns.ratings))
    }
  }
}
