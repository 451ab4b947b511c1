import RatingData
import RatingNumerics

/// SVD++: matrix factorization that also learns from who rated what, by stochastic gradient descent.
///
/// Predicts, with mu the mean and s the standard deviation of the training ratings,
///
///     r(u, i) = mu + s x (b(u) + b(i) + q(i) . (p(u) + |N(u)|^(-1/2) x sum over j in N(u) of c(j) y(j)))
///     c(j) = (m(j) / (m(j) + implicitDamping))^(1/2)
///
/// N(u) are the items that u rated in training, whatever the rating, and those of `TrainingInput.questions` where they
/// are given; m(j) counts the users u with j in N(u). c(j) is ours: without it (`implicitDamping` 0) an item that few
/// users rated stands for these users, who are then learned by heart. Learning happens in units of s, so that the same
/// settings suit any rating scale.
///
/// The step for one rating with error e, all with the values from before it, w(u) being the sum in parentheses:
///
///     p(u) += rate x (e x q(i) - regularization x p(u))
///     q(i) += rate x (e x w(u) - itemRegularization x q(i))
///     y(j) += implicitRate x (e x |N(u)|^(-1/2) x c(j) x q(i) - implicitRegularization x y(j))    for every j in N(u)
///     b(u) += biasRate x (e - biasRegularization / n(u) x b(u))                            b(i) likewise
///
/// where n counts the training ratings of the user or item; a bias is thus damped as by `biasRegularization` more
/// ratings without a residual. (The biases' decay is taken implicitly, so that it can't overshoot, and their rate is
/// at least 1 / (n + biasRegularization), so that those of few ratings arrive too.)
///
/// All y(j) of a user move in parallel, so their sum is followed as one more vector while the user's ratings pass, and
/// the y(j) take their steps once, at the end: the same numbers up to rounding, at a cost of O(factors) for each rating
/// instead of O(|N(u)| x factors). The ratings are therefore visited user by user, the users in a new random order in
/// each epoch, on one thread.
///
/// Source: Koren, "Factorization meets the neighborhood", KDD 2008, doi:10.1145/1401890.1401944, section 4.1.
public struct SVDPlusPlus: RegisteredAlgorithm, IterativeAlgorithm {
  /// The length of the factor vectors, 1...4096.
  public var factors: Int
  /// Passes over the ratings, at least 1.
  public var epochs: Int
  /// The step of the factors p and q in the first epoch; at least 0.
  public var learningRate: Double
  /// The step of the implicit factors y in the first epoch; at least 0, which leaves y at 0.
  public var implicitLearningRate: Double
  /// The step of the biases in the first epoch; at least 0.
  public var biasLearningRate: Double
  /// How the rates change over the epochs.
  public var learningRateSchedule: LearningRateSchedule
  /// The weight of the squared lengths of the users' own factors p for each rating, at least 0.
  public var regularization: Double
  /// The weight of the squared lengths of the items' factors q for each rating, at least 0.
  public var itemRegularization: Double
  /// The weight of the squared lengths of the implicit factors y, for each rating of each user that has the item in
  /// N(u); at least 0.
  public var implicitRegularization: Double
  /// How many more users without a residual each item's implicit factors count, at least 0.
  public var implicitDamping: Double
  /// Ratings without a residual that each user counts more, at least 0.
  public var biasRegularization: Double
  /// Ratings without a residual that each item counts more, at least 0.
  public var itemBiasRegularization: Double
  /// The standard deviation of the first values of q, at least 0, and not 0 where factors are to be learned; p and y
  /// begin at 0.
  public var initialStandardDeviation: Double

  /// The defaults were chosen by five-fold cross-validation inside `u1.base` of MovieLens 100K (`DefaultsStudy`
  /// in the tests runs it again).
  public init(
    factors: Int = 64, epochs: Int = 20, learningRate: Double = 0.03, implicitLearningRate: Double = 0.09,
    biasLearningRate: Double = 0.01, learningRateSchedule: LearningRateSchedule = .linear,
    regularization: Double = 0.12, itemRegularization: Double = 0.05, implicitRegularization: Double = 0.005,
    implicitDamping: Double = 30,
    biasRegularization: Double = 5, itemBiasRegularization: Double = 3, initialStandardDeviation: Double = 0.02
  ) {
    self.factors = factors
    self.epochs = epochs
    self.learningRate = learningRate
    self.implicitLearningRate = implicitLearningRate
    self.biasLearningRate = biasLearningRate
    self.learningRateSchedule = learningRateSchedule
    self.regularization = regularization
    self.itemRegularization = itemRegularization
    self.implicitRegularization = implicitRegularization
    self.implicitDamping = implicitDamping
    self.biasRegularization = biasRegularization
    self.itemBiasRegularization = itemBiasRegularization
    self.initialStandardDeviation = initialStandardDeviation
  }

  public init() { self.init(factors: 64) }

  public static let name = "svd++"
  public static let summary = "biased-mf whose users are also what they rated, whatever the rating"
  public static let paper =
    "Koren, Factorization meets the neighborhood, KDD 2008, doi:10.1145/1401890.1401944"
  public static var parameters: [ParameterBinding<Self>] {
    let study = "five-fold cross-validation inside ml-100k u1.base (DefaultsStudy)"
    return [
      ParameterBinding(
        "factors", \.factors, in: 1...BiasedMatrixFactorization.largestFactors, "length of the factor vectors",
        source: "as biased-mf"),
      ParameterBinding("epochs", \.epochs, in: 1...100_000, "passes over the ratings", source: study),
      ParameterBinding(
        "learningRate", \.learningRate, in: 0...1e6,
        "first epoch's step of users' and items' factors, in units of the ratings' deviation", source: study),
      ParameterBinding(
        "implicitLearningRate", \.implicitLearningRate, in: 0...1e6, "first epoch's step of the implicit factors",
        source: study),
      ParameterBinding(
        "biasLearningRate", \.biasLearningRate, in: 0...1e6, "first epoch's step of the biases", source: study),
      ParameterBinding(
        "learningRateSchedule", \.learningRateSchedule, "how the rates change over the epochs", source: "as biased-mf"),
      ParameterBinding(
        "regularization", \.regularization, in: 0...1e6, "weight of the users' squared lengths for each rating",
        source: study),
      ParameterBinding(
        "itemRegularization", \.itemRegularization, in: 0...1e6, "weight of the items' squared lengths for each rating",
        source: study),
      ParameterBinding(
        "implicitRegularization", \.implicitRegularization, in: 0...1e6,
        "weight of the implicit factors' squared lengths for each rating", source: study),
      ParameterBinding(
        "implicitDamping", \.implicitDamping, in: 0...1e6,
        "users without a residual that what an item adds to users counts more",
        source: study + "; without it, data of many rarely rated items is learned by heart"),
      ParameterBinding(
        "biasRegularization", \.biasRegularization, in: 0...1e6,
        "ratings without a residual that each user counts more", source: "as biases"),
      ParameterBinding(
        "itemBiasRegularization", \.itemBiasRegularization, in: 0...1e6,
        "ratings without a residual that each item counts more", source: "as biases"),
      ParameterBinding(
        "initialStandardDeviation", \.initialStandardDeviation, in: 0...1e3,
        "standard deviation of the items' first factors", source: study),
    ]
  }

  /// - Complexity: O(ratings) time and memory, and O((users + items) x factors).
  public func begin(
    _ input: TrainingInput, seed: Seed, options: RunOptions
  ) throws(TrainingError) -> SVDPlusPlusRun {
    try requireValidParameters()
    try input.requireRatings()
    return SVDPlusPlusRun(self, input, seed: seed, options: options)
  }
}
