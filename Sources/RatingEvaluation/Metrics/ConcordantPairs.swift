import RatingNumerics

/// The fraction of concordant pairs: of two items that a user rated differently, how often the one that the user likes
/// better has the higher prediction.
///
///     FCP = (concordant + tied / 2) / (concordant + discordant + tied)
///
/// over all users' pairs of rows with different answers: concordant where predictions are in the same order as answers,
/// discordant in the opposite one, tied where predictions are equal. Pairs with equal answers don't count. A tie counts
/// half, as in a rank correlation: predicting a constant gives 0.5. 1 is perfect; 0.5 is what guessing gives.
///
/// With (Somers') D of predictions given answers, FCP = (1 + D) / 2.
///
/// A batch is **all rows of one user**: users may come in any order, and in any shards.
///
/// O(rows log rows) time for each user and memory for one user's rows.
///
/// Source: Koren and Sill, "Collaborative filtering on ordinal user feedback" (IJCAI 2013), section 5, which has no ties
/// in predictions; Somers, "A new asymmetric measure of association for ordinal variables" (1962), doi:10.2307/2090408.
public struct ConcordantPairs: RatingMetric {
  public private(set) var count = 0
  public private(set) var concordant = 0
  public private(set) var discordant = 0
  /// Pairs with different answers and equal predictions.
  public private(set) var tied = 0

  public init() {}

  /// Adds all rows of one user.
  public mutating func add(_ rows: RowSlice) {
    count += rows.count
    guard rows.count > 1 else { return }
    let order = (0..<rows.count).sorted {
      (rows.answers[$0], rows.predictions[$0]) < (rows.answers[$1], rows.predictions[$1])
    }
    // In this order, rows of one answer stand together with ascending predictions: so no inversion of predictions is
    // within one answer, and every inversion is a discordant pair.
    var predictions = order.map { rows.predictions[$0] }
    let different = Self.pairs(rows.count) - Self.equalPairs(order.map { rows.answers[$0] })
    let both = Self.equalPairs(order.map { (rows.answers[$0], rows.predictions[$0]) }, ==)
    var scratch = predictions
    let inversions = Self.sort(&predictions, with: &scratch)
    let ties = Self.equalPairs(predictions) - both
    discordant += inversions
    tied += ties
    concordant += different - inversions - ties
  }

  public mutating func merge(_ other: ConcordantPairs) {
    count += other.count
    concordant += other.concordant
    discordant += other.discordant
    tied += other.tied
  }

  /// nil where no user has two rows with different answers.
  public var value: Double? {
    let pairs = concordant + discordant + tied
    return pairs == 0 ? nil : (Double(concordant) + Double(tied) / 2) / Double(pairs)
  }

  private static func pairs(_ count: Int) -> Int { count * (count - 1) / 2 }

  /// The pairs of equal elements, where equal ones stand together.
  private static func equalPairs(_ sorted: [Int64]) -> Int { equalPairs(sorted, ==) }

  private static func equalPairs<Element>(_ sorted: [Element], _ areEqual: (Element, Element) -> Bool) -> Int {
    var (total, run) = (0, 1)
    for position in sorted.indices.dropFirst() {
      if areEqual(sorted[position], sorted[position - 1]) {
        total += run
        run += 1
      } else {
        run = 1
      }
    }
    return total
  }

  /// Sorts by merging runs of growing length, and counts the pairs that stood in descending order.
  private static func sort(_ values: inout [Int64], with scratch: inout [Int64]) -> Int {
    var inversions = 0
    var width = 1
    while width < values.count {
      for start in stride(from: 0, to: values.count, by: 2 * width) {
        let middle = min(start + width, values.count)
        let end = min(start + 2 * width, values.count)
        var (left, right, target) = (start, middle, start)
        while left < middle && right < end {
          if values[right] < values[left] {
            inversions += middle - left
            scratch[target] = values[right]
            right += 1
          } else {
            scratch[target] = values[left]
            left += 1
          }
          target += 1
        }
        while left < middle {
          scratch[target] = values[left]
          (left, target) = (left + 1, target + 1)
        }
        while right < end {
          scratch[target] = values[right]
          (right, target) = (right + 1, target + 1)
        }
      }
      swap(&values, &scratch)
      width *= 2
    }
    return inversions
  }
}
