import RatingNumerics

/// The last ratings of each user are the test half; ratings of one time are in random order. The same as `AllButPerUser` with
/// `heldOut: .last`.
///
/// A user keeps at least one rating for training, so a user with one rating has none in the test half.
///
/// What leaks: nothing that the user did later, but what others did later. So a model knows ratings of an item that nobody
/// had given yet, and even items that there were not yet (Ji, Sun, Zhang and Li, "A critical study on data leakage in
/// recommender system offline evaluation", ACM Transactions on Information Systems 41, 2023, doi:10.1145/3569930).
public struct LastPerUser: SplittingStrategy, Hashable {
  /// Test ratings of each user, at least 1.
  public var count: Int

  public init(count: Int) { self.count = count }

  /// - Throws: where the ratings have no times.
  public func split(_ dataset: RatingDataset, seed: Seed) throws(RatingDataError) -> Split {
    try AllButPerUser(count: count, heldOut: .last).split(dataset, seed: seed)
  }
}

extension SplittingStrategy where Self == LastPerUser {
  /// The last `count` ratings of each user are the test half.
  public static func lastPerUser(_ count: Int) -> LastPerUser { LastPerUser(count: count) }
}
