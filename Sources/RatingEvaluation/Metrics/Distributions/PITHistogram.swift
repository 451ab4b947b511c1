#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The probability integral transform of the answers: where each lies in its predicted distribution. Of a calibrated model
/// it is uniform; a histogram that is high in the middle is of distributions that are too wide, one that is high at both
/// ends of distributions that are too narrow.
///
/// With star probabilities the transform is the non-randomized one: an answer y is spread evenly over
/// P(< y)...P(<= y). Without, it is Phi((y - m) / s) of the normal distribution.
///
/// Source: Czado, Gneiting and Held, "Predictive model assessment for count data" (2009),
/// doi:10.1111/j.1541-0420.2009.01191.x.
public struct PITHistogram: DistributionMetric {
  public private(set) var count = 0
  /// For each bound k / bins, k from 1: the sum over rows of how much of the transform lies below it.
  private var below: [CompensatedSum]

  /// - Parameter bins: at least 2.
  public init(bins: Int = 20) {
    precondition(bins >= 2, "a histogram needs at least 2 bins, got \(bins)")
    below = [CompensatedSum](repeating: CompensatedSum(), count: bins)
  }

  public mutating func add(_ rows: DistributionRows, in range: Range<Int>) {
    let stars = rows.stars.count
    for row in range {
      var (low, high) = (0.0, 0.0)
      if stars > 0 {
        for star in 0..<rows.answerStars[row] { low += rows.probabilities[row * stars + star] }
        high = min(1, low + rows.probabilities[row * stars + rows.answerStars[row]])
      } else {
        low = 0.5 * erfc((rows.means[row] - rows.answers[row]) / rows.deviations[row] / 2.0.squareRoot())
        high = low
      }
      for bin in below.indices {
        let bound = Double(bin + 1) / Double(below.count)
        if bound >= high {
          below[bin].add(1)
        } else if bound > low {
          below[bin].add((bound - low) / (high - low))
        }
      }
    }
    count += range.count
  }

  /// - Precondition: both have as many bins.
  public mutating func merge(_ other: PITHistogram) {
    precondition(below.count == other.below.count, "\(below.count) bins can't be merged with \(other.below.count)")
    count += other.count
    for bin in below.indices { below[bin].merge(other.below[bin]) }
  }

  /// The part of the transform that lies in each bin; 1 / bins of a calibrated model.
  public var shares: [Double] {
    if count == 0 { return [] }
    let values = below.map { $0.value / Double(count) }
    return values.indices.map { values[$0] - ($0 == 0 ? 0 : values[$0 - 1]) }
  }

  /// The largest distance between the transform's distribution function and the uniform one, at the bins' bounds.
  public var value: Double? {
    if count == 0 { return nil }
    return below.enumerated().map { abs($1.value / Double(count) - Double($0 + 1) / Double(below.count)) }.max()
  }
}
