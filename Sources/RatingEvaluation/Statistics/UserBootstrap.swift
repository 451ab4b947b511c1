@_spi(Benchmarks) import RatingNumerics

/// Replicates of one or two models' mean squared errors on users drawn with replacement.
///
///     let bootstrap = UserBootstrap(inference.users, for: .difference(0, 1), seed: 1)
///     bootstrap.interval(level: 0.95, .bca)
///
/// A replicate draws users, each with all of its rows. In the **multinomial** scheme, the bootstrap as it was invented, as
/// many users are drawn as there are. In the **Poisson** scheme the weight of each user is a Poisson number of mean 1 by
/// itself: the number of users varies, which a ratio such as an RMSE hardly notices.
///
/// How the multinomial weights are made: given their sum, independent Poisson weights have the multinomial distribution.
/// So weights of a mean a little below 1 are drawn, and then as many users more, one by one, as are missing; a replicate
/// that has too many already (1 in 30,000) is drawn anew. That is exact, and as fast as the Poisson scheme, since no user
/// is looked up at random but for the few that were missing.
///
/// Replicate r draws from the random streams of index r alone, and its sums are of whole numbers: the same bytes at any
/// number of threads and on every instruction set.
///
/// Sources: Efron, Annals of Statistics 7 (1979), doi:10.1214/aos/1176344552; Davison and Hinkley, "Bootstrap methods and
/// their application" (1997), section 3.8 on clusters; Chamandy, Muralidharan, Najmi and Naidu, "Estimating uncertainty for
/// massive data streams" (Google, 2012) on Poisson weights.
public struct UserBootstrap: Sendable {
  /// How users are drawn.
  public enum Scheme: String, Sendable, Hashable, CaseIterable {
    case multinomial, poisson
  }

  /// Which interval is made of the replicates.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Their quantiles.
    case percentile
    /// Their quantiles at levels that are corrected for bias and skewness (Efron 1987, doi:10.2307/2289144).
    case bca
  }

  /// Enough for 95% limits that vary by 1% of the interval's width from seed to seed.
  public static let defaultReplicates = 10_000

  public let scheme: Scheme
  public let statistic: ErrorStatistic
  /// The statistic of each replicate.
  public let values: [Double]
  private let sums: ClusterSums

  /// - Parameters:
  ///   - replicates: at least 100.
  /// - Complexity: O(replicates x users), about 0.26 ns each on one thread with AVX-512.
  public init(
    _ sums: ClusterSums, for statistic: ErrorStatistic, replicates: Int = defaultReplicates,
    scheme: Scheme = .multinomial, seed: Seed, threads: Int? = nil
  ) {
    precondition(replicates >= 100, "a bootstrap needs at least 100 replicates, got \(replicates)")
    let (first, second) = statistic.models
    let draws = BootstrapDraws(
      planes: WeightedPlanes(sums, models: [first] + (second.map { [$0] } ?? [])), scheme: scheme, seed: seed)
    let pieces = (replicates + BootstrapDraws.atOnce - 1) / BootstrapDraws.atOnce
    let means = Parallel.map(pieces, threads: threads) { piece in
      let start = piece * BootstrapDraws.atOnce
      return draws.means(ofReplicates: start..<min(start + BootstrapDraws.atOnce, replicates))
    }
    values = means.joined().map { statistic.value($0.0, $0.1) }
    self.scheme = scheme
    self.statistic = statistic
    self.sums = sums
  }

  /// The standard deviation of the replicates.
  public var standardError: Double {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
  }

  /// The interval that holds the true value with probability `level`.
  ///
  /// - Complexity: O(replicates log replicates), and O(users) for `bca`.
  public func interval(level: Double = 0.95, _ kind: Kind = .percentile) -> ConfidenceInterval {
    precondition(level > 0 && level < 1, "a confidence level is above 0 and below 1, got \(level)")
    let sorted = values.sorted()
    let (low, high) = kind == .bca ? correctedLevels(level) : ((1 - level) / 2, (1 + level) / 2)
    return ConfidenceInterval(
      estimate: sums.value(of: statistic), standardError: standardError, lower: Self.quantile(low, of: sorted),
      upper: Self.quantile(high, of: sorted), level: level,
      method: kind == .bca ? .bca(scheme) : .percentile(scheme), clusters: sums.count, rows: sums.rows)
  }

  /// The value at place p (n + 1) of n sorted ones, between two where that is no whole number.
  static func quantile(_ p: Double, of sorted: [Double]) -> Double {
    let place = min(max(p * Double(sorted.count + 1) - 1, 0), Double(sorted.count - 1))
    let below = Int(place)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
  }

  /// Phi(z0 + (z0 + z) / (1 - a (z0 + z))) for the two z of the level: z0 says how far the replicates' median is from the
  /// estimate, a how their spread changes with it, by the jackknife over users.
  private func correctedLevels(_ level: Double) -> (Double, Double) {
    let estimate = sums.value(of: statistic)
    let (below, ties) = values.reduce((0.0, 0.0)) { count, value in
      (count.0 + (value < estimate ? 1 : 0), count.1 + (value == estimate ? 1 : 0))
    }
    let total = Double(values.count)
    let share = min(max((below + ties / 2) / total, 0.5 / total), 1 - 0.5 / total)
    let shift = NormalDistribution.quantile(share)
    let acceleration = acceleration
    func corrected(_ p: Double) -> Double {
      let z = shift + NormalDistribution.quantile(p)
      return NormalDistribution.cumulative(shift + z / (1 - acceleration * z))
    }
    return (corrected((1 - level) / 2), corrected((1 + level) / 2))
  }

  /// The sum of (mean - value without user u)^3 over 6 (the sum of their squares)^(3/2).
  private var acceleration: Double {
    let (first, second) = statistic.models
    var without: [Double] = []
    without.reserveCapacity(sums.count)
    for user in 0..<sums.count {
      let rows = Double(sums.rows - sums.rows(ofCluster: user))
      guard rows > 0 else { continue }
      func mean(_ model: Int) -> Double {
        (sums.means[model] * Double(sums.rows) - sums.sum(ofModel: model, inCluster: user)) / rows
      }
      without.append(statistic.value(mean(first), second.map(mean) ?? 0))
    }
    let mean = without.reduce(0, +) / Double(max(without.count, 1))
    let (squares, cubes) = without.reduce((0.0, 0.0)) { sum, value in
      let deviation = mean - value
      return (sum.0 + deviation * deviation, sum.1 + deviation * deviation * deviation)
    }
    return squares > 0 ? cubes / (6 * squares * squares.squareRoot()) : 0
  }
}
