import CRatingKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A stream of random numbers that is a pure function of (seed, purpose, index).
///
/// Philox 4x32-10, a counter-based generator: block `c` of the stream is a keyed bijection of the 128-bit counter
/// (index, c), so any number of streams can be made anywhere, in any order and on any thread, at no cost, and none
/// overlaps another.
///
/// Period: 2^66 numbers of 64 bits for each (seed, purpose, index). Complexity: O(1) to make; ten rounds of two
/// multiplications for each 128 bits.
///
/// Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011,
/// doi:10.1145/2063384.2063405. The tests hold its published vectors.
public struct RandomStream: RandomNumberGenerator, Sendable {
  private let key: (UInt32, UInt32)
  private let index: UInt64
  private var block: UInt64 = 0
  private var spare: UInt64 = 0
  private var hasSpare = false

  public init(seed: Seed, purpose: StreamPurpose, index: UInt64 = 0) {
    let mixed = Self.mix(seed.value &+ 0x9e37_79b9_7f4a_7c15) ^ Self.mix(purpose.hash)
    let final = Self.mix(mixed)
    self.key = (UInt32(truncatingIfNeeded: final), UInt32(truncatingIfNeeded: final >> 32))
    self.index = index
  }

  /// The stream as the kernels know it.
  var words: rk_stream { rk_stream(key: key, index: index) }

  /// The finalizer of SplitMix64: a bijection of 64-bit numbers in which every bit depends on every other.
  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// Ten rounds of Philox 4x32.
  static func philox(
    counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var (c0, c1, c2, c3) = counter
    var (k0, k1) = key
    for _ in 0..<10 {
      let p0 = UInt64(c0) &* 0xD251_1F53
      let p1 = UInt64(c2) &* 0xCD9E_8D57
      (c0, c1, c2, c3) = (
        UInt32(truncatingIfNeeded: p1 >> 32) ^ c1 ^ k0, UInt32(truncatingIfNeeded: p1),
        UInt32(truncatingIfNeeded: p0 >> 32) ^ c3 ^ k1, UInt32(truncatingIfNeeded: p0)
      )
      k0 = k0 &+ 0x9E37_79B9
      k1 = k1 &+ 0xBB67_AE85
    }
    return (c0, c1, c2, c3)
  }

  public mutating func next() -> UInt64 {
    if hasSpare {
      hasSpare = false
      return spare
    }
    let out = Self.philox(
      counter: (
        UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32),
        UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32)
      ), key: key)
    block &+= 1
    spare = UInt64(out.2) | UInt64(out.3) << 32
    hasSpare = true
    return UInt64(out.0) | UInt64(out.1) << 32
  }

  /// A number in [0, 1), a multiple of 2^-53.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A whole number in `0..<bound`, each equally likely (Lemire 2019, doi:10.1145/3230636).
  ///
  /// - Precondition: `bound > 0`.
  public mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0, "below(_:) needs a positive bound, got \(bound)")
    let range = UInt64(bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      while product.low < threshold { product = next().multipliedFullWidth(by: range) }
    }
    return Int(product.high)
  }

  /// A draw from the standard normal distribution: mean 0, standard deviation 1.
  ///
  /// The inverse of the distribution function at one uniform number, so that the n-th normal of a stream is always made
  /// from its n-th number.
  public mutating func normal() -> Double {
    // The middle of one of 2^52 cells: never 0 and never 1. (With 2^53 cells the last middle would be rounded to 1.)
    Self.normalQuantile((Double(next() >> 12) + 0.5) * 0x1p-52)
  }

  /// Puts the elements in a random order, each order equally likely (Fisher-Yates).
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    guard elements.count > 1 else { return }
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, below(last + 1))
    }
  }

  /// The standard normal quantile of `p` in (0, 1), to about 1e-16 relative.
  ///
  /// Source: Wichura, "Algorithm AS 241: The percentage points of the normal distribution", Applied Statistics 37
  /// (1988), doi:10.2307/2347330, routine PPND16.
  package static func normalQuantile(_ p: Double) -> Double {
    let q = p - 0.5
    if abs(q) <= 0.425 {
      let r = 0.180625 - q * q
      return q
        * ratio(
          r,
          (
            2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
            13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608
          ),
          (
            5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
            5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1
          ))
    }
    let tail = sqrt(-log(q < 0 ? p : 1 - p))
    let magnitude: Double
    if tail <= 5 {
      magnitude = ratio(
        tail - 1.6,
        (
          7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
          3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734
        ),
        (
          1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
          0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1
        ))
    } else {
      magnitude = ratio(
        tail - 5,
        (
          2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
          0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772
        ),
        (
          2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
          0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1
        ))
    }
    return q < 0 ? -magnitude : magnitude
  }

  private typealias Coefficients = (Double, Double, Double, Double, Double, Double, Double, Double)

  /// The quotient of two polynomials of degree 7, coefficients from the highest power down.
  private static func ratio(_ x: Double, _ a: Coefficients, _ b: Coefficients) -> Double {
    func horner(_ c: Coefficients) -> Double {
      ((((((c.0 * x + c.1) * x + c.2) * x + c.3) * x + c.4) * x + c.5) * x + c.6) * x + c.7
    }
    return horner(a) / horner(b)
  }
}
