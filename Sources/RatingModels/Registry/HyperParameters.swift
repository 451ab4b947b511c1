/// A value whose properties are hyper-parameters: a recipe, or a part that several recipes share.
///
/// A recipe that holds such a part lists its hyper-parameters with `parameters(of:)`.
public protocol HyperParameters: Sendable, Codable {
  /// All defaults.
  init()
  /// Each hyper-parameter once, in the order in which they are shown.
  static var parameters: [ParameterBinding<Self>] { get }
}

extension HyperParameters {
  /// The defaults, and what `change` does to them: `TimeBiases { $0.epochs = 20 }`.
  public init(_ change: (inout Self) -> Void) {
    self.init()
    change(&self)
  }

  /// The hyper-parameters of a part of this recipe, with the defaults that they have here.
  ///
  /// - Parameters:
  ///   - part: the property that holds the part.
  ///   - documentation: what some of them, by name, mean here.
  ///   - sources: where the defaults of some of them, by name, come from here.
  /// - Precondition: the part has all that are named.
  public static func parameters<Part: HyperParameters>(
    of part: WritableKeyPath<Self, Part> & Sendable, documentation: [String: String] = [:],
    sources: [String: [String]] = [:]
  ) -> [ParameterBinding<Self>] {
    let bindings = Part.parameters
    let unknown = Set(documentation.keys).union(sources.values.joined()).subtracting(bindings.map(\.parameter.name))
    precondition(unknown.isEmpty, "\(Part.self) has no hyper-parameters \(unknown.sorted())")
    return bindings.map { binding in
      let parameter = binding.parameter
      return ParameterBinding(
        parameter.name, parameter.domain, documentation[parameter.name] ?? parameter.documentation,
        source: sources.first { $0.value.contains(parameter.name) }?.key ?? parameter.source,
        get: { binding.get($0[keyPath: part]) }, set: { binding.set(&$0[keyPath: part], $1) })
    }
  }
}
