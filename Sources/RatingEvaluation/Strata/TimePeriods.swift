import RatingData

/// Periods that tell rows apart by their times: months, years, or fifths of equal size.
struct TimePeriods {
  let title: String
  let labels: [String]
  /// The first second of each period, ascending; times before the second belong to the first.
  private let starts: [UInt32]

  /// - Precondition: there are times.
  init(_ times: [UInt32]) {
    let (first, last) = (CalendarTime(times.min()!).date, CalendarTime(times.max()!).date)
    let months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months == 1 {
      let sorted = times.sorted()
      let cuts = (0..<5).map { sorted[sorted.count * $0 / 5] }
      let distinct = cuts.enumerated().filter { $0.offset == 0 || $0.element != cuts[$0.offset - 1] }.map(\.element)
      title = "time, in parts of equal size"
      starts = distinct
      labels = distinct.map { "from \(CalendarTime($0))" }
    } else if months <= 24 {
      let all = (0..<months).map { (first.month - 1 + $0) }.map { (first.year + $0 / 12, $0 % 12 + 1) }
      title = "month"
      labels = all.map { "\($0.0)-\($0.1 < 10 ? "0" : "")\($0.1)" }
      starts = all.map { Self.seconds(year: $0.0, month: $0.1) }
    } else {
      title = "year"
      labels = (first.year...last.year).map(String.init)
      starts = (first.year...last.year).map { Self.seconds(year: $0, month: 1) }
    }
  }

  @inline(__always)
  func index(_ time: UInt32) -> Int {
    var (low, high) = (0, starts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= time { low = middle } else { high = middle }
    }
    return low
  }

  /// The first second of a month: the days since 1970-01-01 by counting years from March, so that leap days come last.
  private static func seconds(year: Int, month: Int) -> UInt32 {
    let shiftedYear = month <= 2 ? year - 1 : year
    let shiftedMonth = month <= 2 ? month + 9 : month - 3
    let days = 365 * shiftedYear + shiftedYear / 4 - shiftedYear / 100 + shiftedYear / 400
    let sinceEpoch = days + (153 * shiftedMonth + 2) / 5 - 719_468
    return UInt32(clamping: sinceEpoch * 86_400)
  }
}
