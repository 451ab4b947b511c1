#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The standard normal distribution: mean 0, standard deviation 1.
public enum NormalDistribution {
  /// P(Z <= z), to a few units in the last place, in the far tails too.
  public static func cumulative(_ z: Double) -> Double { erfc(-z * 0.5.squareRoot()) / 2 }

  /// P(Z > z), small where it is small: not computed as 1 - P(Z <= z).
  public static func upperTail(_ z: Double) -> Double { erfc(z * 0.5.squareRoot()) / 2 }

  /// The z with P(Z <= z) = p, to about 1e-16 of itself.
  ///
  /// - Precondition: `p` is above 0 and below 1.
  ///
  /// Source: Wichura, Algorithm AS 241, Applied Statistics 37 (1988), doi:10.2307/2347330.
  public static func quantile(_ p: Double) -> Double {
    precondition(p > 0 && p < 1, "a quantile needs a probability above 0 and below 1, got \(p)")
    return RandomStream.normalQuantile(p)
  }
}
