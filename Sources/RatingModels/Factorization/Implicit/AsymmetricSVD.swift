import RatingData
import RatingNumerics

/// Asymmetric SVD: a user is what the user rated, and how; there are no factors of users, by stochastic gradient
/// descent.
///
/// Predicts, with mu the mean and s the standard deviation of the training ratings,
///
///     r(u, i) = mu + s x (b(u) + b(i) + q(i) . w(u))
///     w(u) = |R(u)|^(-1/2) x sum over j in R(u) of (r(u, j) - b(u, j)) / s x c(j) x(j)
///          + |N(u)|^(-1/2) x sum over j in N(u) of c(j) y(j)
///
/// R(u) are the items that u rated in training; N(u) are these, and those of `TrainingInput.questions` where they are
/// given. b(u, j) is the prediction of `DampedBiases` with its defaults, fitted once beforehand. The steps are those of
/// `SVDPlusPlus`, whose c(j) these are, with x(j) beside y(j), at the same rate and regularization, and without p;
/// O(factors) for each rating.
///
/// A new user, or one who rates more, needs no training: the model makes w(u) from the ratings
/// (`AsymmetricFactorModel.userFactors(ofRated:)`). It is a little less accurate than SVD++.
///
/// Source: Koren, "Factorization meets the neighborhood", KDD 2008, doi:10.1145/1401890.1401944, section 4.2.
public struct AsymmetricSVD: RegisteredAlgorithm, IterativeAlgorithm {
  /// The length of the factor vectors, 1...4096.
  public var factors: Int
  /// Passes over the ratings, at least 1.
  public var epochs: Int
  /// The step of the items' factors q in the first epoch; at least 0.
  public var learningRate: Double
  /// The step of x and y in the first epoch; at least 0.
  public var implicitLearningRate: Double
  /// The step of the biases in the first epoch; at least 0.
  public var biasLearningRate: Double
  /// How the rates change over the epochs.
  public var learningRateSchedule: LearningRateSchedule
  /// The weight of the squared lengths of q for each rating, at least 0.
  public var itemRegularization: Double
  /// The weight of the squared lengths of x and y, for each rating of each user who rated the item; at least 0.
  public var implicitRegularization: Double
  /// How many more users without a residual each item's implicit factors count, at least 0.
  public var implicitDamping: Double
  /// Ratings without a residual that each user counts more, at least 0.
  public var biasRegularization: Double
  /// Ratings without a residual that each item counts more, at least 0.
  public var itemBiasRegularization: Double
  /// The standard deviation of the first values of q, at least 0, and not 0 where factors are to be learned; x and y
  /// begin at 0.
  public var initialStandardDeviation: Double

  /// The defaults were chosen by five-fold cross-validation inside `u1.base` of MovieLens 100K.
  public init(
    factors: Int = 64, epochs: Int = 20, learningRate: Double = 0.03, implicitLearningRate: Double = 0.09,
    biasLearningRate: Double = 0.01, learningRateSchedule: LearningRateSchedule = .linear,
    itemRegularization: Double = 0.05, implicitRegularization: Double = 0.005, implicitDamping: Double = 30,
    biasRegularization: Double = 5, itemBiasRegularization: Double = 3,
    initialStandardDeviation: Double = 0.02
  ) {
    self.factors = factors
    self.epochs = epochs
    self.learningRate = learningRate
    self.implicitLearningRate = implicitLearningRate
    self.biasLearningRate = biasLearningRate
    self.learningRateSchedule = learningRateSchedule
    self.itemRegularization = itemRegularization
    self.implicitRegularization = implicitRegularization
    self.implicitDamping = implicitDamping
    self.biasRegularization = biasRegularization
    self.itemBiasRegularization = itemBiasRegularization
    self.initialStandardDeviation = initialStandardDeviation
  }

  public init() { self.init(factors: 64) }

  public static let name = "asymmetric-svd"
  public static let summary =
    "factorization whose users are the items that they rated, and how: no retraining for new users"
  public static let paper = SVDPlusPlus.paper
  public static var parameters: [ParameterBinding<Self>] {
    let study = "five-fold cross-validation inside ml-100k u1.base (DefaultsStudy)"
    return [
      ParameterBinding(
        "factors", \.factors, in: 1...BiasedMatrixFactorization.largestFactors, "length of the factor vectors",
        source: "as svd++"),
      ParameterBinding("epochs", \.epochs, in: 1...100_000, "passes over the ratings", source: study),
      ParameterBinding(
        "learningRate", \.learningRate, in: 0...1e6,
        "first epoch's step of the items' factors, in units of the ratings' deviation", source: study),
      ParameterBinding(
        "implicitLearningRate", \.implicitLearningRate, in: 0...1e6,
        "first epoch's step of what rated items add to users", source: study),
      ParameterBinding(
        "biasLearningRate", \.biasLearningRate, in: 0...1e6, "first epoch's step of the biases", source: "as svd++"),
      ParameterBinding(
        "learningRateSchedule", \.learningRateSchedule, "how the rates change over the epochs", source: "as biased-mf"),
      ParameterBinding(
        "itemRegularization", \.itemRegularization, in: 0...1e6, "weight of the items' squared lengths for each rating",
        source: study),
      ParameterBinding(
        "implicitRegularization", \.implicitRegularization, in: 0...1e6,
        "weight of the squared lengths of what rated items add to users", source: study),
      ParameterBinding(
        "implicitDamping", \.implicitDamping, in: 0...1e6,
        "users without a residual that what an item adds to users counts more",
        source: "as svd++"),
      ParameterBinding(
        "biasRegularization", \.biasRegularization, in: 0...1e6,
        "ratings without a residual that each user counts more", source: "as biases"),
      ParameterBinding(
        "itemBiasRegularization", \.itemBiasRegularization, in: 0...1e6,
        "ratings without a residual that each item counts more", source: "as biases"),
      ParameterBinding(
        "initialStandardDeviation", \.initialStandardDeviation, in: 0...1e3,
        "standard deviation of the items' first factors", source: "as svd++"),
    ]
  }

  /// - Complexity: O(ratings) time and memory, and O((users + items) x factors).
  public func begin(
    _ input: TrainingInput, seed: Seed, options: RunOptions
  ) throws(TrainingError) -> AsymmetricSVDRun {
    try requireValidParameters()
    try input.requireRatings()
    let quiet = RunOptions(threads: options.threads, cancellation: options.cancellation)
    let biases = try DampedBiases().fit(to: TrainingInput(input.ratings), seed: seed, options: quiet)
    return AsymmetricSVDRun(self, input, biases: biases, seed: seed, options: options)
  }
}
