import RatingNumerics

/// A skewed distribution of counts with a given median, largest value and sum.
///
/// The logarithm of the count at normal quantile z is
///
///     log median + spreadBelow x z                below the median,
///     log median + spread x z - bend x z^2        above it,
///
/// where the spread makes the highest rank's count `largest`, and the bend makes the sum what is wanted. It describes
/// how many ratings users give, or items get: log-normal in the middle, with a tail that falls faster toward the end.
public struct CountCurve: Sendable, Hashable, Codable {
  public var median: Double
  public var largest: Double
  /// The standard deviation of the logarithm below the median.
  public var spreadBelow: Double

  public init(median: Double, largest: Double, spreadBelow: Double) {
    self.median = median
    self.largest = largest
    self.spreadBelow = spreadBelow
  }

  /// The curve at `count` ranks, from the lowest to the highest.
  ///
  /// - Parameters:
  ///   - sum: what the values add up to, as near as a curve whose tail is neither convex nor falling can come.
  ///   - smallest: no value is lower.
  /// - Complexity: O(count), 50 times.
  func values(count: Int, sum: Double, smallest: Double) -> [Double] {
    let quantiles = (0..<count).map { RandomStream.normalQuantile((Double($0) + 0.5) / Double(count)) }
    let last = max(quantiles.last ?? 1, 1e-3)
    let slope = logarithm(largest / median) / last
    func values(bend: Double) -> [Double] {
      let spread = slope + bend * last
      return quantiles.map { z in
        let exponent = z < 0 ? spreadBelow * z : (spread - bend * z) * z
        return min(max(median * exponential(exponent), smallest), largest)
      }
    }
    var (low, high) = (0.0, 1.2 * slope / last)
    for _ in 0..<50 {
      let middle = (low + high) / 2
      if values(bend: middle).reduce(0, +) < sum { low = middle } else { high = middle }
    }
    return values(bend: high)
  }

  /// What is wrong with the curve; nil where nothing is.
  var problem: String? {
    guard median >= 1 && median < largest && largest < 1e9 && spreadBelow >= 0 && spreadBelow <= 10 else {
      return "a curve of counts has 1 <= median < largest and a spread of 0...10, got \(median), \(largest) and "
        + "\(spreadBelow)"
    }
    return nil
  }
}
