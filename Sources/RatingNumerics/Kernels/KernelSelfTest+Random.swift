import CRatingKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension KernelSelfTest {
  private static let stream = RandomStream(seed: 1, purpose: "kernel-self-test.random")
  private static let draws = 1000

  /// Compares draws with the normal quantiles of the stream's words in Double, and with the portable loop's.
  static func normals(_ kernels: KernelSet) -> Result {
    func values(by kernels: KernelSet) -> [Float] {
      var numbers = [Float](repeating: 0, count: draws)
      kernels.normals(stream, first: 0, count: draws, into: &numbers)
      return numbers
    }
    let found = values(by: kernels)
    var (words, worst) = (stream, 0.0)
    for place in stride(from: 0, to: draws, by: 2) {
      let next = words.next()
      for (value, word) in [(found[place], next & 0xffff_ffff), (found[place + 1], next >> 32)] {
        let exact = RandomStream.normalQuantile((Double(word ^ 0x8000_0000) + 0.5) * 0x1p-32)
        worst = max(worst, abs(Double(value) - exact))
      }
    }
    return verdict(
      "normal draws", kernels, error: worst, bound: 4e-6,
      sameBytes: found.map(\.bitPattern) == values(by: portable).map(\.bitPattern))
  }

  /// Draws in cells of the normal distribution: none may lie outside its own. The error is how far one does.
  static func truncatedNormals(_ kernels: KernelSet) -> Result {
    let cuts: [Float] = [-.infinity, -1.5, -0.25, 1, .infinity]
    let means = numbers(draws, index: 8).map { 20 * $0 * $0 * $0 }
    let levels = (0..<draws).map { UInt8($0 % 4) }
    func values(by kernels: KernelSet) -> [Float] {
      var numbers = [Float](repeating: 0, count: draws)
      kernels.truncatedNormals(stream, first: 0, means: means, levels: levels, cuts: cuts, count: draws, into: &numbers)
      return numbers
    }
    let found = values(by: kernels)
    let worst = zip(found, levels).reduce(0.0) { worst, draw in
      let (low, high) = (cuts[Int(draw.1)], cuts[Int(draw.1) + 1])
      return draw.0.isFinite ? max(worst, Double(max(low - draw.0, draw.0 - high))) : .infinity
    }
    return verdict(
      "truncated normal draws", kernels, error: worst, bound: 0,
      sameBytes: found.map(\.bitPattern) == values(by: portable).map(\.bitPattern))
  }

  /// The log-likelihood of a level and its derivatives, in Double by the error function.
  static func probit(_ kernels: KernelSet) -> Result {
    let (lower, upper): (Float, Float) = (-0.75, 0.5)
    let means = numbers(draws, index: 9).map { 3 * $0 }
    func sums(_ kernels: KernelSet) -> [Double] {
      let s = kernels.probitSums(lower: lower, upper: upper, means: means, count: draws)
      return [s.value, s.lower, s.upper, s.lower_lower, s.lower_upper, s.upper_upper]
    }
    var expected = [Double](repeating: 0, count: 6)
    for mean in means {
      let (a, b) = (Double(lower) - Double(mean), Double(upper) - Double(mean))
      let probability = (erf(b / 2.0.squareRoot()) - erf(a / 2.0.squareRoot())) / 2
      let p = exp(-a * a / 2) / (2 * Double.pi).squareRoot() / probability
      let q = exp(-b * b / 2) / (2 * Double.pi).squareRoot() / probability
      for (place, term) in [log(probability), -p, q, p * (a - p), p * q, -q * (b + q)].enumerated() {
        expected[place] += term
      }
    }
    let values = sums(kernels)
    let worst = zip(values, expected).reduce(0.0) { max($0, abs($1.0 - $1.1) / abs($1.1)) }
    return verdict(
      "ordered probit", kernels, error: worst, bound: 1e-5,
      sameBytes: values.map(\.bitPattern) == sums(portable).map(\.bitPattern))
  }
}
