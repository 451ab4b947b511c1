import RatingData
import RatingNumerics

/// Matrix factorization with biases, learned by stochastic gradient descent.
///
/// Predicts r(u, i) = mu + s x (b(u) + b(i) + p(u) . q(i)), where mu is the mean and s the standard deviation of the
/// training ratings: learning happens in units of s, so that the same settings suit any rating scale.
///
/// Objective, with e(u, i) the error in units of s:
///
///     1/2 sum over ratings of [ e(u, i)^2 + biasRegularization x (b(u)^2 + b(i)^2)
///                               + regularization x (|p(u)|^2 + |q(i)|^2) ]
///     + 1/2 userBiasDamping x sum of b(u)^2 + 1/2 itemBiasDamping x sum of b(i)^2
///
/// so that a user's factors are held back in proportion to the user's ratings, and biases also as if there were
/// so many more ratings without error: who has few ratings hardly differs from the mean. The step for one rating, all
/// with the values from before it, where the user has n(u) ratings:
///
///     b(u) += rate x (e - (biasRegularization + userBiasDamping / n(u)) x b(u))         b(i) likewise
///     p(u) += rate x (e x q(i) - regularization x p(u))       q(i) += rate x (e x p(u) - regularization x q(i))
///
/// Users and items are put in random orders and cut into a grid of blocks (`RatingGrid`). An epoch visits the blocks in an
/// order that is new each time, a function of (seed, epoch) alone; two threads never learn from blocks that share users
/// or items. The model is the same bytes for any number of threads. Factors begin as draws from a normal distribution;
/// those of users and items without training ratings are 0.
///
/// Ratings of more than 65,536 different values are rounded to as many levels at equal distances, off by at most
/// 1/131,070 of their range; all others are learned as they are. Where the regularization of a bias is so large that a
/// step at the first rate would take it beyond 0, it is the largest that does not.
///
/// Each part can be switched off: the mean (the ratings are then learned as they are), the users' biases, the items'
/// biases. With `isNonNegative`, factors that a step would make negative become 0.
///
/// Source: Koren, Bell and Volinsky, "Matrix factorization techniques for recommender systems", Computer 42 (2009),
/// doi:10.1109/MC.2009.263.
public struct BiasedMatrixFactorization: RegisteredAlgorithm, IterativeAlgorithm {
  /// The largest number of factors that is allowed.
  public static let largestFactors = 4096

  /// The length of the factor vectors, 1...4096. More fit finer taste and cost time in proportion.
  public var factors: Int
  /// Passes over the ratings, at least 1.
  public var epochs: Int
  /// The step of the first epoch; at least 0.
  public var learningRate: Double
  /// How the rate changes over the epochs.
  public var learningRateSchedule: LearningRateSchedule
  /// The decay of the schedule `inverse`, at least 0; the others ignore it.
  public var learningRateDecay: Double
  /// The weight of the factors' squared lengths for each rating, at least 0.
  public var regularization: Double
  /// The weight of the squared biases for each rating, at least 0.
  public var biasRegularization: Double
  /// The weight of the squared bias of a user, however many ratings it has; at least 0.
  public var userBiasDamping: Double
  /// The weight of the squared bias of an item, however many ratings it has; at least 0.
  public var itemBiasDamping: Double
  /// The standard deviation of the factors' first values, in units of the square root of s; at least 0, and not 0
  /// where factors are to be learned. Small values regularize: factors grow one after the other out of almost nothing.
  /// Too small ones, with a low rate or few epochs, leave them there, and the model is no better than its biases.
  public var initialStandardDeviation: Double
  /// Whether predictions begin with the mean of the training ratings, else with 0.
  public var usesMean: Bool
  /// Whether there are biases of users.
  public var usesUserBiases: Bool
  /// Whether there are biases of items.
  public var usesItemBiases: Bool
  /// Whether factors may not be negative.
  public var isNonNegative: Bool

  /// The defaults were chosen by five-fold cross-validation inside `u1.base` of MovieLens 100K (`DefaultsStudy` in
  /// the tests runs it again); among those that differ by less than 0.001 there, stronger regularization, which suits
  /// sparser ratings.
  public init(
    factors: Int = 64, epochs: Int = 20, learningRate: Double = 0.06,
    learningRateSchedule: LearningRateSchedule = .linear, learningRateDecay: Double = 0.1,
    regularization: Double = 0.075, biasRegularization: Double = 0, userBiasDamping: Double = 8,
    itemBiasDamping: Double = 2, initialStandardDeviation: Double = 0.005,
    usesMean: Bool = true, usesUserBiases: Bool = true, usesItemBiases: Bool = true, isNonNegative: Bool = false
  ) {
    self.factors = factors
    self.epochs = epochs
    self.learningRate = learningRate
    self.learningRateSchedule = learningRateSchedule
    self.learningRateDecay = learningRateDecay
    self.regularization = regularization
    self.biasRegularization = biasRegularization
    self.userBiasDamping = userBiasDamping
    self.itemBiasDamping = itemBiasDamping
    self.initialStandardDeviation = initialStandardDeviation
    self.usesMean = usesMean
    self.usesUserBiases = usesUserBiases
    self.usesItemBiases = usesItemBiases
    self.isNonNegative = isNonNegative
  }

  public init() { self.init(factors: 64) }

  public static let name = "biased-mf"
  public static let summary = "biases plus the product of user and item factors, by stochastic gradient descent"
  public static let paper =
    "Koren, Bell and Volinsky, Matrix factorization techniques for recommender systems, Computer 42 (2009), "
    + "doi:10.1109/MC.2009.263"
  public static var parameters: [ParameterBinding<Self>] {
    let study = "five-fold cross-validation inside ml-100k u1.base (DefaultsStudy)"
    return [
      ParameterBinding(
        "factors", \.factors, in: 1...largestFactors, "length of the factor vectors",
        source: "a whole number of vector registers; 32 to 128 differ little on ml-100k"),
      ParameterBinding("epochs", \.epochs, in: 1...100_000, "passes over the ratings", source: study),
      ParameterBinding(
        "learningRate", \.learningRate, in: 0...1e6, "step of the first epoch, in units of the ratings' deviation",
        source: study),
      ParameterBinding(
        "learningRateSchedule", \.learningRateSchedule, "how the rate changes over the epochs", source: study),
      ParameterBinding(
        "learningRateDecay", \.learningRateDecay, in: 0...1e6, "decay of the schedule inverse",
        source: "halves the rate after ten epochs"),
      ParameterBinding(
        "regularization", \.regularization, in: 0...1e6, "weight of the factors' squared lengths for each rating",
        source: study),
      ParameterBinding(
        "biasRegularization", \.biasRegularization, in: 0...1e6, "weight of the squared biases for each rating",
        source: study),
      ParameterBinding(
        "userBiasDamping", \.userBiasDamping, in: 0...1e6, "weight of a user's squared bias, however many its ratings",
        source: study),
      ParameterBinding(
        "itemBiasDamping", \.itemBiasDamping, in: 0...1e6, "weight of an item's squared bias, however many its ratings",
        source: study),
      ParameterBinding(
        "initialStandardDeviation", \.initialStandardDeviation, in: 0...1e3,
        "standard deviation of the factors' first values", source: study),
      ParameterBinding("usesMean", \.usesMean, "whether predictions begin with the mean rating", source: paper),
      ParameterBinding("usesUserBiases", \.usesUserBiases, "whether users have biases", source: paper),
      ParameterBinding("usesItemBiases", \.usesItemBiases, "whether items have biases", source: paper),
      ParameterBinding("isNonNegative", \.isNonNegative, "whether factors may not be negative", source: paper),
    ]
  }

  /// - Complexity: O(ratings) time and memory, and O((users + items) x factors).
  public func begin(
    _ input: TrainingInput, seed: Seed, options: RunOptions
  ) throws(TrainingError) -> BiasedFactorRun {
    try requireValidParameters()
    try input.requireRatings()
    return BiasedFactorRun(self, input.ratings, seed: seed, options: options)
  }
}
