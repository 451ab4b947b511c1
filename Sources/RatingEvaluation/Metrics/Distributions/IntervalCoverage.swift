/// How many answers lie inside their predicted interval, and how wide the intervals are.
///
///     interval-coverage = rows with lower <= y <= upper / n         should be near the intervals' level
///     interval-width    = sum (upper - lower) / n                   of two that cover alike, the narrower is better
///
/// Where ratings are stars, an interval from one star to another holds its level or a little more.
public struct IntervalCoverage: DistributionMetric {
  public enum Figure: Sendable, Hashable {
    case coverage
    case width
  }

  public let figure: Figure
  public private(set) var count = 0
  /// The rows whose answer lies inside.
  public private(set) var inside = 0
  /// The probability that the intervals are made for; nil before any row was added.
  public private(set) var level: Double?
  private var width = CompensatedSum()

  public init(_ figure: Figure) { self.figure = figure }

  public mutating func add(_ rows: DistributionRows, in range: Range<Int>) {
    guard let intervals = rows.intervals else { return }
    for row in range {
      let answer = rows.answers[row]
      if answer >= intervals.lower[row] && answer <= intervals.upper[row] { inside += 1 }
      width.add(intervals.upper[row] - intervals.lower[row])
    }
    level = level ?? intervals.level
    count += range.count
  }

  public mutating func merge(_ other: IntervalCoverage) {
    count += other.count
    inside += other.inside
    level = level ?? other.level
    width.merge(other.width)
  }

  public var value: Double? {
    if count == 0 { return nil }
    return figure == .coverage ? Double(inside) / Double(count) : width.value / Double(count)
  }

  public static func missing(in rows: DistributionRows, for metric: IntervalCoverage) -> String? {
    rows.intervals == nil ? "intervals" : nil
  }
}
