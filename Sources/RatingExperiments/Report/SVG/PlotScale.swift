#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where numbers lie along an axis.
struct PlotScale {
  enum Kind { case linear, logarithmic }

  let kind: Kind
  let lower: Double
  let upper: Double
  /// Positions of the two bounds.
  let start: Double
  let end: Double

  /// A scale over the numbers from `lower` to `upper`, which is widened where the two are the same.
  init(_ kind: Kind, from lower: Double, to upper: Double, at start: Double, _ end: Double) {
    self.kind = kind
    self.start = start
    self.end = end
    switch kind {
    case .linear:
      let isWide = upper - lower > 1e-12
      self.lower = isWide ? lower : lower - 0.5
      self.upper = isWide ? upper : upper + 0.5
    case .logarithmic:
      let floor = max(lower, 1e-9)
      let isWide = upper > floor * 1.000001
      self.lower = isWide ? floor : floor / 2
      self.upper = isWide ? upper : floor * 2
    }
  }

  func position(_ value: Double) -> Double {
    let place: Double =
      switch kind {
      case .linear: (value - lower) / (upper - lower)
      case .logarithmic: log(max(value, lower * 0.5) / lower) / log(upper / lower)
      }
    return start + place * (end - start)
  }

  /// Round numbers inside the scale, about `count` of them, and their texts.
  func ticks(_ count: Int) -> [(value: Double, text: String)] {
    switch kind {
    case .linear: linearTicks(count)
    case .logarithmic: logarithmicTicks(count)
    }
  }

  private func linearTicks(_ count: Int) -> [(value: Double, text: String)] {
    let rough = (upper - lower) / Double(max(count, 1))
    let magnitude = pow(10, (log10(rough)).rounded(.down))
    let step = [1.0, 2, 2.5, 5, 10].map { $0 * magnitude }.first { $0 >= rough * 0.75 } ?? rough
    let digits = max(0, Int((-log10(step)).rounded(.up)) + (step / magnitude == 2.5 ? 1 : 0))
    let first = (lower / step - 1e-9).rounded(.up)
    return (0...100).map { (first + Double($0)) * step }.prefix { $0 <= upper + step * 1e-9 }
      .map { ($0, FixedText.decimal($0, min(digits, 9))) }
  }

  private func logarithmicTicks(_ count: Int) -> [(value: Double, text: String)] {
    func ticks(_ multiples: [Double]) -> [Double] {
      let first = Int(log10(lower).rounded(.down))
      let last = Int(log10(upper).rounded(.up))
      return (first...max(first, last)).flatMap { exponent in multiples.map { $0 * pow(10, Double(exponent)) } }
        .filter { $0 >= lower * 0.9999 && $0 <= upper * 1.0001 }
    }
    let choices = [[1.0], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 4, 5, 6, 8]].map(ticks)
    let values =
      choices.first { $0.count >= 3 && $0.count <= count } ?? choices.last { $0.count <= count } ?? choices[0]
    return values.map { ($0, Self.text($0)) }
  }

  private static func text(_ value: Double) -> String {
    value >= 1 ? FixedText.decimal(value, atMost: 1) : FixedText.decimal(value, atMost: 4)
  }
}

/// Where the entries of a list lie along an axis: each has a band of equal width.
struct BandScale {
  let count: Int
  let start: Double
  let end: Double

  var width: Double { (end - start) / Double(max(count, 1)) }
  func center(_ index: Int) -> Double { start + (Double(index) + 0.5) * width }
}
