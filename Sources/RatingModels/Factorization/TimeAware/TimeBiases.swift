import RatingData
import RatingNumerics

/// Biases that change with time, by stochastic gradient descent: the time-aware model without factors.
///
/// Predicts, with mu the mean and s the standard deviation of the training ratings,
///
///     r(u, i, t) = mu + s x (b(u) + slope(u) x drift(u, t) + b(u, session of t) + b(bin of t)
///                            + (1 + scale(u) + scale(u, session of t)) x (b(i) + b(i, bin of t)))
///     drift(u, t) = sign(t - t(u)) x (|t - t(u)| / span)^driftExponent
///
/// t(u) is the mean time of the user's ratings, span the time from the first to the last training rating, which is cut
/// into `bins` equal bins. A session is a stretch of `sessionMinutes`; the paper's is a day. Times count to the second.
///
/// Every number x of the model takes the step x = (x + rate x e x slope of the prediction in x) / (1 + rate x weight /
/// n), where n counts the training ratings that speak of it: it is damped as by `weight` more ratings without a
/// residual. The ratings are visited user by user, the users in a new random order in each epoch, on one thread.
///
/// A question without a time gets mu + s x (b(u) + (1 + scale(u)) x b(i)); a session without training ratings adds
/// nothing.
///
/// Source: Koren, "Collaborative filtering with temporal dynamics", KDD 2009, doi:10.1145/1557019.1557072, section 3;
/// b(bin of t) is ours.
public struct TimeBiases: RegisteredAlgorithm, IterativeAlgorithm {
  /// Passes over the ratings, at least 1.
  public var epochs: Int
  /// The step of the first epoch; at least 0.
  public var learningRate: Double
  /// How the rate changes over the epochs.
  public var learningRateSchedule: LearningRateSchedule
  /// Ratings without a residual that each user counts more, at least 0.
  public var biasRegularization: Double
  /// Ratings without a residual that each item counts more, at least 0.
  public var itemBiasRegularization: Double
  /// The same for an item in a bin.
  public var itemBinRegularization: Double
  /// The same for a bin.
  public var binRegularization: Double
  /// The same for a user's session.
  public var sessionRegularization: Double
  /// The same for the slope of a user's bias.
  public var driftRegularization: Double
  /// The same for how much of the items' biases a user takes over.
  public var scaleRegularization: Double
  /// The number of equal bins of time, 1...4096.
  public var bins: Int
  /// The length of a session in minutes, 1...527040.
  public var sessionMinutes: Int
  /// How the drift grows with the time that has passed, 0...10.
  public var driftExponent: Double

  /// The defaults were chosen by five-fold cross-validation inside `u1.base` of MovieLens 100K.
  public init(
    epochs: Int = 30, learningRate: Double = 0.01, learningRateSchedule: LearningRateSchedule = .linear,
    biasRegularization: Double = 5, itemBiasRegularization: Double = 3, itemBinRegularization: Double = 60,
    binRegularization: Double = 5,
    sessionRegularization: Double = 7, driftRegularization: Double = 10, scaleRegularization: Double = 30,
    bins: Int = 30, sessionMinutes: Int = 15, driftExponent: Double = 0.4
  ) {
    self.epochs = epochs
    self.learningRate = learningRate
    self.learningRateSchedule = learningRateSchedule
    self.biasRegularization = biasRegularization
    self.itemBiasRegularization = itemBiasRegularization
    self.itemBinRegularization = itemBinRegularization
    self.binRegularization = binRegularization
    self.sessionRegularization = sessionRegularization
    self.driftRegularization = driftRegularization
    self.scaleRegularization = scaleRegularization
    self.bins = bins
    self.sessionMinutes = sessionMinutes
    self.driftExponent = driftExponent
  }

  public init() { self.init(epochs: 30) }

  public static let name = "time-biases"
  public static let summary = "biases of items in bins of time, and of users that drift and have sessions"
  public static let paper =
    "Koren, Collaborative filtering with temporal dynamics, KDD 2009, doi:10.1145/1557019.1557072"
  public static var parameters: [ParameterBinding<Self>] {
    let study = "cross-validation inside ml-100k u1.base (DefaultsStudy)"
    return [
      ParameterBinding("epochs", \.epochs, in: 1...100_000, "passes over the ratings", source: study),
      ParameterBinding(
        "learningRate", \.learningRate, in: 0...1e6, "step of the first epoch, in units of the ratings' deviation",
        source: study),
      ParameterBinding(
        "learningRateSchedule", \.learningRateSchedule, "how the rate changes over the epochs", source: "as biased-mf"),
      ParameterBinding(
        "biasRegularization", \.biasRegularization, in: 0...1e6,
        "ratings without a residual that each user counts more", source: "as biases"),
      ParameterBinding(
        "itemBiasRegularization", \.itemBiasRegularization, in: 0...1e6,
        "ratings without a residual that each item counts more", source: "as biases"),
    ]
      + timeParameters(
        study: study, \.itemBinRegularization, \.binRegularization, \.sessionRegularization,
        \.driftRegularization, \.scaleRegularization, \.bins, \.sessionMinutes, \.driftExponent)
  }

  var recipe: TimedRecipe {
    TimedRecipe(
      epochs: epochs, biasLearningRate: learningRate, schedule: learningRateSchedule,
      biases: TimedBiasRegularization(
        bias: biasRegularization, itemBias: itemBiasRegularization, itemBin: itemBinRegularization,
        bin: binRegularization,
        session: sessionRegularization, drift: driftRegularization, scale: scaleRegularization),
      bins: bins, sessionMinutes: sessionMinutes, driftExponent: driftExponent, factors: nil)
  }

  /// - Throws: `missingTimes` where the ratings have none, among others.
  /// - Complexity: O(ratings log ratings) time, O(ratings + items x bins) memory.
  public func begin(
    _ input: TrainingInput, seed: Seed, options: RunOptions
  ) throws(TrainingError) -> TimeBiasesRun {
    try requireValidParameters()
    try input.requireRatings()
    return TimeBiasesRun(try TimedDescent(recipe, input, algorithm: Self.name, seed: seed, options: options))
  }
}

/// A run of `TimeBiases`.
public struct TimeBiasesRun: TrainingRun {
  private var descent: TimedDescent

  init(_ descent: TimedDescent) { self.descent = descent }

  public var epochs: Int { descent.recipe.epochs }
  public var completedEpochs: Int { descent.completedEpochs }
  public mutating func step() throws(TrainingError) -> EpochResult { try descent.step() }
  /// - Complexity: O(users + items x bins + sessions): a copy.
  public func model() -> TimeBiasModel { descent.biases }
  public func checkpoint() -> Checkpoint { descent.checkpoint() }
  public mutating func restore(_ checkpoint: Checkpoint) throws(TrainingError) { try descent.restore(checkpoint) }
}

extension RegisteredAlgorithm {
  /// What the time-aware algorithms have in common.
  static func timeParameters(
    study: String, _ itemBin: WritableKeyPath<Self, Double> & Sendable, _ bin: WritableKeyPath<Self, Double> & Sendable,
    _ session: WritableKeyPath<Self, Double> & Sendable, _ drift: WritableKeyPath<Self, Double> & Sendable,
    _ scale: WritableKeyPath<Self, Double> & Sendable, _ bins: WritableKeyPath<Self, Int> & Sendable,
    _ minutes: WritableKeyPath<Self, Int> & Sendable, _ exponent: WritableKeyPath<Self, Double> & Sendable
  ) -> [ParameterBinding<Self>] {
    [
      ParameterBinding(
        "itemBinRegularization", itemBin, in: 0...1e6,
        "ratings without a residual that an item in a bin of time counts more", source: study),
      ParameterBinding(
        "binRegularization", bin, in: 0...1e6, "ratings without a residual that a bin of time counts more",
        source: study),
      ParameterBinding(
        "sessionRegularization", session, in: 0...1e6,
        "ratings without a residual that a user's session counts more", source: study),
      ParameterBinding(
        "driftRegularization", drift, in: 0...1e6,
        "ratings without a residual that the slope of a user's bias counts more", source: study),
      ParameterBinding(
        "scaleRegularization", scale, in: 0...1e6,
        "ratings without a residual that a user's scale of the items' biases counts more", source: study),
      ParameterBinding("bins", bins, in: 1...TimeBiasModel.largestBins, "bins of time for the items", source: study),
      ParameterBinding(
        "sessionMinutes", minutes, in: 1...TimeBiasModel.largestSessionMinutes, "length of a user's session",
        source: study + "; the paper's is a day, 1440"),
      ParameterBinding(
        "driftExponent", exponent, in: 0...10, "how a user's drift grows with time", source: "the paper's"),
    ]
  }
}
