import RatingData
import RatingNumerics

/// timeSVD++: SVD++ whose biases and user factors change with time, by stochastic gradient descent.
///
/// Predicts, with s the standard deviation of the training ratings,
///
///     r(u, i, t) = biases of `TimeBiases`
///                  + s x q(i) . (p(u) + drift(u, t) x a(u) + |N(u)|^(-1/2) x sum over j in N(u) of c(j) y(j))
///
/// N(u) and c(j) are as for `SVDPlusPlus`, and the steps of p, q and y as there, with w(u, t) the sum in parentheses.
/// The slopes take the step a(u) = (a(u) + rate x e x drift(u, t) x q(i)) / (1 + rate x factorDriftRegularization /
/// n(u)). On one thread.
///
/// A question without a time is answered by what does not depend on time.
///
/// Source: Koren, "Collaborative filtering with temporal dynamics", KDD 2009, doi:10.1145/1557019.1557072, without its
/// factors for single days.
public struct TimeSVDPlusPlus: RegisteredAlgorithm, IterativeAlgorithm {
  /// As of `SVDPlusPlus`.
  public var factors: Int
  public var epochs: Int
  public var learningRate: Double
  public var implicitLearningRate: Double
  public var biasLearningRate: Double
  public var learningRateSchedule: LearningRateSchedule
  public var regularization: Double
  public var itemRegularization: Double
  public var implicitRegularization: Double
  public var implicitDamping: Double
  public var biasRegularization: Double
  public var itemBiasRegularization: Double
  public var initialStandardDeviation: Double
  /// Ratings without a residual that the slopes of a user's factors count more, at least 0.
  public var factorDriftRegularization: Double
  /// As of `TimeBiases`.
  public var itemBinRegularization: Double
  public var binRegularization: Double
  public var sessionRegularization: Double
  public var driftRegularization: Double
  public var scaleRegularization: Double
  public var bins: Int
  public var sessionMinutes: Int
  public var driftExponent: Double

  /// The defaults were chosen by five-fold cross-validation inside `u1.base` of MovieLens 100K.
  public init(
    factors: Int = 64, epochs: Int = 20, learningRate: Double = 0.03, implicitLearningRate: Double = 0.09,
    biasLearningRate: Double = 0.01, learningRateSchedule: LearningRateSchedule = .linear,
    regularization: Double = 0.12, itemRegularization: Double = 0.05, implicitRegularization: Double = 0.005,
    implicitDamping: Double = 30,
    biasRegularization: Double = 5, itemBiasRegularization: Double = 3, initialStandardDeviation: Double = 0.02,
    factorDriftRegularization: Double = 10,
    itemBinRegularization: Double = 60, binRegularization: Double = 5, sessionRegularization: Double = 7,
    driftRegularization: Double = 10, scaleRegularization: Double = 30, bins: Int = 30, sessionMinutes: Int = 15,
    driftExponent: Double = 0.4
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
    self.factorDriftRegularization = factorDriftRegularization
    self.itemBinRegularization = itemBinRegularization
    self.binRegularization = binRegularization
    self.sessionRegularization = sessionRegularization
    self.driftRegularization = driftRegularization
    self.scaleRegularization = scaleRegularization
    self.bins = bins
    self.sessionMinutes = sessionMinutes
    self.driftExponent = driftExponent
  }

  public init() { self.init(factors: 64) }

  public static let name = "time-svd++"
  public static let summary = "svd++ with biases and user factors that change with time"
  public static let paper = TimeBiases.paper
  public static var parameters: [ParameterBinding<Self>] {
    let study = "cross-validation inside ml-100k u1.base (DefaultsStudy)"
    return [
      ParameterBinding(
        "factors", \.factors, in: 1...BiasedMatrixFactorization.largestFactors, "length of the factor vectors",
        source: "as svd++"),
      ParameterBinding("epochs", \.epochs, in: 1...100_000, "passes over the ratings", source: "as svd++"),
      ParameterBinding(
        "learningRate", \.learningRate, in: 0...1e6,
        "first epoch's step of users' and items' factors, in units of the ratings' deviation", source: "as svd++"),
      ParameterBinding(
        "implicitLearningRate", \.implicitLearningRate, in: 0...1e6, "first epoch's step of the implicit factors",
        source: "as svd++"),
      ParameterBinding(
        "biasLearningRate", \.biasLearningRate, in: 0...1e6, "first epoch's step of all biases", source: "as svd++"),
      ParameterBinding(
        "learningRateSchedule", \.learningRateSchedule, "how the rates change over the epochs", source: "as biased-mf"),
      ParameterBinding(
        "regularization", \.regularization, in: 0...1e6, "weight of the users' squared lengths for each rating",
        source: "as svd++"),
      ParameterBinding(
        "itemRegularization", \.itemRegularization, in: 0...1e6, "weight of the items' squared lengths for each rating",
        source: "as svd++"),
      ParameterBinding(
        "implicitRegularization", \.implicitRegularization, in: 0...1e6,
        "weight of the implicit factors' squared lengths for each rating", source: "as svd++"),
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
      ParameterBinding(
        "factorDriftRegularization", \.factorDriftRegularization, in: 0...1e6,
        "ratings without a residual that the slopes of a user's factors count more", source: study),
    ]
      + timeParameters(
        study: study, \.itemBinRegularization, \.binRegularization, \.sessionRegularization, \.driftRegularization,
        \.scaleRegularization, \.bins, \.sessionMinutes, \.driftExponent)
  }

  private var recipe: TimedRecipe {
    TimedRecipe(
      epochs: epochs, biasLearningRate: biasLearningRate, schedule: learningRateSchedule,
      biases: TimedBiasRegularization(
        bias: biasRegularization, itemBias: itemBiasRegularization, itemBin: itemBinRegularization,
        bin: binRegularization,
        session: sessionRegularization, drift: driftRegularization, scale: scaleRegularization),
      bins: bins, sessionMinutes: sessionMinutes, driftExponent: driftExponent,
      factors: TimedRecipe.Factors(
        count: factors, learningRate: learningRate, implicitLearningRate: implicitLearningRate,
        regularization: regularization, itemRegularization: itemRegularization,
        implicitRegularization: implicitRegularization, driftRegularization: factorDriftRegularization,
        initialStandardDeviation: initialStandardDeviation, implicitDamping: implicitDamping))
  }

  /// - Throws: `missingTimes` where the ratings have none, among others.
  /// - Complexity: O(ratings log ratings) time, O(ratings + items x bins + (users + items) x factors) memory.
  public func begin(
    _ input: TrainingInput, seed: Seed, options: RunOptions
  ) throws(TrainingError) -> TimeSVDPlusPlusRun {
    try requireValidParameters()
    try input.requireRatings()
    return TimeSVDPlusPlusRun(try TimedDescent(recipe, input, algorithm: Self.name, seed: seed, options: options))
  }
}

/// A run of `TimeSVDPlusPlus`.
public struct TimeSVDPlusPlusRun: TrainingRun {
  private var descent: TimedDescent

  init(_ descent: TimedDescent) { self.descent = descent }

  public var epochs: Int { descent.recipe.epochs }
  public var completedEpochs: Int { descent.completedEpochs }
  public mutating func step() throws(TrainingError) -> EpochResult { try descent.step() }
  public func checkpoint() -> Checkpoint { descent.checkpoint() }
  public mutating func restore(_ checkpoint: Checkpoint) throws(TrainingError) { try descent.restore(checkpoint) }

  /// - Complexity: O((ratings + users + items) x factors): the sums over N(u), in parallel.
  public func model() -> TimeFactorModel {
    let root = Float(descent.data.deviation.squareRoot())
    let users = descent.rated.users(
      descent.userFactors, plus: descent.implicitFactors, threads: descent.options.threads)
    return TimeFactorModel(
      descent.biases, userFactors: users.scaled(by: root), slopes: descent.slopes.scaled(by: root),
      itemFactors: descent.itemFactors.scaled(by: root),
      implicitFactors: descent.rated.weighted(descent.implicitFactors, scale: root))
  }
}
