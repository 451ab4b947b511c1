import RatingNumerics

typealias BytePointer = UnsafePointer<UInt8>

/// Reads the fields of text lines, eight bytes at a time.
///
/// Every function may look at up to `overread` bytes behind the line that it reads, so the bytes of a chunk are always
/// followed by that many readable ones (`LineChunk`).
enum FieldScanner {
  static let overread = 64

  @inline(__always)
  static func load8(_ p: BytePointer) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(p).loadUnaligned(as: UInt64.self))
  }

  /// The number of leading digits in eight bytes (0...8), and the number that they form.
  @inline(__always)
  static func digits8(_ p: BytePointer) -> (count: Int, value: UInt64) {
    let raw = load8(p) ^ 0x3030_3030_3030_3030
    // A byte over 9 gets its high bit set; a carry can only spoil bytes above the lowest such byte.
    let other = ((raw &+ 0x7676_7676_7676_7676) | raw) & 0x8080_8080_8080_8080
    let count = other == 0 ? 8 : other.trailingZeroBitCount >> 3
    if count == 0 { return (0, 0) }
    return (count, number8(raw &<< UInt64(truncatingIfNeeded: (8 &- count) &* 8)))
  }

  /// A whole number of 1 to 16 digits without leading zeros; the pointer moves behind it. -1 for anything else, the
  /// pointer then anywhere.
  @inline(__always)
  static func wholeNumber(_ p: inout BytePointer) -> Int64 {
    let first = p.pointee
    let (count, value) = digits8(p)
    if count == 0 || (first == UInt8(ascii: "0") && count > 1) { return -1 }
    p += count
    if count < 8 { return Int64(value) }
    var number = Int64(value)
    var more = 0
    while true {
      let digit = p.pointee &- UInt8(ascii: "0")
      if digit > 9 { return number }
      if more == 8 { return -1 }
      number = number &* 10 &+ Int64(digit)
      more &+= 1
      p += 1
    }
  }

  /// The digits behind a decimal point, at most 8 of them, in units of 10^-8; -1 where there are none, or more. The
  /// pointer moves behind them.
  @inline(__always)
  static func fraction8(_ p: inout BytePointer) -> Int64 {
    let raw = load8(p) ^ 0x3030_3030_3030_3030
    let other = ((raw &+ 0x7676_7676_7676_7676) | raw) & 0x8080_8080_8080_8080
    if other & 0x80 != 0 { return -1 }
    let count = other == 0 ? 8 : other.trailingZeroBitCount >> 3
    p += count
    if count == 8 && p.pointee &- 48 <= 9 { return -1 }
    // What is no digit counts as 0: eight digits in all, whatever their number was.
    let kept = other == 0 ? raw : raw & ((other & (0 &- other)) &>> 7 &- 1)
    return Int64(number8(kept))
  }

  /// The number of eight digits 0...9, one a byte, the first in the lowest byte.
  @inline(__always)
  private static func number8(_ digits: UInt64) -> UInt64 {
    let x = (digits &* 10) &+ (digits &>> 8)
    let high = (x & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
    let low = ((x &>> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
    return (high &+ low) &>> 32
  }

  /// What `decimal` returns where there is no short plain decimal.
  static let noDecimal = Int64.min

  /// A plain decimal of 1 to 3 digits before the point and at most 8 after it, in units of 10^-15; the pointer moves
  /// behind it. `noDecimal` for anything else, the pointer then anywhere: `FixedDecimal.scan` decides about it.
  @inline(__always)
  static func decimal(_ p: inout BytePointer) -> Int64 {
    let whole = Int64(p.pointee &- 48)
    if whole > 9 {
      guard p.pointee == UInt8(ascii: "-") else { return noDecimal }
      p += 1
      let magnitude = unsignedDecimal(&p)
      return magnitude == noDecimal ? noDecimal : -magnitude
    }
    // The usual rating: one digit, then a point or the end.
    p += 1
    if p.pointee &- 48 <= 9 {
      p -= 1
      return unsignedDecimal(&p)
    }
    if p.pointee != UInt8(ascii: ".") { return whole &* FixedDecimal.unitsPerOne }
    p += 1
    let fraction = fraction8(&p)
    if fraction < 0 { return noDecimal }
    return whole &* FixedDecimal.unitsPerOne &+ fraction &* 10_000_000
  }

  @inline(never)
  private static func unsignedDecimal(_ p: inout BytePointer) -> Int64 {
    let (wholeDigits, whole) = digits8(p)
    if wholeDigits == 0 || wholeDigits > 3 { return noDecimal }
    p += wholeDigits
    let base = Int64(whole) &* FixedDecimal.unitsPerOne
    if p.pointee != UInt8(ascii: ".") { return base }
    p += 1
    let fraction = fraction8(&p)
    if fraction < 0 { return noDecimal }
    return base &+ fraction &* 10_000_000
  }

  /// The day number since 1970-01-01 of a date written `YYYY-MM-DD`, years 1970...2105; -1 for anything else. The
  /// pointer does not move: a date is ten bytes.
  @inline(__always)
  static func day(_ p: BytePointer) -> Int {
    let raw = load8(p) ^ 0x2D30_302D_3030_3030
    // Bytes from the lowest: Y Y Y Y - M M -
    let notDigit = ((raw &+ 0x7F76_767F_7676_7676) | raw) & 0x8080_8080_8080_8080
    let tens = UInt32(p[8] &- 48)
    let ones = UInt32(p[9] &- 48)
    if notDigit != 0 || tens > 9 || ones > 9 { return -1 }
    let y = raw & 0xFFFF_FFFF
    let year = Int((y & 0xFF) &* 1000 &+ ((y &>> 8) & 0xFF) &* 100 &+ ((y &>> 16) & 0xFF) &* 10 &+ (y &>> 24))
    let month = Int(((raw &>> 40) & 0xFF) &* 10 &+ ((raw &>> 48) & 0xFF))
    let dayOfMonth = Int(tens &* 10 &+ ones)
    return dayNumber(year: year, month: month, day: dayOfMonth)
  }

  /// Days since 1970-01-01 in the Gregorian calendar; -1 where there is no such day in 1970...2105.
  @inline(__always)
  static func dayNumber(year: Int, month: Int, day: Int) -> Int {
    if year < 1970 || year > 2105 || month < 1 || month > 12 || day < 1 || day > 31 { return -1 }
    if day > 28 {
      // Of these years, every fourth is a leap year, but for 2100.
      let length = month == 2 ? (year & 3 == 0 && year != 2100 ? 29 : 28) : 30 + ((month &+ (month &>> 3)) & 1)
      if day > length { return -1 }
    }
    // Counted from March, so that the leap day is the last of its year.
    let shifted = month > 2 ? month &- 3 : month &+ 9
    let y = month > 2 ? year : year &- 1
    let centuries = y >= 2100 ? 16 : 15
    return 365 &* y &+ (y &>> 2) &- centuries &+ (153 &* shifted &+ 2) / 5 &+ day &- 1 &- 719_468
  }
}
