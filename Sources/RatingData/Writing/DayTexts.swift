/// Every day of a range as `YYYY-MM-DD`, ten bytes each.
struct DayTexts: Sendable {
  private let first: Int
  private let text: [UInt8]

  /// - Parameter days: counted from 1970-01-01, up to 49,709 (in 2106).
  init(_ days: ClosedRange<Int>) {
    first = days.lowerBound
    text = days.flatMap { Array(CalendarTime(UInt32($0) * 86_400).description.utf8) }
  }

  subscript(day: UInt16) -> ArraySlice<UInt8> {
    let start = (Int(day) - first) * 10
    return text[start..<start + 10]
  }
}
