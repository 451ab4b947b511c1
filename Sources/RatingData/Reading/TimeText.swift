/// Reads times that are written in any of the usual ways. The slow path: dates in regular rows are read by
/// `FieldScanner.day`.
enum TimeText {
  /// Seconds since 1970 from seconds (fractions are cut), from milliseconds, or from a date with or without a time, UTC.
  static func seconds(_ field: UnsafeBufferPointer<UInt8>) -> UInt32? {
    let digits = field.prefix { $0 &- 48 <= 9 }
    let fraction = field.dropFirst(digits.count)
    if digits.count > 0, digits.count <= 15,
      fraction.isEmpty || (fraction.first == UInt8(ascii: ".") && fraction.dropFirst().allSatisfy { $0 &- 48 <= 9 })
    {
      var seconds = digits.reduce(0) { $0 * 10 + Int64($1 &- 48) }
      if seconds > Int64(UInt32.max) { seconds /= 1000 }
      return seconds <= Int64(UInt32.max) ? UInt32(seconds) : nil
    }
    guard field.count >= 10, let day = day(UnsafeBufferPointer(rebasing: field[0..<10])) else { return nil }
    if field.count == 10 { return UInt32(day * 86_400) }
    return secondOfDay(UnsafeBufferPointer(rebasing: field[10...])).map { UInt32(day * 86_400 + $0) }
  }

  /// The day number since 1970-01-01 of `YYYY-MM-DD`.
  static func day(_ field: UnsafeBufferPointer<UInt8>) -> Int? {
    guard field.count == 10, field[4] == UInt8(ascii: "-"), field[7] == UInt8(ascii: "-") else { return nil }
    func number(_ range: Range<Int>) -> Int? {
      var value = 0
      for digit in field[range] {
        guard digit &- 48 <= 9 else { return nil }
        value = value * 10 + Int(digit &- 48)
      }
      return value
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10) else { return nil }
    let days = FieldScanner.dayNumber(year: year, month: month, day: day)
    return days >= 0 ? days : nil
  }

  /// The second of the day of ` HH:MM:SS` or `THH:MM:SS`, a fraction or a Z behind it ignored.
  private static func secondOfDay(_ field: UnsafeBufferPointer<UInt8>) -> Int? {
    guard field.count >= 9, field[0] == UInt8(ascii: " ") || field[0] == UInt8(ascii: "T"),
      field[3] == UInt8(ascii: ":"), field[6] == UInt8(ascii: ":")
    else { return nil }
    func two(_ at: Int) -> Int? {
      let (tens, ones) = (field[at] &- 48, field[at + 1] &- 48)
      return tens <= 9 && ones <= 9 ? Int(tens) * 10 + Int(ones) : nil
    }
    guard let hour = two(1), let minute = two(4), let second = two(7), hour < 24, minute < 60, second < 61 else {
      return nil
    }
    let rest = field[9...]
    guard rest.isEmpty || rest.first == UInt8(ascii: ".") || (rest.count == 1 && rest.first == UInt8(ascii: "Z")) else {
      return nil
    }
    return hour * 3600 + minute * 60 + second
  }
}
