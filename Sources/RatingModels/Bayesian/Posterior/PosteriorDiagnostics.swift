import RatingNumerics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whether chains have mixed: judged by a few numbers that every sweep of every chain leaves behind.
public struct PosteriorDiagnostics: Sendable, Hashable {
  /// What is known of one number, over the sweeps after burn-in of all chains.
  public struct Quantity: Sendable, Hashable {
    /// `training_rmse` of single draws (not of their mean, which is lower), in the ratings' unit; `constant`; or
    /// `precision`, of a rating around the model in units of the training ratings' deviation.
    public let name: String
    public let mean: Double
    public let deviation: Double
    /// So many independent draws would give as exact a mean; nil where there are fewer than 8 sweeps, or the number
    /// never changes, as the precision with the ordered probit likelihood.
    public let effectiveSampleSize: Double?
    /// How much wider all chains' halves together spread than each half by itself: 1 where they have mixed. Above 1.01
    /// is a reason to draw more sweeps (Vehtari et al.), or to leave more of the first ones out. nil as above.
    public let splitRHat: Double?
  }

  public let chains: Int
  /// Of each chain, with those of burn-in.
  public let sweeps: Int
  /// The first sweeps, which don't count.
  public let burnIn: Int
  public let quantities: [Quantity]

  init(_ trace: PosteriorTrace, burnIn: Int) {
    chains = trace.entries.count
    sweeps = trace.entries.first?.count ?? 0
    self.burnIn = min(burnIn, sweeps)
    let names: [(String, @Sendable (PosteriorTrace.Entry) -> Double)] = [
      ("training_rmse", \.error), ("constant", \.constant), ("precision", \.precision),
    ]
    quantities = names.map { name, value in
      let draws = trace.entries.map { $0.dropFirst(burnIn).map(value) }
      let all = Array(draws.joined())
      let mean = all.isEmpty ? 0 : all.reduce(0, +) / Double(all.count)
      let squares = all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return Quantity(
        name: name, mean: mean, deviation: all.count > 1 ? (squares / Double(all.count - 1)).squareRoot() : 0,
        effectiveSampleSize: Self.effectiveSampleSize(draws), splitRHat: Self.splitRHat(draws))
    }
  }

  // MARK: Statistics

  /// The number of independent draws whose mean would vary as that of these does.
  ///
  /// Every chain is cut in halves; with M halves of N draws, W the mean of their variances, B / N the variance of their
  /// means, and V = (N - 1) / N W + B / N, the autocorrelation at lag t is 1 - (W - mean of the halves' autocovariances) /
  /// V. Geyer's initial monotone sequence adds up pairs of neighbouring lags as long as they are positive, none larger
  /// than the one before: with their sum P, the size is M N / (2 P - 1), at most M N log10(M N).
  ///
  /// Sources: Geyer, "Practical Markov chain Monte Carlo", Statistical Science 7 (1992), doi:10.1214/ss/1177011137; Vehtari,
  /// Gelman, Simpson, Carpenter and Bürkner, "Rank-normalization, folding, and localization: an improved R-hat for
  /// assessing convergence of MCMC", Bayesian Analysis 16 (2021), doi:10.1214/20-BA1221.
  ///
  /// - Parameter chains: of one length. A draw in the middle of an odd number is left out.
  /// - Returns: nil for fewer than 8 draws a chain, and where all are equal.
  /// - Complexity: O(draws x lags until the pairs turn negative).
  public static func effectiveSampleSize(_ chains: [[Double]]) -> Double? {
    guard let halves = Halves(chains) else { return nil }
    let (m, n) = (Double(halves.values.count), Double(halves.length))
    let centred = zip(halves.values, halves.means).map { values, mean in values.map { $0 - mean } }
    func correlation(_ lag: Int) -> Double {
      let covariance = centred.reduce(0) { sum, values in
        sum + (0..<halves.length - lag).reduce(0) { $0 + values[$1] * values[$1 + lag] } / n
      }
      return 1 - (halves.within - covariance / m) / halves.pooled
    }
    var (pairs, last, lag) = (0.0, Double.infinity, 0)
    while lag + 1 < halves.length {
      let pair = (lag == 0 ? 1 : correlation(lag)) + correlation(lag + 1)
      guard pair > 0 else { break }
      last = min(last, pair)
      pairs += last
      lag += 2
    }
    let time = max(2 * pairs - 1, 1 / log10(m * n))
    return m * n / time
  }

  /// The rank-normalized split R-hat: the larger of that of the draws' normal scores (do halves lie elsewhere?) and that of
  /// the scores of their distances from the median (do they spread differently?).
  ///
  /// A draw of rank r among all S has the score Phi^-1((r - 3/8) / (S + 1/4)), ties their mean rank; with V and W as for
  /// `effectiveSampleSize`, of the scores, R-hat = sqrt(V / W).
  ///
  /// Source: Vehtari et al. 2021, as above.
  ///
  /// - Parameter chains: of one length. A draw in the middle of an odd number is left out.
  /// - Returns: nil for fewer than 8 draws a chain, and where all are equal.
  /// - Complexity: O(draws x log draws).
  public static func splitRHat(_ chains: [[Double]]) -> Double? {
    guard let halves = Halves(chains) else { return nil }
    let all = halves.values.joined().sorted()
    let median = (all[(all.count - 1) / 2] + all[all.count / 2]) / 2
    let folded = halves.values.map { $0.map { abs($0 - median) } }
    return [halves.values, folded].compactMap { values in
      Halves(scored: values).map { ($0.pooled / $0.within).squareRoot() }
    }.max()
  }

  /// The halves of all chains.
  private struct Halves {
    let values: [[Double]]
    let means: [Double]
    /// W and V.
    let within: Double
    let pooled: Double

    var length: Int { values[0].count }

    init?(_ chains: [[Double]]) {
      guard let count = chains.first?.count, count >= 8 else { return nil }
      precondition(chains.allSatisfy { $0.count == count }, "chains need one length, got \(chains.map(\.count))")
      self.init(halves: chains.flatMap { [Array($0.prefix(count / 2)), Array($0.suffix(count / 2))] })
    }

    init?(scored halves: [[Double]]) {
      let length = halves[0].count
      let values = Array(halves.joined())
      let order = values.indices.sorted { values[$0] < values[$1] }
      var scores = [Double](repeating: 0, count: values.count)
      var start = 0
      while start < order.count {
        var end = start
        while end < order.count && values[order[end]] == values[order[start]] { end += 1 }
        let rank = Double(start + 1 + end) / 2
        let score = RandomStream.normalQuantile((rank - 0.375) / (Double(values.count) + 0.25))
        for place in start..<end { scores[order[place]] = score }
        start = end
      }
      self.init(halves: halves.indices.map { Array(scores[$0 * length..<($0 + 1) * length]) })
    }

    private init?(halves: [[Double]]) {
      let (m, n) = (Double(halves.count), Double(halves[0].count))
      let means = halves.map { $0.reduce(0, +) / n }
      let variances = zip(halves, means).map { values, mean in
        values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
      }
      let mean = means.reduce(0, +) / m
      let between = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (m - 1)
      values = halves
      self.means = means
      within = variances.reduce(0, +) / m
      pooled = (n - 1) / n * within + between
      guard within > 0, pooled.isFinite else { return nil }
    }
  }
}

extension PosteriorModel {
  /// How well the chains have mixed, from the trace that the model keeps; nil where it has none.
  ///
  /// - Parameter burnIn: how many sweeps of each chain are left out: those that the model was trained to leave out.
  public func diagnostics(burnIn: Int) -> PosteriorDiagnostics? {
    PosteriorTrace(state: state).map { PosteriorDiagnostics($0, burnIn: burnIn) }
  }
}
