#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A mixture of normal distributions of equal weights: N(means[s], deviations[s]^2).
struct NormalMixture {
  let means: UnsafeBufferPointer<Double>
  /// All above 0.
  let deviations: UnsafeBufferPointer<Double>

  /// - Precondition: as many deviations as means, at least one.
  init(means: UnsafeBufferPointer<Double>, deviations: UnsafeBufferPointer<Double>) {
    precondition(
      means.count == deviations.count && !means.isEmpty,
      "a mixture needs a deviation for each of at least one mean, got \(deviations.count) for \(means.count)")
    self.means = means
    self.deviations = deviations
  }

  /// The probability of a value of at most x.
  ///
  /// - Complexity: O(components).
  func mass(below x: Double) -> Double {
    var sum = 0.0
    for index in 0..<means.count {
      sum += erfc((means[index] - x) / deviations[index] * 0.5.squareRoot())
    }
    return sum / (2 * Double(means.count))
  }

  /// The density at x.
  private func density(_ x: Double) -> Double {
    var sum = 0.0
    for index in 0..<means.count {
      let z = (x - means[index]) / deviations[index]
      sum += exp(-z * z / 2) / deviations[index]
    }
    return sum / ((2 * Double.pi).squareRoot() * Double(means.count))
  }

  /// The x below which there is a probability of p, to about 1e-9 deviations.
  ///
  /// Newton's method on the distribution function, from `start` on. The quantile lies between the smallest and the
  /// largest of the components' own; every evaluation narrows that bracket, and where a step would leave it, it is halved
  /// instead.
  ///
  /// - Parameters:
  ///   - p: above 0 and below 1.
  ///   - normal: the standard normal quantile of p.
  /// - Complexity: O(components) for each of about four steps.
  func quantile(_ p: Double, normal: Double, from start: Double) -> Double {
    var (low, high) = (Double.infinity, -Double.infinity)
    var unit = Double.infinity
    for index in 0..<means.count {
      let own = means[index] + normal * deviations[index]
      (low, high) = (min(low, own), max(high, own))
      unit = min(unit, deviations[index])
    }
    var x = min(max(start, low), high)
    for _ in 0..<200 {
      let excess = mass(below: x) - p
      if excess > 0 { high = x } else { low = x }
      let newton = x - excess / density(x)
      let next = newton > low && newton < high ? newton : (low + high) / 2
      let step = abs(next - x)
      x = next
      if step <= 1e-9 * unit || high - low <= 1e-9 * unit { break }
    }
    return x
  }
}
