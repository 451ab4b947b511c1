import RatingNumerics

/// Where the random numbers of one sweep come from: every draw has a stream of its own, keyed by (seed, chain, sweep,
/// what is drawn, row), so that it doesn't matter which thread draws what, and when.
struct DrawKeys: Sendable {
  /// The chain's own.
  let seed: Seed
  let sweep: Int

  /// - Parameter sweep: 0 for what comes before the first one.
  init(seed: Seed, chain: Int, sweep: Int) {
    var stream = RandomStream(seed: seed, purpose: "bayesian.chain", index: UInt64(chain))
    self.seed = Seed(stream.next())
    self.sweep = sweep
  }

  /// The stream of what is named, for one row of it.
  func stream(_ name: String, row: Int = 0) -> RandomStream {
    RandomStream(
      seed: seed, purpose: StreamPurpose(stringLiteral: "bayesian." + name),
      index: UInt64(sweep) << 32 | UInt64(UInt32(row)))
  }
}
