import RatingNumerics

/// `count` ratings of each user are for training, all others are the test half: how well are users served of whom little is
/// known?
///
/// A user with `count` ratings or fewer has none in the test half.
///
/// What leaks: with `.random`, ratings that the user gave after the one in question; with both, ratings that other users
/// gave after it. Users with many ratings weigh more in the test half than they do in the data.
///
/// Source: Breese, Heckerman and Kadie, "Empirical analysis of predictive algorithms for collaborative filtering",
/// UAI 1998, arXiv:1301.7363 ("Given 2, 5, 10").
public struct GivenPerUser: SplittingStrategy, Hashable {
  /// Training ratings of each user, at least 1.
  public var count: Int
  /// Which ratings are held out: any, or all after the first `count`. Default: any.
  public var heldOut: HeldOutRatings

  public init(count: Int, heldOut: HeldOutRatings = .random) {
    self.count = count
    self.heldOut = heldOut
  }

  /// - Throws: where the ratings have no times and the last ones are to be held out.
  public func split(_ dataset: RatingDataset, seed: Seed) throws(RatingDataError) -> Split {
    guard count >= 1 else { throw unusableSplit("each user is given at least 1 training rating, got \(count)") }
    return try dataset.dividingUsers(
      holdingOut: heldOut, for: "training on the first \(count) ratings of each user", seed: seed,
      purpose: "split.given"
    ) { min($0, count) }
  }
}

extension SplittingStrategy where Self == GivenPerUser {
  /// `count` ratings of each user are for training, all others are the test half.
  public static func given(_ count: Int, heldOut: HeldOutRatings = .random) -> GivenPerUser {
    GivenPerUser(count: count, heldOut: heldOut)
  }
}
