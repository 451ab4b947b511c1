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
///
/// The defaults were chosen by five-fold cross-validation inside `u1.base` of MovieLens 100K.
public struct TimeSVDPlusPlus: ImplicitAlgorithm {
  /// What it has in common with SVD++.
  public var base = SVDPlusPlus()
  /// Ratings without a residual that the slopes of a user's factors count more, at least 0.
  public var factorDriftRegularization = 10.0
  /// `bins`, `sessionMinutes`, `driftExponent` and the weights of what changes with time in the biases.
  public var effects = TimeEffects()

  public init() {}

  public var descent: ImplicitDescent {
    get { base.descent }
    set { base.descent = newValue }
  }

  /// The weight of the squared lengths of the users' own factors p for each rating, at least 0.
  public var regularization: Double {
    get { base.regularization }
    set { base.regularization = newValue }
  }

  public subscript<Value>(dynamicMember property: WritableKeyPath<TimeEffects, Value>) -> Value {
    get { effects[keyPath: property] }
    set { effects[keyPath: property] = newValue }
  }

  public static let name = "time-svd++"
  public static let summary = "svd++ with biases and user factors that change with time"
  public static let paper = TimeBiases.paper
  public static var parameters: [ParameterBinding<Self>] {
    parameters(
      of: \.base, documentation: ["biasLearningRate": "first epoch's step of all biases"],
      sources: [
        "as svd++": [
          "factors", "epochs", "learningRate", "implicitLearningRate", "biasLearningRate", "regularization",
          "itemRegularization", "implicitRegularization", "implicitDamping", "initialStandardDeviation",
        ]
      ])
      + [
        ParameterBinding(
          "factorDriftRegularization", \.factorDriftRegularization, in: 0...1e6,
          "ratings without a residual that the slopes of a user's factors count more",
          source: "cross-validation inside ml-100k u1.base (DefaultsStudy)")
      ] + parameters(of: \.effects)
  }

  /// - Throws: `missingTimes` where the ratings have none, among others.
  /// - Complexity: O(ratings log ratings) time, O(ratings + items x bins + (users + items) x factors) memory.
  public func begin(
    _ input: TrainingInput, seed: Seed, options: RunOptions
  ) throws(TrainingError) -> TimeAwareRun<TimeFactorModel> {
    try requireValidParameters()
    try input.requireRatings()
    return TimeAwareRun(try TimedDescent(self, input, algorithm: Self.name, seed: seed, options: options)) {
      $0.model
    }
  }
}
