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
///
/// The defaults were chosen by five-fold cross-validation inside `u1.base` of MovieLens 100K.
@dynamicMemberLookup
public struct TimeBiases: RegisteredAlgorithm, IterativeAlgorithm {
  /// Passes over the ratings, at least 1.
  public var epochs = 30
  /// The step of the first epoch; at least 0.
  public var learningRate = 0.01
  /// How the rate changes over the epochs.
  public var learningRateSchedule = LearningRateSchedule.linear
  /// Ratings without a residual that each user counts more, at least 0.
  public var biasRegularization = 5.0
  /// Ratings without a residual that each item counts more, at least 0.
  public var itemBiasRegularization = 3.0
  /// `bins`, `sessionMinutes`, `driftExponent` and the weights of what changes with time.
  public var effects = TimeEffects()

  public init() {}

  public subscript<Value>(dynamicMember property: WritableKeyPath<TimeEffects, Value>) -> Value {
    get { effects[keyPath: property] }
    set { effects[keyPath: property] = newValue }
  }

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
    ] + parameters(of: \.effects)
  }

  /// timeSVD++ without factors.
  var recipe: TimeSVDPlusPlus {
    TimeSVDPlusPlus {
      $0.factors = 0
      $0.epochs = epochs
      ($0.learningRate, $0.biasLearningRate) = (learningRate, learningRate)
      $0.learningRateSchedule = learningRateSchedule
      $0.biasRegularization = biasRegularization
      $0.itemBiasRegularization = itemBiasRegularization
      $0.effects = effects
    }
  }

  /// - Throws: `missingTimes` where the ratings have none, among others.
  /// - Complexity: O(ratings log ratings) time, O(ratings + items x bins) memory.
  public func begin(
    _ input: TrainingInput, seed: Seed, options: RunOptions
  ) throws(TrainingError) -> TimeAwareRun<TimeBiasModel> {
    try requireValidParameters()
    try input.requireRatings()
    return TimeAwareRun(try TimedDescent(recipe, input, algorithm: Self.name, seed: seed, options: options)) {
      $0.biases
    }
  }
}
