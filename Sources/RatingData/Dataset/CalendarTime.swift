/// A time as calendar text.
public struct CalendarTime: Sendable, Hashable, CustomStringConvertible {
  /// Seconds since 1970-01-01 00:00 UTC.
  public let seconds: UInt32

  public init(_ seconds: UInt32) { self.seconds = seconds }

  /// Year, month (1...12) and day (1...31) in the Gregorian calendar, UTC.
  public var date: (year: Int, month: Int, day: Int) {
    // Counted in 400-year eras from 0000-03-01, so that the leap day is the last of its year.
    let days = Int(seconds) / 86_400 + 719_468
    let dayOfEra = days % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + days / 146_097 * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  /// `2005-12-31`, with the time of day where it isn't midnight: `1998-04-23T23:10:38Z`.
  public var description: String {
    let (year, month, day) = date
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let text = "\(year)-\(two(month))-\(two(day))"
    let second = Int(seconds) % 86_400
    if second == 0 { return text }
    return "\(text)T\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))Z"
  }
}
