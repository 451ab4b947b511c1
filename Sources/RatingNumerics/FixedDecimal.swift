/// A decimal as it was written: a whole number of 10^-15, between -1000 and 1000.
///
/// The judge computes on these and not on binary floating point, so that a sum of squared errors is exact: the same in
/// any order of rows, any chunking and any number of threads, and equal to what rational arithmetic gives.
public struct FixedDecimal: Hashable, Comparable, Sendable {
  /// The number of digits after the decimal point that are kept.
  public static let fractionDigits = 15
  /// The number of units in 1.
  public static let unitsPerOne: Int64 = 1_000_000_000_000_000
  /// The largest magnitude that is accepted, in whole numbers.
  public static let limit: Int64 = 1000

  /// The value in units of 10^-15.
  public var units: Int64

  public init(units: Int64) { self.units = units }

  /// A whole number.
  ///
  /// - Precondition: `whole` lies in -1000...1000.
  public init(_ whole: Int) {
    precondition(abs(whole) <= Self.limit, "a FixedDecimal lies in -1000...1000, got \(whole)")
    units = Int64(whole) * Self.unitsPerOne
  }

  /// The decimal nearest to `value`, or nil where `value` is not finite or lies outside -1000...1000.
  public init?(_ value: Double) {
    guard value.isFinite, abs(value) <= Double(Self.limit) else { return nil }
    // The shortest decimal that reads back as this Double: what somebody who prints the value would have written.
    self.init(text: "\(value)")
  }

  public static func < (a: FixedDecimal, b: FixedDecimal) -> Bool { a.units < b.units }

  public var doubleValue: Double { Double(units) / Double(Self.unitsPerOne) }
}
