extension FixedDecimal: LosslessStringConvertible {
  /// How the scan of a number ended.
  package enum Scan: UInt8, Sendable {
    /// The number was read exactly as written.
    case exact
    /// It has more than 15 fractional digits and was rounded half to even.
    case rounded
    /// There is no number here.
    case malformed
    /// Its magnitude is over 1000.
    case outOfRange
  }

  @usableFromInline
  package static let powersOfTen: [UInt64] = (0...19).map { exponent in
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }

  /// Reads the number at the start of `text`, where it is all of `text` but for what follows the number's last
  /// character, and moves `text` behind it.
  ///
  /// A number is `[+-] digits [. digits] [e [+-] digits]`, or begins with the point. Text that can't begin a number
  /// leaves `text` where it was.
  package static func scan(
    _ text: inout UnsafePointer<UInt8>, end: UnsafePointer<UInt8>
  ) -> (value: FixedDecimal, outcome: Scan) {
    let start = text
    var cursor = text
    var negative = false
    if cursor < end, cursor.pointee == UInt8(ascii: "-") || cursor.pointee == UInt8(ascii: "+") {
      negative = cursor.pointee == UInt8(ascii: "-")
      cursor += 1
    }

    // Up to 19 significant digits are kept; those behind them only tell whether something nonzero was cut off.
    var mantissa: UInt64 = 0
    var kept = 0
    var exponent = 0
    var cutNonzero = false
    var digits = 0

    func take(_ digit: UInt8, fractional: Bool) {
      digits += 1
      if kept < 19 {
        mantissa = mantissa &* 10 &+ UInt64(digit)
        if mantissa != 0 { kept += 1 }
        if fractional { exponent -= 1 }
      } else {
        if digit != 0 { cutNonzero = true }
        if !fractional { exponent += 1 }
      }
    }

    while cursor < end {
      let digit = cursor.pointee &- UInt8(ascii: "0")
      if digit > 9 { break }
      take(digit, fractional: false)
      cursor += 1
    }
    if cursor < end, cursor.pointee == UInt8(ascii: ".") {
      cursor += 1
      let fraction = cursor
      while cursor < end {
        let digit = cursor.pointee &- UInt8(ascii: "0")
        if digit > 9 { break }
        take(digit, fractional: true)
        cursor += 1
      }
      if cursor == fraction { return (FixedDecimal(units: 0), .malformed) }
    }
    if digits == 0 {
      text = start
      return (FixedDecimal(units: 0), .malformed)
    }
    if cursor < end, cursor.pointee | 0x20 == UInt8(ascii: "e") {
      var ahead = cursor + 1
      var negativeExponent = false
      if ahead < end, ahead.pointee == UInt8(ascii: "-") || ahead.pointee == UInt8(ascii: "+") {
        negativeExponent = ahead.pointee == UInt8(ascii: "-")
        ahead += 1
      }
      var written = 0
      let firstDigit = ahead
      while ahead < end {
        let digit = ahead.pointee &- UInt8(ascii: "0")
        if digit > 9 { break }
        // No text has as many digits as would undo an exponent of this size.
        written = min(written * 10 + Int(digit), 1_000_000_000_000_000)
        ahead += 1
      }
      if ahead == firstDigit { return (FixedDecimal(units: 0), .malformed) }
      exponent += negativeExponent ? -written : written
      cursor = ahead
    }
    text = cursor
    return fixed(mantissa, exponent: exponent, cutNonzero: cutNonzero, negative: negative)
  }

  /// mantissa x 10^exponent, plus something below the mantissa's last digit where `cutNonzero`.
  private static func fixed(
    _ mantissa: UInt64, exponent: Int, cutNonzero: Bool, negative: Bool
  ) -> (value: FixedDecimal, outcome: Scan) {
    if mantissa == 0 { return (FixedDecimal(units: 0), .exact) }
    let largest = UInt64(limit) * UInt64(unitsPerOne)
    let shift = exponent + fractionDigits
    var units: UInt64
    var outcome = Scan.exact
    if shift >= 0 {
      if shift > 18 { return (FixedDecimal(units: 0), .outOfRange) }
      let (product, overflow) = mantissa.multipliedReportingOverflow(by: powersOfTen[shift])
      if overflow { return (FixedDecimal(units: 0), .outOfRange) }
      units = product
      if cutNonzero {
        if units >= largest { return (FixedDecimal(units: 0), .outOfRange) }
        outcome = .rounded
      }
    } else if -shift > 19 {
      units = 0
      outcome = .rounded
    } else {
      let divisor = powersOfTen[-shift]
      let (quotient, remainder) = mantissa.quotientAndRemainder(dividingBy: divisor)
      units = quotient
      if remainder != 0 || cutNonzero {
        if quotient >= largest { return (FixedDecimal(units: 0), .outOfRange) }
        outcome = .rounded
        let half = divisor / 2
        if remainder > half || (remainder == half && (cutNonzero || quotient & 1 == 1)) { units += 1 }
      }
    }
    if units > largest { return (FixedDecimal(units: 0), .outOfRange) }
    return (FixedDecimal(units: negative ? -Int64(units) : Int64(units)), outcome)
  }

  /// Reads a decimal that is all of `text`; nil where it is no number or lies outside -1000...1000. More than 15
  /// fractional digits are rounded half to even.
  public init?(text: String) {
    var text = text
    let value = text.withUTF8 { bytes -> FixedDecimal? in
      guard var cursor = bytes.baseAddress, bytes.count > 0 else { return nil }
      let end = cursor + bytes.count
      let (value, outcome) = Self.scan(&cursor, end: end)
      guard cursor == end, outcome == .exact || outcome == .rounded else { return nil }
      return value
    }
    guard let value else { return nil }
    self = value
  }

  public init?(_ description: String) { self.init(text: description) }

  /// The shortest decimal text, without an exponent: `3.6`, `-0.000000000000001`, `4`.
  public var description: String {
    let magnitude = units.magnitude
    let whole = magnitude / UInt64(Self.unitsPerOne)
    let fraction = magnitude % UInt64(Self.unitsPerOne)
    let sign = units < 0 ? "-" : ""
    if fraction == 0 { return "\(sign)\(whole)" }
    let digits = String(fraction)
    let padded = String(repeating: "0", count: Self.fractionDigits - digits.count) + digits
    let last = padded.lastIndex { $0 != "0" }!
    return "\(sign)\(whole).\(padded[...last])"
  }
}
