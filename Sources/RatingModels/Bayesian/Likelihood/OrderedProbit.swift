import RatingNumerics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The ordered probit likelihood: a rating's level is the cell of a number line in which a latent number falls.
///
///     z = mean + N(0, 1)      level c where g[c - 1] < z < g[c]      P(level <= c) = Phi(g[c] - mean)
///
/// with K levels and K - 1 ascending cut-points g; g[-1] and g[K - 1] are the infinities. Stars that lie further apart in
/// people's minds have cut-points further apart, which a Gaussian likelihood can't say.
///
/// Cut-points are Double here and Float where the kernels compute with them.
///
/// Sources: Albert and Chib, "Bayesian analysis of binary and polychotomous response data", JASA 88 (1993),
/// doi:10.1080/01621459.1993.10476321; the cut-points' update after Albert and Chib, "Sequential ordinal modeling with
/// applications to survival data", Biometrics 57 (2001), doi:10.1111/j.0006-341X.2001.00829.x.
package struct OrderedProbit: Sendable, Equatable {
  /// g[0] < ... < g[K - 2].
  package internal(set) var cutPoints: [Double]

  package var levelCount: Int { cutPoints.count + 1 }

  /// Starts where means of 0 would give each level its share of the ratings: at the normal quantiles of the cumulative
  /// shares. Every level counts half a rating more, and neighbours are at least 0.001 apart, so that levels without
  /// ratings have cells too.
  ///
  /// - Parameter levelCounts: how many ratings have each level; 2 to 256 levels, of which any may have none.
  package init(levelCounts: [Int]) {
    precondition(
      (2...256).contains(levelCounts.count), "ordered probit needs 2 to 256 levels, got \(levelCounts.count)")
    let total = levelCounts.reduce(0) { $0 + Double($1) + 0.5 }
    var (cumulative, cutPoints) = (0.0, [Double]())
    for count in levelCounts.dropLast() {
      cumulative += Double(count) + 0.5
      let quantile = RandomStream.normalQuantile(cumulative / total)
      cutPoints.append(max(quantile, cutPoints.last.map { $0 + 0.001 } ?? quantile))
    }
    self.cutPoints = cutPoints
  }

  /// Takes over cut-points, as a file holds them: at least one, finite and ascending.
  package init(cutPoints: [Double]) {
    precondition(
      (1...255).contains(cutPoints.count) && cutPoints.allSatisfy(\.isFinite)
        && zip(cutPoints, cutPoints.dropFirst()).allSatisfy { $0 < $1 },
      "ordered probit needs 1 to 255 ascending cut-points, got \(cutPoints)")
    self.cutPoints = cutPoints
  }

  /// The cut-points with the infinities around them, as the kernels take them.
  package var kernelCuts: [Float] { Self.kernelCuts(cutPoints) }

  static func kernelCuts(_ cutPoints: [Double]) -> [Float] {
    [-.infinity] + cutPoints.map { Float($0) } + [.infinity]
  }

  // MARK: Prediction

  /// P(level) for each of the K levels. Each is right to about 1e-15 of itself, far out too; together they are 1 but for
  /// rounding.
  ///
  /// - Complexity: O(levels).
  package func probabilities(mean: Double) -> [Double] {
    [Double](unsafeUninitializedCapacity: levelCount) { probabilities, initialized in
      probabilities.initialize(repeating: 0)
      self.probabilities(mean: mean, into: probabilities)
      initialized = levelCount
    }
  }

  /// As `probabilities(mean:)`, into `levelCount` numbers.
  package func probabilities(mean: Double, into probabilities: UnsafeMutableBufferPointer<Double>) {
    precondition(
      probabilities.count == levelCount, "\(levelCount) levels do not fit \(probabilities.count) probabilities")
    // The difference of the tails on the side where the cell lies.
    for level in 0..<levelCount {
      let low = level == 0 ? -Double.infinity : cutPoints[level - 1] - mean
      let high = level == cutPoints.count ? Double.infinity : cutPoints[level] - mean
      probabilities[level] =
        low + high < 0 ? Self.upperTail(-high) - Self.upperTail(-low) : Self.upperTail(low) - Self.upperTail(high)
    }
  }

  private static func upperTail(_ x: Double) -> Double { erfc(x * 0.5.squareRoot()) / 2 }

  /// The expected rating, the sum of P(level) x the level's rating.
  ///
  /// - Parameter levels: the rating of each level.
  /// - Complexity: O(levels).
  package func expected(mean: Double, levels: [Double]) -> Double {
    precondition(levels.count == levelCount, "\(levelCount) levels need as many ratings, got \(levels.count)")
    return cutPoints.indices.reduce(levels[0]) {
      $0 + (levels[$1 + 1] - levels[$1]) * Self.upperTail(cutPoints[$1] - mean)
    }
  }

  /// The expected ratings of many means, in Float: to about 2e-7 of the largest rating, at 0.4 ns for each cut-point.
  ///
  /// - Parameters:
  ///   - levels: the rating of each level.
  ///   - ratings: may be `means`.
  /// - Complexity: O(count x levels).
  package func expected(
    means: UnsafePointer<Float>, count: Int, levels: [Double], into ratings: UnsafeMutablePointer<Float>
  ) {
    precondition(levels.count == levelCount, "\(levelCount) levels need as many ratings, got \(levels.count)")
    Kernels.probitExpected(
      means: means, count: count, cuts: cutPoints.map { Float($0) },
      gaps: zip(levels, levels.dropFirst()).map { Float($1 - $0) }, cutCount: cutPoints.count, base: Float(levels[0]),
      into: ratings)
  }
}
