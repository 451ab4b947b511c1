import RatingNumerics

/// Wilcoxon's signed-rank test, two-sided: are positive and negative differences alike in number and rank?
///
/// Differences of 0 are left out; equal magnitudes share the mean of their ranks. For up to 50 differences without ties the
/// distribution is counted out; otherwise it is taken as normal, with the variance that ties leave and a correction of 1/2
/// for continuity.
///
/// Source: Wilcoxon, Biometrics Bulletin 1 (1945), doi:10.2307/3001968.
public struct WilcoxonSignedRank: Sendable, Hashable {
  /// The sum of the ranks of positive differences.
  public let positiveRanks: Double
  /// The number of differences that are not 0.
  public let count: Int
  /// Above 0; 1 where no difference is left.
  public let pValue: Double

  static let exactLimit = 50

  /// - Precondition: differences are not NaN.
  /// - Complexity: O(n log n).
  public init(_ differences: [Double]) {
    let left = differences.filter { $0 != 0 }.sorted { abs($0) < abs($1) }
    let n = left.count
    var (positive, ties, start) = (0.0, 0.0, 0)
    while start < n {
      var end = start
      while end < n, abs(left[end]) == abs(left[start]) { end += 1 }
      let size = Double(end - start)
      // Ranks start + 1 ... end have this mean.
      let rank = Double(start + 1 + end) / 2
      positive += rank * Double(left[start..<end].count { $0 > 0 })
      ties += size * (size * size - 1)
      start = end
    }
    count = n
    positiveRanks = positive
    if n == 0 {
      pValue = 1
    } else if n <= Self.exactLimit, ties == 0 {
      let total = n * (n + 1) / 2
      pValue = min(1, 2 * Self.probability(atMost: min(Int(positive), total - Int(positive)), of: n))
    } else {
      let size = Double(n)
      let mean = size * (size + 1) / 4
      let variance = size * (size + 1) * (2 * size + 1) / 24 - ties / 48
      let distance = max(abs(positive - mean) - 0.5, 0)
      let tail = variance > 0 ? NormalDistribution.upperTail(distance / variance.squareRoot()) : 0.5
      pValue = min(1, max(2 * tail, .leastNormalMagnitude))
    }
  }

  /// P(W <= w): how many of the 2^n sets of ranks 1...n have a sum of at most w. At most 2^50, so the counts are exact.
  private static func probability(atMost w: Int, of n: Int) -> Double {
    var sets = [Double](repeating: 0, count: w + 1)
    sets[0] = 1
    for rank in 1...n where rank <= w {
      for sum in stride(from: w, through: rank, by: -1) { sets[sum] += sets[sum - rank] }
    }
    return sets.reduce(0, +) / Double(sign: .plus, exponent: n, significand: 1)
  }
}
