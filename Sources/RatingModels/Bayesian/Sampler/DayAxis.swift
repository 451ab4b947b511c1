/// The calendar days (UTC) on which there are training ratings.
struct DayAxis: Sendable, Hashable {
  /// Days since 1970-01-01, ascending.
  let days: [Int64]

  static let secondsInDay: UInt32 = 86_400

  init(days: [Int64]) { self.days = days }

  /// - Complexity: O(n + span in days).
  init(times: UnsafeBufferPointer<UInt32>) {
    var isSeen = [Bool](repeating: false, count: Int((times.max() ?? 0) / Self.secondsInDay) + 1)
    for time in times { isSeen[Int(time / Self.secondsInDay)] = true }
    days = isSeen.indices.filter { isSeen[$0] }.map { Int64($0) }
  }

  /// The place of a time's day; the number of days where training has no rating of that day, or there is no time.
  ///
  /// - Complexity: O(log days).
  func index(_ time: UInt32?) -> Int {
    guard let time else { return days.count }
    let day = Int64(time / Self.secondsInDay)
    var (low, high) = (0, days.count)
    while low < high {
      let middle = (low + high) / 2
      if days[middle] < day { low = middle + 1 } else { high = middle }
    }
    return low < days.count && days[low] == day ? low : days.count
  }
}
