/// The value of a hyper-parameter.
public enum ParameterValue: Sendable, Hashable, CustomStringConvertible {
  case integer(Int)
  case number(Double)
  case choice(String)

  public var description: String {
    switch self {
    case .integer(let value): String(value)
    case .number(let value): value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    case .choice(let value): value
    }
  }
}

/// A hyper-parameter as the tool, the saved model and the documentation name it.
public struct AlgorithmParameter: Sendable, Hashable {
  /// The values that are allowed.
  public enum Domain: Sendable, Hashable, CustomStringConvertible {
    case integers(ClosedRange<Int>)
    case numbers(ClosedRange<Double>)
    case choices([String])

    public var description: String {
      switch self {
      case .integers(let range): "a whole number in \(range.lowerBound)...\(range.upperBound)"
      case .numbers(let range):
        "a number in \(ParameterValue.number(range.lowerBound))...\(ParameterValue.number(range.upperBound))"
      case .choices(let names): "one of \(names.joined(separator: ", "))"
      }
    }

    func contains(_ value: ParameterValue) -> Bool {
      switch (self, value) {
      case (.integers(let range), .integer(let value)): range.contains(value)
      case (.numbers(let range), .number(let value)): range.contains(value)
      case (.choices(let names), .choice(let value)): names.contains(value)
      default: false
      }
    }

    /// The value that `text` spells, or nil where it is none of these.
    func parse(_ text: String) -> ParameterValue? {
      let value: ParameterValue?
      switch self {
      case .integers: value = Int(text).map { .integer($0) }
      case .numbers: value = Double(text).map { .number($0) }
      case .choices: value = .choice(text)
      }
      return value.flatMap { contains($0) ? $0 : nil }
    }
  }

  /// The Swift property's name, such as `learningRate`.
  public let name: String
  public let domain: Domain
  public let defaultValue: ParameterValue
  public let documentation: String
  /// Where the default comes from.
  public let source: String

  /// `learning-rate`, as flags spell it.
  public var flagName: String { separated(by: "-") }
  /// `learning_rate`, as JSON spells it.
  public var keyName: String { separated(by: "_") }

  private func separated(by separator: String) -> String {
    name.reduce(into: "") { text, letter in text += letter.isUppercase ? separator + letter.lowercased() : "\(letter)" }
  }
}

/// A hyper-parameter together with the property of an algorithm, or of settings that algorithms share, that holds it.
public struct ParameterBinding<Owner>: Sendable {
  public let parameter: AlgorithmParameter
  let get: @Sendable (Owner) -> ParameterValue
  let set: @Sendable (inout Owner, ParameterValue) -> Void
}

extension ParameterBinding where Owner: HyperParameters {
  /// The default is the one of `Owner.init()`.
  init(
    _ name: String, _ domain: AlgorithmParameter.Domain, _ documentation: String, source: String,
    get: @escaping @Sendable (Owner) -> ParameterValue, set: @escaping @Sendable (inout Owner, ParameterValue) -> Void
  ) {
    parameter = AlgorithmParameter(
      name: name, domain: domain, defaultValue: get(Owner()), documentation: documentation, source: source)
    self.get = get
    self.set = set
  }

  /// A whole number; its default is the one of `Owner.init()`.
  public init(
    _ name: String, _ property: WritableKeyPath<Owner, Int> & Sendable, in range: ClosedRange<Int>,
    _ documentation: String, source: String
  ) {
    self.init(
      name, .integers(range), documentation, source: source, get: { .integer($0[keyPath: property]) },
      set: { if case .integer(let value) = $1 { $0[keyPath: property] = value } })
  }

  /// A number.
  public init(
    _ name: String, _ property: WritableKeyPath<Owner, Double> & Sendable, in range: ClosedRange<Double>,
    _ documentation: String, source: String
  ) {
    self.init(
      name, .numbers(range), documentation, source: source, get: { .number($0[keyPath: property]) },
      set: { if case .number(let value) = $1 { $0[keyPath: property] = value } })
  }

  /// Yes or no.
  public init(
    _ name: String, _ property: WritableKeyPath<Owner, Bool> & Sendable, _ documentation: String, source: String
  ) {
    self.init(
      name, .choices(["yes", "no"]), documentation, source: source,
      get: { .choice($0[keyPath: property] ? "yes" : "no") },
      set: { if case .choice(let text) = $1 { $0[keyPath: property] = text == "yes" } })
  }

  /// One of the cases of an enumeration.
  public init<Choice: CaseIterable & RawRepresentable<String> & Sendable>(
    _ name: String, _ property: WritableKeyPath<Owner, Choice> & Sendable, _ documentation: String, source: String
  ) {
    self.init(
      name, .choices(Choice.allCases.map(\.rawValue)), documentation, source: source,
      get: { .choice($0[keyPath: property].rawValue) },
      set: { if case .choice(let text) = $1, let value = Choice(rawValue: text) { $0[keyPath: property] = value } })
  }
}
