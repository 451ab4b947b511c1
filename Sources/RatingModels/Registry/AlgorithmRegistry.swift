import RatingData

/// The algorithms that can be named: those of this library, and those that a program adds.
///
/// ```swift
/// let algorithm = try AlgorithmRegistry.standard.algorithm("biased-mf", [("factors", "32")])
/// let model = try algorithm.fit(to: ratings, seed: 1)
/// ```
public struct AlgorithmRegistry: Sendable {
  /// An algorithm's name, description and parameters, and how to make it.
  public struct Entry: Sendable {
    public let name: String
    public let summary: String
    public let paper: String
    public let parameters: [AlgorithmParameter]
    /// Whether it counts the pairs that will be asked about as implicit feedback.
    public let usesQuestions: Bool
    /// Whether it learns from features of users and items.
    public let usesSideFeatures: Bool
    let makeAlgorithm: @Sendable ([(name: String, text: String)]) -> Result<any RegisteredAlgorithm, TrainingError>
    let loadModel: @Sendable (ModelTensors) -> Result<any SavableModel, ModelTensors.Failure>

    init<Algorithm: RegisteredAlgorithm>(_: Algorithm.Type) {
      name = Algorithm.name
      summary = Algorithm.summary
      paper = Algorithm.paper
      parameters = Algorithm.parameters.map(\.parameter)
      (usesQuestions, usesSideFeatures) = (Algorithm.usesQuestions, Algorithm.usesSideFeatures)
      makeAlgorithm = { values in
        Result { () throws(TrainingError) -> any RegisteredAlgorithm in try Algorithm.make(values) }
      }
      loadModel = { tensors in
        Result { () throws(ModelTensors.Failure) -> any SavableModel in try Algorithm.Model(tensors) }
      }
    }

    /// The algorithm with these hyper-parameters, spelled as in Swift, as flags or as JSON keys, and the defaults of
    /// all others.
    ///
    /// - Throws: `unknownParameter`, naming those that there are, and `invalidParameter`, naming the range.
    public func make(_ values: [(name: String, text: String)] = []) throws(TrainingError) -> any RegisteredAlgorithm {
      try makeAlgorithm(values).get()
    }
  }

  public private(set) var entries: [Entry] = []

  /// An empty registry.
  public init() {}

  /// The algorithms of this library.
  public static let standard: AlgorithmRegistry = {
    var registry = AlgorithmRegistry()
    registry.register(GlobalMean.self)
    registry.register(UserMean.self)
    registry.register(ItemMean.self)
    registry.register(DampedBiases.self)
    registry.register(BiasedMatrixFactorization.self)
    registry.register(AlternatingLeastSquares.self)
    registry.register(SVDPlusPlus.self)
    registry.register(AsymmetricSVD.self)
    registry.register(TimeBiases.self)
    registry.register(TimeSVDPlusPlus.self)
    registry.register(NonNegativeFactorization.self)
    registry.register(BayesianMatrixFactorization.self)
    registry.register(BayesianSVDPlusPlus.self)
    registry.register(BayesianTimeSVD.self)
    registry.register(BayesianTimeSVDPlusPlus.self)
    registry.register(BayesianTimeSVDPlusPlusFlipped.self)
    registry.register(BayesianSessions.self)
    registry.register(BPMF.self)
    return registry
  }()

  /// Adds an algorithm.
  ///
  /// - Precondition: none of that name is there yet.
  public mutating func register<Algorithm: RegisteredAlgorithm>(_ type: Algorithm.Type) {
    precondition(!names.contains(Algorithm.name), "an algorithm named \(Algorithm.name) is already registered")
    entries.append(Entry(type))
  }

  public var names: [String] { entries.map(\.name) }

  /// The entry of a name.
  ///
  /// - Throws: `unknownAlgorithm`, naming those that there are.
  public func entry(_ name: String) throws(TrainingError) -> Entry {
    if let entry = entries.first(where: { $0.name == name }) { return entry }
    throw TrainingError(
      .unknownAlgorithm, message: "there is no algorithm \(name)",
      remedy: "the algorithms are \(names.joined(separator: ", "))")
  }

  /// An algorithm by name, with these hyper-parameters and the defaults of all others.
  public func algorithm(
    _ name: String, _ values: [(name: String, text: String)] = []
  ) throws(TrainingError) -> any RegisteredAlgorithm {
    try entry(name).make(values)
  }
}
