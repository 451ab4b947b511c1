import RatingNumerics

/// When the items of a synthetic set came out.
///
/// The age in years is exponential with mean 11, and a year's titles come out all through it. The last come out 60 days
/// before the end, so that there is a time at which all can be rated.
struct ReleaseDates: Sendable {
  private let lastYear: Int
  private let firstDay: Int
  private let span: Int

  init(_ parameters: SyntheticPrize.Parameters) {
    lastYear = CalendarTime(UInt32(parameters.lastDay) * 86_400).date.year
    firstDay = parameters.firstDay
    span = parameters.lastDay - parameters.firstDay
  }

  /// Draws a year, and the first day on which the item can be rated, from the set's first day.
  func draw(_ stream: inout RandomStream) -> (year: Int, availableFrom: Int) {
    let age = Int(-11 * logarithm(1 - stream.uniform()))
    let year = max(lastYear - age, 1890)
    let dayOfYear = stream.below(365)
    let newYear = max(FieldScanner.dayNumber(year: year, month: 1, day: 1), 0)
    return (year, min(max(newYear + dayOfYear - firstDay, 0), span - SyntheticPrize.lastWeeks))
  }
}
