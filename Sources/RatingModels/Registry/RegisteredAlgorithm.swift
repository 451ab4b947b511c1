/// An algorithm that tools can name, configure, save and load.
///
/// It lists each hyper-parameter once, with its property, range, documentation and the source of its default; flags,
/// JSON, saved models and range checks all come from that list.
public protocol RegisteredAlgorithm: RatingAlgorithm, HyperParameters where Model: SavableModel {
  /// The name in kebab case, such as `biased-mf`.
  static var name: String { get }
  /// What it predicts, in a line.
  static var summary: String { get }
  /// Where it is published.
  static var paper: String { get }
  /// Whether it counts `TrainingInput.questions` as implicit feedback. Default: no, it ignores them.
  static var usesQuestions: Bool { get }
  /// Whether it learns from `TrainingInput.userFeatures` and `itemFeatures`. Default: no, it ignores them, and the tool
  /// refuses them.
  static var usesSideFeatures: Bool { get }
  /// The memory that a fit takes, part by part. Default: nil, it doesn't tell.
  ///
  /// - Complexity: O(1), or O(ratings) where it asks for sessions.
  func memory(for shape: TrainingShape) -> MemoryPlan?
}

extension RegisteredAlgorithm {
  public func memory(for shape: TrainingShape) -> MemoryPlan? { nil }

  /// The hyper-parameters of this recipe, in the order of `parameters`.
  public var parameterValues: [(parameter: AlgorithmParameter, value: ParameterValue)] {
    Self.parameters.map { ($0.parameter, $0.get(self)) }
  }

  /// Throws where a hyper-parameter lies outside its range.
  public func requireValidParameters() throws(TrainingError) {
    for (parameter, value) in parameterValues where !parameter.domain.contains(value) {
      throw .invalid(parameter, algorithm: Self.name, found: value.description)
    }
  }

  /// The recipe with these hyper-parameters, by name, and the defaults of all others.
  ///
  /// Names may be spelled as in Swift, as flags or as JSON keys: `learningRate`, `learning-rate`, `learning_rate`.
  ///
  /// - Throws: `unknownParameter`, naming those that there are, and `invalidParameter`, naming the range.
  public static func make(_ values: [(name: String, text: String)]) throws(TrainingError) -> Self {
    var algorithm = Self()
    let bindings = parameters
    var seen: Set<String> = []
    for (name, text) in values {
      guard
        let binding = bindings.first(where: {
          [$0.parameter.name, $0.parameter.flagName, $0.parameter.keyName].contains(name)
        })
      else { throw .unknownParameter(name, algorithm: Self.name, has: bindings.map(\.parameter)) }
      let parameter = binding.parameter
      guard seen.insert(parameter.name).inserted else {
        throw TrainingError(
          .invalidParameter, message: "\(parameter.name) of \(Self.name) is given twice", remedy: "give it once")
      }
      guard let value = parameter.domain.parse(text) else {
        throw .invalid(parameter, algorithm: Self.name, found: text)
      }
      binding.set(&algorithm, value)
    }
    return algorithm
  }
}

extension TrainingError {
  static func invalid(_ parameter: AlgorithmParameter, algorithm: String, found: String) -> TrainingError {
    TrainingError(
      .invalidParameter, message: "\(parameter.name) of \(algorithm) is \(found), expected \(parameter.domain)",
      remedy: "the default is \(parameter.defaultValue)")
  }

  static func unknownParameter(_ name: String, algorithm: String, has: [AlgorithmParameter]) -> TrainingError {
    let names = has.map(\.flagName).joined(separator: ", ")
    return TrainingError(
      .unknownParameter, message: "\(algorithm) has no parameter \(name)",
      remedy: has.isEmpty ? "it has no parameters" : "it has \(names)")
  }
}
