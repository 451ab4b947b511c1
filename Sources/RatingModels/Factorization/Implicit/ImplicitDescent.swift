/// What `SVDPlusPlus`, `AsymmetricSVD` and `TimeSVDPlusPlus` have in common: how stochastic gradient descent learns the
/// items' factors q, the implicit factors and the biases.
///
/// The defaults were chosen by five-fold cross-validation inside `u1.base` of MovieLens 100K (`DefaultsStudy` in the
/// tests runs it again).
public struct ImplicitDescent: HyperParameters, Hashable {
  /// The length of the factor vectors, 1...4096.
  public var factors = 64
  /// Passes over the ratings, at least 1.
  public var epochs = 20
  /// The step of the factors q, and of the users' own factors p where there are any, in the first epoch; at least 0.
  public var learningRate = 0.03
  /// The step of the implicit factors in the first epoch; at least 0, which leaves them at 0.
  public var implicitLearningRate = 0.09
  /// The step of the biases in the first epoch; at least 0.
  public var biasLearningRate = 0.01
  /// How the rates change over the epochs.
  public var learningRateSchedule = LearningRateSchedule.linear
  /// The weight of the squared lengths of q for each rating, at least 0.
  public var itemRegularization = 0.05
  /// The weight of the squared lengths of the implicit factors, for each rating of each user whom they speak of; at
  /// least 0.
  public var implicitRegularization = 0.005
  /// How many more users without a residual each item's implicit factors count, at least 0.
  public var implicitDamping = 30.0
  /// Ratings without a residual that each user counts more, at least 0.
  public var biasRegularization = 5.0
  /// Ratings without a residual that each item counts more, at least 0.
  public var itemBiasRegularization = 3.0
  /// The standard deviation of the first values of q, at least 0, and not 0 where factors are to be learned; all others
  /// begin at 0.
  public var initialStandardDeviation = 0.02

  public init() {}

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
}

/// An algorithm that has the hyper-parameters of `ImplicitDescent` as if they were its own:
/// `SVDPlusPlus(factors: 32).factors` is 32.
@dynamicMemberLookup
public protocol ImplicitAlgorithm: RegisteredAlgorithm, IterativeAlgorithm {
  var descent: ImplicitDescent { get set }
}

extension ImplicitAlgorithm {
  /// The defaults, and what `change` does to them: `SVDPlusPlus(factors: 32) { $0.learningRate = 0.05 }`.
  public init(
    factors: Int = ImplicitDescent().factors, epochs: Int = ImplicitDescent().epochs,
    _ change: (inout Self) -> Void = { _ in }
  ) {
    self.init()
    (descent.factors, descent.epochs) = (factors, epochs)
    change(&self)
  }

  public subscript<Value>(dynamicMember property: WritableKeyPath<ImplicitDescent, Value>) -> Value {
    get { descent[keyPath: property] }
    set { descent[keyPath: property] = newValue }
  }
}
