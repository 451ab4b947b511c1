import RatingData
import RatingNumerics

/// Non-negative matrix factorization by multiplicative updates: no factor is ever negative, so that each adds
/// something.
///
/// Predicts r(u, i) = lower + s x (w(u) . h(i) + a(u) + c(i)), where lower is the lower bound of the rating scale and
/// s the standard deviation of the training ratings; the factors w and h and the biases a and c are at least 0.
///
/// Objective, with e(u, i) the error in units of s and m the mean rating above `lower` in units of s:
///
///     1/2 sum over ratings of e(u, i)^2
///       + regularization / 2 x sum of (w(u, k) - z)^2 + (h(i, k) - z)^2        z = (m / 2 / factors)^(1/2)
///       + biasRegularization / 2 x sum of (a(u) - m / 4)^2 + (c(i) - m / 4)^2
///
/// that is, what nothing is known of is not 0 but an even share of the mean: w . h gives half of it and the biases the
/// other half. (With a penalty toward 0, a rarely rated item would be predicted at the bottom of the scale.)
///
/// A sweep updates all users, then all items. With x one of the factors of a row, p the factor or the 1 that it is
/// multiplied with in each of the row's ratings, and y the rating above `lower` in units of s,
///
///     x = x x (sum of p x y + weight x z) / (sum of p x prediction + weight x x)
///
/// all factors of a row from the values before. The objective never rises, and x stays positive. Rows of a sweep are
/// independent and are updated in parallel.
///
/// Sources: Lee and Seung, "Algorithms for non-negative matrix factorization", NIPS 13 (2000), for the updates; Luo,
/// Zhou, Xia and Zhu, "An efficient non-negative matrix-factorization-based approach to collaborative filtering for
/// recommender systems", IEEE Transactions on Industrial Informatics 10 (2014), doi:10.1109/TII.2014.2308433, for
/// known entries only with regularization.
public struct NonNegativeFactorization: RegisteredAlgorithm, IterativeAlgorithm {
  /// The length of the factor vectors, 1...4096.
  public var factors: Int
  /// Passes over the ratings, at least 1.
  public var sweeps: Int
  /// How strongly each factor is held to its even share, at least 0.
  public var regularization: Double
  /// How strongly each bias is held to its even share, in ratings; at least 0.
  public var biasRegularization: Double
  /// Factors begin at z x (1 + spread x a number in -1...1), 0...1; 0 leaves all factors of a row equal for ever.
  public var initialSpread: Double

  /// The defaults were chosen by cross-validation inside `u1.base` of MovieLens 100K.
  public init(
    factors: Int = 32, sweeps: Int = 150, regularization: Double = 10, biasRegularization: Double = 3,
    initialSpread: Double = 0.5
  ) {
    self.factors = factors
    self.sweeps = sweeps
    self.regularization = regularization
    self.biasRegularization = biasRegularization
    self.initialSpread = initialSpread
  }

  public init() { self.init(factors: 32) }

  public static let name = "nmf"
  public static let summary = "factors and biases that are never negative, by multiplicative updates"
  public static let paper =
    "Lee and Seung, Algorithms for non-negative matrix factorization, NIPS 13 (2000); Luo and others, IEEE Transactions "
    + "on Industrial Informatics 10 (2014), doi:10.1109/TII.2014.2308433"
  public static var parameters: [ParameterBinding<Self>] {
    let study = "cross-validation inside ml-100k u1.base (DefaultsStudy)"
    return [
      ParameterBinding(
        "factors", \.factors, in: 1...BiasedMatrixFactorization.largestFactors, "length of the factor vectors",
        source: study),
      ParameterBinding("sweeps", \.sweeps, in: 1...100_000, "passes over the ratings", source: study),
      ParameterBinding(
        "regularization", \.regularization, in: 0...1e6, "how strongly factors are held to an even share of the mean",
        source: study),
      ParameterBinding(
        "biasRegularization", \.biasRegularization, in: 0...1e6,
        "how strongly biases are held to an even share of the mean, in ratings", source: study),
      ParameterBinding(
        "initialSpread", \.initialSpread, in: 0...1, "how far factors begin from an even share of the mean",
        source: study),
    ]
  }

  /// - Complexity: O(ratings) time and memory, and O((users + items) x factors).
  public func begin(
    _ input: TrainingInput, seed: Seed, options: RunOptions
  ) throws(TrainingError) -> NonNegativeRun {
    try requireValidParameters()
    try input.requireRatings()
    return NonNegativeRun(self, input.ratings, seed: seed, options: options)
  }
}
