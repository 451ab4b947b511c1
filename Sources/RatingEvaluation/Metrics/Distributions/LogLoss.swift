#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The negative log-likelihood of the answers, a mean over rows in nats (natural logarithms): smaller is better.
///
///     nll  = - sum ln P(y) / n                                         P: the probability of the star y
///     nlpd = sum (ln(2 pi s^2) / 2 + (y - m)^2 / (2 s^2)) / n          m, s: mean and deviation of a normal density
///
/// The log-likelihood itself is minus this. A probability and a density are different things: the one is at most 1, so
/// that nll is at least 0, the other may be above 1. They have two names, so that nobody compares them. (The probability
/// of a star is about the density times the distance of stars: for whole stars the two are near each other.)
///
/// Source: Good, "Rational decisions" (1952), doi:10.1111/j.2517-6161.1952.tb00104.x.
public struct LogLoss: DistributionMetric {
  public enum Form: Sendable, Hashable {
    /// Of the probability of the star that was given.
    case star
    /// Of the density of the normal distribution with the predicted mean and deviation.
    case normal
  }

  public let form: Form
  public private(set) var count = 0
  /// The rows whose answer was given the probability 0: with one of them the loss is infinite, and `value` nil.
  public private(set) var impossible = 0
  private var sum = CompensatedSum()

  public init(_ form: Form) { self.form = form }

  public mutating func add(_ rows: DistributionRows, in range: Range<Int>) {
    switch form {
    case .star:
      guard !rows.stars.isEmpty else { return }
      for row in range {
        let probability = rows.probabilities[row * rows.stars.count + rows.answerStars[row]]
        if probability > 0 { sum.add(-log(probability)) } else { impossible += 1 }
      }
    case .normal:
      for row in range {
        let deviation = rows.deviations[row]
        let z = (rows.answers[row] - rows.means[row]) / deviation
        sum.add(0.5 * log(2 * .pi) + log(deviation) + 0.5 * z * z)
      }
    }
    count += range.count
  }

  public mutating func merge(_ other: LogLoss) {
    count += other.count
    impossible += other.impossible
    sum.merge(other.sum)
  }

  public var value: Double? { count == 0 || impossible > 0 ? nil : sum.value / Double(count) }

  public static func missing(in rows: DistributionRows, for metric: LogLoss) -> String? {
    metric.form == .star && rows.stars.isEmpty ? "probabilities of stars" : nil
  }
}
