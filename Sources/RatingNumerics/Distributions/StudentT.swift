#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Student's t distribution: what a mean divided by its estimated standard error follows.
///
///     StudentT(degreesOfFreedom: 458).quantile(0.975)   // 1.9651...
public struct StudentT: Sendable, Hashable {
  /// Above 0; infinity gives the normal distribution.
  public let degreesOfFreedom: Double

  /// - Precondition: `degreesOfFreedom` is above 0.
  public init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0, "a t distribution needs degrees of freedom above 0, got \(degreesOfFreedom)")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// P(T <= t).
  public func cumulative(_ t: Double) -> Double { upperTail(-t) }

  /// P(T > t), small where it is small: to about 1e-14 of itself.
  ///
  /// For t >= 0 half of I_x(n / 2, 1 / 2) at x = n / (n + t^2).
  ///
  /// - Complexity: O(sqrt(degreesOfFreedom)).
  public func upperTail(_ t: Double) -> Double {
    let n = degreesOfFreedom
    if t.isNaN { return .nan }
    if n > 1e15 { return NormalDistribution.upperTail(t) }
    if t < 0 { return 1 - upperTail(-t) }
    // n / (n + t^2) by t / sqrt(n), so that no square of a large t overflows.
    let ratio = t / n.squareRoot()
    let (x, y) = ratio > 1 ? Self.shares(1 / ratio, 1) : Self.shares(1, ratio)
    return BetaFunction.regularized(x: x, y: y, a: n / 2, b: 0.5).lower / 2
  }

  /// p^2 and q^2 divided by their sum.
  private static func shares(_ p: Double, _ q: Double) -> (Double, Double) {
    let sum = p * p + q * q
    return (p * p / sum, q * q / sum)
  }

  /// The t with P(T <= t) = p.
  ///
  /// Newton's method on log P(T > t) as a function of log t, kept inside an interval that holds the solution.
  ///
  /// - Precondition: `p` is above 0 and below 1.
  public func quantile(_ p: Double) -> Double {
    precondition(p > 0 && p < 1, "a quantile needs a probability above 0 and below 1, got \(p)")
    if degreesOfFreedom > 1e15 { return NormalDistribution.quantile(p) }
    if p == 0.5 { return 0 }
    return p < 0.5 ? -upperQuantile(p) : upperQuantile(1 - p)
  }

  /// The t > 0 with P(T > t) = tail, tail < 1/2.
  private func upperQuantile(_ tail: Double) -> Double {
    let n = degreesOfFreedom
    var t = -NormalDistribution.quantile(tail)
    var (low, high) = (0.0, Double.greatestFiniteMagnitude)
    for _ in 0..<400 {
      let probability = upperTail(t)
      if probability > tail { low = t } else { high = t }
      let ratio = t / n.squareRoot()
      let (x, y) = ratio > 1 ? Self.shares(1 / ratio, 1) : Self.shares(1, ratio)
      // t times the density.
      let slope = BetaFunction.power(x: x, y: y, a: n / 2, b: 0.5)
      let excess = probability - tail
      // Near the middle log P is flat in log t, and the plain step is the better one.
      var next =
        abs(excess) < 0.1 * tail ? t + t * excess / slope : t * exp(probability / slope * log(probability / tail))
      if !(next > low && next < high) {
        next = high == .greatestFiniteMagnitude ? 2 * t : low == 0 ? high / 2 : (low * high).squareRoot()
      }
      if abs(next - t) <= 1e-15 * t { return next }
      t = next
    }
    return t
  }
}
