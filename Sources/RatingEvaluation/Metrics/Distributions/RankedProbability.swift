#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The (continuous) ranked probability score: how far the predicted distribution function lies from the step at the
/// answer, as the integral of the squared distance. In the unit of ratings; smaller is better.
///
///     rps  = sum over stars k but the last of (P(y <= k) - [y <= k])^2 (next star - k), mean over rows
///     crps = s (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi)), z = (y - m) / s, mean over rows
///
/// Of a model that is certain of one rating the score is the absolute error, so that it stands beside the MAE: being
/// rightly unsure makes it smaller.
///
/// Sources: Epstein, "A scoring system for probability forecasts of ranked categories" (1969),
/// doi:10.1175/1520-0450(1969)008<0985:ASSFPF>2.0.CO;2; Gneiting and Raftery, "Strictly proper scoring rules, prediction,
/// and estimation" (2007), section 4.2, doi:10.1198/016214506000001437.
public struct RankedProbability: DistributionMetric {
  public enum Form: Sendable, Hashable {
    /// Of the probabilities of stars.
    case stars
    /// Of the normal distribution with the predicted mean and deviation.
    case normal
  }

  public let form: Form
  public private(set) var count = 0
  private var sum = CompensatedSum()

  public init(_ form: Form) { self.form = form }

  public mutating func add(_ rows: DistributionRows, in range: Range<Int>) {
    switch form {
    case .stars:
      guard !rows.stars.isEmpty else { return }
      for row in range {
        var (below, score) = (0.0, 0.0)
        for star in 0..<rows.stars.count - 1 {
          below += rows.probabilities[row * rows.stars.count + star]
          let distance = below - (rows.answerStars[row] <= star ? 1 : 0)
          score += distance * distance * (rows.stars[star + 1] - rows.stars[star])
        }
        sum.add(score)
      }
    case .normal:
      for row in range {
        let deviation = rows.deviations[row]
        let z = (rows.answers[row] - rows.means[row]) / deviation
        let density = exp(-0.5 * z * z) / (2 * Double.pi).squareRoot()
        // 2 Phi(z) - 1 = erf(z / sqrt 2).
        sum.add(deviation * (z * erf(z / 2.0.squareRoot()) + 2 * density - 1 / Double.pi.squareRoot()))
      }
    }
    count += range.count
  }

  public mutating func merge(_ other: RankedProbability) {
    count += other.count
    sum.merge(other.sum)
  }

  public var value: Double? { count == 0 ? nil : sum.value / Double(count) }

  public static func missing(in rows: DistributionRows, for metric: RankedProbability) -> String? {
    metric.form == .stars && rows.stars.isEmpty ? "probabilities of stars" : nil
  }
}
