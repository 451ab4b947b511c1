import RatingNumerics

/// All but `count` ratings of each user are for training; those `count` are the test half.
///
/// A user keeps at least one rating for training, so a user with one rating has none in the test half. With one rating
/// held out this is leave-one-out (`LeaveOneOut`); with `.last` it is what `LastPerUser` does.
///
/// What leaks: with `.random`, ratings that the user gave after the one in question; with both, ratings that other users
/// gave after it.
///
/// Source: Breese, Heckerman and Kadie, "Empirical analysis of predictive algorithms for collaborative filtering",
/// UAI 1998, arXiv:1301.7363 ("All but 1").
public struct AllButPerUser: SplittingStrategy, Hashable {
  /// Test ratings of each user, at least 1.
  public var count: Int
  /// Which ratings are held out. Default: any.
  public var heldOut: HeldOutRatings

  public init(count: Int, heldOut: HeldOutRatings = .random) {
    self.count = count
    self.heldOut = heldOut
  }

  /// - Throws: where the ratings have no times and the last ones are to be held out.
  public func split(_ dataset: RatingDataset, seed: Seed) throws(RatingDataError) -> Split {
    guard count >= 1 else { throw unusableSplit("each user gives at least 1 test rating, got \(count)") }
    return try dataset.dividingUsers(
      holdingOut: heldOut, for: "holding out the last \(count) ratings of each user", seed: seed,
      purpose: heldOut == .last ? "split.last" : "split.all-but"
    ) { max($0 - count, min($0, 1)) }
  }
}

/// One rating of each user is the test half: each user counts the same, and keeps as much for training as can be.
///
/// The random stream is that of `AllButPerUser(count: 1)`. What leaks is said there.
public struct LeaveOneOut: SplittingStrategy, Hashable {
  /// Which rating is held out. Default: the last.
  public var heldOut: HeldOutRatings

  public init(heldOut: HeldOutRatings = .last) { self.heldOut = heldOut }

  /// - Throws: where the ratings have no times and the last one is to be held out.
  public func split(_ dataset: RatingDataset, seed: Seed) throws(RatingDataError) -> Split {
    try AllButPerUser(count: 1, heldOut: heldOut).split(dataset, seed: seed)
  }
}

extension SplittingStrategy where Self == AllButPerUser {
  /// All but `count` ratings of each user are for training.
  public static func allBut(_ count: Int, heldOut: HeldOutRatings = .random) -> AllButPerUser {
    AllButPerUser(count: count, heldOut: heldOut)
  }
}

extension SplittingStrategy where Self == LeaveOneOut {
  /// One rating of each user is the test half.
  public static func leaveOneOut(_ heldOut: HeldOutRatings = .last) -> LeaveOneOut { LeaveOneOut(heldOut: heldOut) }
}
