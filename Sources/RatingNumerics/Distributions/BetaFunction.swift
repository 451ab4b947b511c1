#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The incomplete beta function, from which the tails of Student's t distribution follow.
///
/// Right to about 1e-14 of itself for parameters from 0.01 to 10^9, because no logarithm of a gamma function is ever
/// subtracted from another: those are as large as the parameters, and their difference would lose that many digits.
package enum BetaFunction {
  /// I_x(a, b) = integral from 0 to x of t^(a - 1) (1 - t)^(b - 1) dt / B(a, b), and 1 - I_x(a, b).
  ///
  /// The one on the near side of the mean is computed, the other is what it lacks of 1. By continued fractions (modified
  /// Lentz): DLMF 8.17.22, and for b < 1, where that one loses digits as x nears 1, Gauss's fraction for
  /// 2F1(1 - b, 1; a + 1; -x / y), whose terms are all positive.
  ///
  /// - Parameters:
  ///   - x: 0...1.
  ///   - y: 1 - x, which the caller may know to more digits than the subtraction gives.
  /// - Precondition: a and b are above 0.
  /// - Complexity: O(sqrt(max(a, b))).
  package static func regularized(
    x: Double, y: Double, a: Double, b: Double
  ) -> (lower: Double, upper: Double) {
    precondition(a > 0 && b > 0, "an incomplete beta function needs parameters above 0, got \(a) and \(b)")
    if x <= 0 { return (0, 1) }
    if y <= 0 { return (1, 0) }
    if x > (a + 1) / (a + b + 2) {
      let other = regularized(x: y, y: x, a: b, b: a)
      return (other.upper, other.lower)
    }
    let start = power(x: x, y: y, a: a, b: b) / a
    let value = b < 1 ? start / y / tailFraction(z: x / y, a: a, b: b) : start / continuedFraction(x: x, a: a, b: b)
    return (value, 1 - value)
  }

  /// x^a y^b / B(a, b), with y = 1 - x.
  ///
  /// Stirling's formula for the three gamma functions leaves (x / x0)^a (y / y0)^b around the mean x0 = a / (a + b), whose
  /// logarithm is a sum of two terms of one sign (Loader, "Fast and accurate computation of binomial probabilities",
  /// 2000).
  package static func power(x: Double, y: Double, a: Double, b: Double) -> Double {
    let distance = x * b - y * a
    let exponent =
      a * logarithmLessLinear(distance / a, sum: x * (a + b) / a)
      + b * logarithmLessLinear(-distance / b, sum: y * (a + b) / b)
    let correction = stirlingRemainder(a + b) - stirlingRemainder(a) - stirlingRemainder(b)
    return (a / (a + b) * b / (2 * Double.pi)).squareRoot() * exp(exponent + correction)
  }

  /// log(1 + e) - e, to all digits where e is small too; `sum` is 1 + e, known by itself where e is close to -1.
  static func logarithmLessLinear(_ e: Double, sum: Double) -> Double {
    if abs(e) > 0.5 { return log(sum) - e }
    // With r = e / (2 + e): log(1 + e) = 2 (r + r^3 / 3 + r^5 / 5 + ...), and 2 r - e = -e r.
    let r = e / (2 + e)
    let square = r * r
    var (series, term, odd) = (0.0, 1.0, 3.0)
    repeat {
      series += term / odd
      term *= square
      odd += 2
    } while term > 1e-18
    return 2 * r * square * series - e * r
  }

  /// log Gamma(z) - ((z - 1/2) log z - z + log(2 pi) / 2).
  static func stirlingRemainder(_ z: Double) -> Double {
    var (shifted, remainder) = (z, 0.0)
    while shifted < 10 {
      remainder += (shifted + 0.5) * log1p(1 / shifted) - 1
      shifted += 1
    }
    // DLMF 5.11.1: B(2k) / (2k (2k - 1) z^(2k - 1)).
    let coefficients: [Double] = [
      1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156, -3617.0 / 122400,
    ]
    let w = 1 / (shifted * shifted)
    let series = coefficients.reversed().reduce(0) { $0 * w + $1 }
    return remainder + series / shifted
  }

  /// 1 + d1 / (1 + d2 / (1 + ...)) of DLMF 8.17.22.
  private static func continuedFraction(x: Double, a: Double, b: Double) -> Double {
    fraction(limit: max(a, b)) { m in
      (
        -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        (m + 1) * (b - m - 1) * x / ((a + 2 * m + 1) * (a + 2 * m + 2))
      )
    }
  }

  /// 1 / 2F1(1 - b, 1; a + 1; -z) = 1 + c1 z / (1 + c2 z / (1 + ...)) of DLMF 15.7.5.
  private static func tailFraction(z: Double, a: Double, b: Double) -> Double {
    fraction(limit: max(a, z)) { m in
      (
        (1 - b + m) * (a + m) * z / ((a + 2 * m) * (a + 2 * m + 1)),
        (m + 1) * (a + b + m) * z / ((a + 2 * m + 1) * (a + 2 * m + 2))
      )
    }
  }

  /// 1 + t1 / (1 + t2 / (1 + ...)), its terms given two by two, by Lentz's method.
  private static func fraction(limit: Double, _ terms: (Double) -> (Double, Double)) -> Double {
    let tiny = 1e-300
    func bounded(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var (value, c, d) = (1.0, 1.0, 0.0)
    func add(_ term: Double) -> Double {
      d = 1 / bounded(1 + term * d)
      c = bounded(1 + term / c)
      value *= c * d
      return c * d
    }
    // It converges in O(sqrt(limit)) steps; this many end it in any case.
    let most = 40 * limit.squareRoot() + 200
    var m = 0.0
    while m < most {
      let (first, second) = terms(m)
      _ = add(first)
      if abs(add(second) - 1) < 2e-16 { break }
      m += 1
    }
    return value
  }
}
