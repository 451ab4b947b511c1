import RatingNumerics

/// The mean of a metric over groups, each counted once however many rows it has: over users, or over items.
///
///     rmse@users = sum over users of RMSE(user's rows) / number of users
///
/// Groups without a value (an R2 of equal answers) are left out and counted. The mean over users says how well the typical
/// user is served; the mean over rows is ruled by those who rate most.
///
/// A batch is **all rows of one group**. Merging in the order of the groups gives the same bytes at any number of threads.
public struct MacroAverage<Base: RatingMetric>: Sendable {
  private let empty: Base
  private var sum = CompensatedSum()
  /// The number of rows.
  public private(set) var count = 0
  /// The groups that have a value.
  public private(set) var groups = 0
  /// The groups that have none.
  public private(set) var leftOut = 0

  /// - Parameter empty: the metric of no rows.
  public init(of empty: Base) { self.empty = empty }

  /// Adds all rows of one group.
  public mutating func add(_ rows: RowSlice) {
    var metric = empty
    metric.add(rows)
    count += rows.count
    if let value = metric.quickValue {
      sum.add(value)
      groups += 1
    } else {
      leftOut += 1
    }
  }

  public mutating func merge(_ other: MacroAverage) {
    sum.merge(other.sum)
    count += other.count
    groups += other.groups
    leftOut += other.leftOut
  }

  /// nil where no group has a value.
  public var value: Double? { groups == 0 ? nil : sum.value / Double(groups) }
}

/// A sum of Doubles whose rounding errors are added up beside it: as good as one in twice the precision.
///
/// Source: Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen" (1974),
/// doi:10.1002/zamm.19740540106.
struct CompensatedSum: Sendable, Hashable {
  private var sum = 0.0
  private var lost = 0.0

  var value: Double { sum + lost }

  mutating func add(_ term: Double) {
    let total = sum + term
    lost += abs(sum) >= abs(term) ? (sum - total) + term : (term - total) + sum
    sum = total
  }

  mutating func merge(_ other: CompensatedSum) {
    add(other.sum)
    lost += other.lost
  }
}
