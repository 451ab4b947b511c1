#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension RandomStream {
  /// A draw from the gamma distribution with density proportional to x^(shape - 1) exp(-rate x): mean shape / rate.
  ///
  /// By rejection: takes a number of draws that is not fixed, so nothing but other gammas should follow in the stream.
  ///
  /// - Precondition: shape and rate are above 0.
  ///
  /// Source: Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000),
  /// doi:10.1145/358407.358414.
  package mutating func gamma(shape: Double, rate: Double) -> Double {
    precondition(shape > 0 && rate > 0, "a gamma distribution needs shape and rate above 0, got \(shape) and \(rate)")
    if shape < 1 {
      // X of shape + 1 times U^(1 / shape) has the shape wanted.
      let power = pow((Double(next() >> 12) + 0.5) * 0x1p-52, 1 / shape)
      return gamma(shape: shape + 1, rate: rate) * power
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
      guard v > 0 else { continue }
      let u = (Double(next() >> 12) + 0.5) * 0x1p-52
      if log(u) < 0.5 * x * x + d - d * v + d * log(v) { return d * v / rate }
    }
  }
}
