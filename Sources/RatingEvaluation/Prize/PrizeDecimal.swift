/// A baseline, a threshold or a rounded score: an exact decimal that prints with the digits it was written with.
///
///     let baseline: PrizeDecimal = "0.9525"
///
/// 0 to 2000 (the largest RMSE that ratings in -1000...1000 can have) with up to 15 decimals. Equality and order are by
/// value: `0.95` equals `0.950`, though they print differently.
public struct PrizeDecimal: Sendable {
  /// The largest number of decimals.
  public static let mostDecimals = 15
  /// The largest value.
  public static let limit = 2000

  /// The value in units of 10^-15.
  public let units: UInt64
  /// The number of decimals that are printed.
  public let decimals: Int

  /// - Precondition: `decimals` is in 0...15, and `units` has no digits behind them.
  init(units: UInt64, decimals: Int) {
    precondition(
      units % Self.powerOfTen(Self.mostDecimals - Self.checked(decimals)) == 0,
      "\(units) x 10^-15 has more than \(decimals) decimals")
    self.units = units
    self.decimals = decimals
  }

  /// digits / 10^decimals.
  init(_ digits: WideNatural, decimals: Int) {
    let scaled = digits * WideNatural(Self.powerOfTen(Self.mostDecimals - Self.checked(decimals)))
    guard let units = scaled.uint64 else { preconditionFailure("a score is at most \(Self.limit)") }
    self.init(units: units, decimals: decimals)
  }

  /// Reads `0.9525`, `.9525` or `1`: digits with at most one decimal point, no sign, no exponent.
  ///
  /// - Throws: `bad-decimal` where `text` is something else, is above 2000 or has more than 15 decimals.
  public init(text: String) throws(EvaluationError) {
    let bytes = Array(text.utf8)
    let point = bytes.firstIndex(of: UInt8(ascii: ".")) ?? bytes.count
    let fraction = bytes.dropFirst(point + 1)
    let digits = bytes[..<point] + fraction
    let zero = UInt8(ascii: "0")
    guard !digits.isEmpty, digits.allSatisfy({ $0 >= zero && $0 <= zero + 9 }),
      point == bytes.count || !fraction.isEmpty
    else {
      let comma = bytes.contains(UInt8(ascii: ",")) ? " (a decimal point, not a comma)" : ""
      throw EvaluationError(.badDecimal, "'\(text)' is no decimal; write one such as 0.9525\(comma)")
    }
    guard fraction.count <= Self.mostDecimals else {
      throw EvaluationError(
        .badDecimal, "'\(text)' has \(fraction.count) decimals; at most \(Self.mostDecimals) are possible")
    }
    var value: UInt128 = 0
    for digit in digits {
      value = value * 10 + UInt128(digit - zero)
      guard value <= UInt128(Self.limit) * UInt128(Self.powerOfTen(fraction.count)) else {
        throw EvaluationError(.badDecimal, "'\(text)' is too large; at most \(Self.limit) is possible")
      }
    }
    self.init(
      units: UInt64(value) * Self.powerOfTen(Self.mostDecimals - fraction.count), decimals: fraction.count)
  }

  /// The value to `decimals` decimals, rounded down.
  func roundedDown(decimals: Int) -> PrizeDecimal {
    let step = Self.powerOfTen(Self.mostDecimals - Self.checked(decimals))
    return PrizeDecimal(units: units / step * step, decimals: decimals)
  }

  /// The value with `decimals` decimals where it has no more, as it is where it has.
  func padded(decimals: Int) -> PrizeDecimal {
    PrizeDecimal(units: units, decimals: max(decimals, self.decimals))
  }

  /// The value without trailing zeros.
  var trimmed: PrizeDecimal {
    let needed = (0...decimals).first { units % Self.powerOfTen(Self.mostDecimals - $0) == 0 }
    return PrizeDecimal(units: units, decimals: needed ?? decimals)
  }

  /// The nearest Double.
  public var doubleValue: Double {
    WideNatural.quotient(WideNatural(units), WideNatural(Self.powerOfTen(Self.mostDecimals)))
  }

  static func checked(_ decimals: Int) -> Int {
    precondition(0...mostDecimals ~= decimals, "decimals are 0...\(mostDecimals), got \(decimals)")
    return decimals
  }

  static func powerOfTen(_ exponent: Int) -> UInt64 { (0..<exponent).reduce(1) { power, _ in power * 10 } }
}

extension PrizeDecimal: Hashable, Comparable {
  public static func == (a: PrizeDecimal, b: PrizeDecimal) -> Bool { a.units == b.units }
  public static func < (a: PrizeDecimal, b: PrizeDecimal) -> Bool { a.units < b.units }
  public func hash(into hasher: inout Hasher) { hasher.combine(units) }
}

extension PrizeDecimal: CustomStringConvertible {
  /// `0.9525`: all its decimals, trailing zeros too, without an exponent.
  public var description: String {
    let one = Self.powerOfTen(Self.mostDecimals)
    if decimals == 0 { return String(units / one) }
    let digits = String(units % one)
    let fraction = String(repeating: "0", count: Self.mostDecimals - digits.count) + digits
    return "\(units / one).\(fraction.prefix(decimals))"
  }
}

extension PrizeDecimal: ExpressibleByStringLiteral {
  /// - Precondition: the literal is a decimal; use `init(text:)` for what a user typed.
  public init(stringLiteral value: String) {
    do { self = try PrizeDecimal(text: value) } catch { preconditionFailure(error.message) }
  }
}
