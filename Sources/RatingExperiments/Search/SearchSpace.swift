import RatingModels
import RatingNumerics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The hyper-parameter settings that a search may choose from: for each parameter a list of values or a range.
///
///     factors=8|16|32, regularization=0.01...0.2 log, epochs=10...40
///
/// A range is drawn from uniformly, with `log` uniformly in the logarithm. `0.01...0.2 log 5` has five points, its ends
/// among them, for a grid.
public struct SearchSpace: Sendable, Hashable {
  /// What a parameter may be.
  public enum Values: Sendable, Hashable {
    case list([String])
    case range(lower: Double, upper: Double, isLogarithmic: Bool, isWhole: Bool, points: Int?)
  }

  public struct Dimension: Sendable, Hashable {
    /// As flags spell it: `learning-rate`.
    public var name: String
    public var values: Values

    public init(name: String, values: Values) {
      self.name = name
      self.values = values
    }
  }

  /// In the order in which they were given.
  public var dimensions: [Dimension]

  public init(_ dimensions: [Dimension]) { self.dimensions = dimensions }

  /// The number of settings of the grid; nil where a range says no number of points.
  public var gridCount: Int? {
    var count = 1
    for dimension in dimensions {
      guard let points = dimension.gridValues?.count else { return nil }
      let (product, overflows) = count.multipliedReportingOverflow(by: points)
      count = overflows ? .max : product
    }
    return count
  }

  /// The settings of the grid, the last parameter changing fastest.
  ///
  /// - Precondition: every range says its number of points.
  public var grid: [[ParameterSetting]] {
    dimensions.reduce([[]]) { settings, dimension in
      let values = dimension.gridValues ?? []
      return settings.flatMap { setting in values.map { setting + [ParameterSetting(dimension.name, $0)] } }
    }
  }

  /// The `index`-th setting of a random search: it depends on the seed and the index alone.
  ///
  /// Numbers from a range are rounded to three significant digits, so that a table shows what was tried.
  public func random(seed: Seed, index: Int) -> [ParameterSetting] {
    var stream = RandomStream(seed: seed, purpose: "search.random", index: UInt64(index))
    return dimensions.map { dimension in
      let place = stream.uniform()
      return ParameterSetting(dimension.name, dimension.value(at: place))
    }
  }

  /// `factors=8|16|32, regularization=0.01...0.2 log`: what was given, spelled in one way.
  public var text: String { dimensions.map { "\($0.name)=\($0.valuesText)" }.joined(separator: ", ") }
}

/// A hyper-parameter and the text of its value.
public struct ParameterSetting: Sendable, Hashable, CustomStringConvertible {
  public var name: String
  public var text: String

  public init(_ name: String, _ text: String) {
    self.name = name
    self.text = text
  }

  public var description: String { "\(name)=\(text)" }
}

extension SearchSpace.Dimension {
  /// The text of the values, as `SearchSpace.text` has it.
  var valuesText: String {
    switch values {
    case .list(let texts): texts.joined(separator: "|")
    case .range(let lower, let upper, let isLogarithmic, _, let points):
      "\(ParameterValue.number(lower))...\(ParameterValue.number(upper))" + (isLogarithmic ? " log" : "")
        + (points.map { " \($0)" } ?? "")
    }
  }

  /// The values for a grid, or nil for a range without a number of points.
  var gridValues: [String]? {
    switch values {
    case .list(let texts): return texts
    case .range(_, _, _, _, let points):
      guard let points else { return nil }
      var values: [String] = []
      for index in 0..<points {
        let value = number(at: points == 1 ? 0.5 : Double(index) / Double(points - 1))
        if values.last != value { values.append(value) }
      }
      return values
    }
  }

  /// The value at a place in 0..<1.
  func value(at place: Double) -> String {
    switch values {
    case .list(let texts): texts[min(Int(place * Double(texts.count)), texts.count - 1)]
    case .range(let lower, let upper, false, true, _):
      // Every whole number is as likely as any other.
      ParameterValue.number(min((lower + place * (upper - lower + 1)).rounded(.down), upper)).description
    case .range: number(at: place)
    }
  }

  /// The number at a place in 0...1 of a range.
  private func number(at place: Double) -> String {
    guard case .range(let lower, let upper, let isLogarithmic, let isWhole, _) = values else { return "" }
    let raw: Double
    if isLogarithmic {
      raw = exp(log(lower) + place * (log(upper) - log(lower)))
    } else {
      raw = lower + place * (upper - lower)
    }
    let rounded = isWhole ? raw.rounded() : Self.threeDigits(raw)
    return ParameterValue.number(min(max(rounded, lower), upper)).description
  }

  /// The number with three significant digits.
  private static func threeDigits(_ value: Double) -> Double {
    guard value != 0, value.isFinite else { return value }
    var exponent = 0
    var magnitude = value.magnitude
    while magnitude < 100 {
      magnitude *= 10
      exponent += 1
    }
    while magnitude >= 1000 {
      magnitude /= 10
      exponent -= 1
    }
    let digits = Int(magnitude.rounded())
    // Through text, so that 0.03 is 0.03 and not 0.030000000000000002.
    return (value < 0 ? -1 : 1) * (Double("\(digits)e\(-exponent)") ?? value)
  }
}
