/// How the first N items of all rankings are spread over the catalogue.
///
///     catalogue-coverage@N = items that are in the first N of some user / items in the catalogue
///     gini@N               = sum over items, ascending by exposure x, of (2 i - n - 1) x_i / (n sum x), i from 1
///
/// Exposure is in how many users' first N an item is. A Gini coefficient of 0 means that all items are shown alike, one
/// near 1 that a few are shown to everybody.
///
/// O(N) time for each user, 4 bytes for each item of the catalogue.
///
/// Sources: Gini, "Variabilità e mutabilità" (1912); Ge, Delgado-Battenfeld and Jannach, "Beyond accuracy: evaluating
/// recommender systems by coverage and serendipity" (RecSys 2010), doi:10.1145/1864708.1864761.
public struct ItemExposure: RankingMetric {
  public enum Figure: String, Sendable, Hashable, CaseIterable {
    case coverage = "catalogue-coverage"
    case gini

    var title: String { self == .coverage ? "catalogue coverage" : "Gini coefficient of exposure" }

    var formula: String {
      self == .coverage
        ? "items in the first N of some user / items in the catalogue"
        : "sum of (2 i - n - 1) x_i / (n sum x), exposures x ascending"
    }
  }

  public let figure: Figure
  /// N.
  public let cutoff: Int
  public private(set) var count = 0
  /// For each item of the catalogue, in how many users' first N it is.
  public private(set) var exposures: [UInt32]

  /// - Precondition: `cutoff` and `catalogue` are at least 1.
  public init(_ figure: Figure, cutoff: Int, catalogue: Int) {
    precondition(cutoff >= 1 && catalogue >= 1, "exposure needs at least 1 item, got \(cutoff) of \(catalogue)")
    self.figure = figure
    self.cutoff = cutoff
    exposures = [UInt32](repeating: 0, count: catalogue)
  }

  /// - Precondition: the ranked items are of the catalogue.
  public mutating func add(_ user: RankedUser) {
    for item in user.ranked.prefix(cutoff) { exposures[Int(item)] += 1 }
    count += 1
  }

  /// - Precondition: both are of the same figure, cut-off and catalogue.
  public mutating func merge(_ other: ItemExposure) {
    precondition(
      figure == other.figure && cutoff == other.cutoff && exposures.count == other.exposures.count,
      "different metrics can't be merged")
    for item in exposures.indices { exposures[item] += other.exposures[item] }
    count += other.count
  }

  /// nil where nothing was shown.
  public var value: Double? {
    let items = Double(exposures.count)
    let shown = exposures.reduce(0) { $0 + Int($1) }
    if shown == 0 { return nil }
    if figure == .coverage { return Double(exposures.count { $0 > 0 }) / items }
    let sorted = exposures.sorted()
    // Whole numbers: below 2^31 items times 2^32 users.
    let sum = sorted.enumerated().reduce(Int128(0)) { sum, element in
      sum + Int128(2 * (element.offset + 1) - sorted.count - 1) * Int128(element.element)
    }
    return Double(sum) / (items * Double(shown))
  }
}
