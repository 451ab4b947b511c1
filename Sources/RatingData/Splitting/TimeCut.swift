import RatingNumerics

/// What was rated at or after a given time is the test half, whoever rated it.
///
/// The only kind of split in which no training rating is later than any test rating, as it is where a system is in use.
/// Users and items that came after the cut are unknown to training: judge them apart, or leave them out and say so.
public struct TimeCut: SplittingStrategy, Hashable {
  /// The first time of the test half: seconds since 1970-01-01 00:00 UTC.
  public var time: UInt32

  public init(at time: UInt32) { self.time = time }

  /// - Parameter date: `2005-12-01`, or with a time of day (UTC) `2005-12-01T18:00:00`; nil where it is neither.
  public init?(date: String) {
    guard date.utf8.contains(UInt8(ascii: "-")) else { return nil }
    var date = date
    guard let time = date.withUTF8({ TimeText.seconds($0) }) else { return nil }
    self.time = time
  }

  /// - Throws: where the ratings have no times, and where all of them are on one side of the cut.
  public func split(_ dataset: RatingDataset, seed: Seed) throws(RatingDataError) -> Split {
    try dataset.requireTimes(for: "a cut through time")
    var parts = [UInt16](repeating: 0, count: dataset.count)
    var test = 0
    let span = dataset.withUnsafeColumns { columns in
      var span: (first: UInt32, last: UInt32) = (.max, 0)
      for (row, when) in columns.times!.enumerated() {
        span = (min(span.first, when), max(span.last, when))
        if when >= time {
          parts[row] = 1
          test += 1
        }
      }
      return span
    }
    guard test > 0 && test < dataset.count else {
      let place =
        dataset.count == 0 ? "" : ", and they are from \(CalendarTime(span.first)) to \(CalendarTime(span.last))"
      throw unusableSplit(
        "\(test == 0 ? "no rating is" : "all ratings are") at or after \(CalendarTime(time))\(place); choose a cut between"
      )
    }
    let halves = dataset.divided(parts, into: 2)
    return Split(train: halves[0], test: halves[1])
  }
}

extension SplittingStrategy where Self == TimeCut {
  /// What was rated at or after this time (seconds since 1970) is the test half.
  public static func cut(at time: UInt32) -> TimeCut { TimeCut(at: time) }
}
