import RatingNumerics

/// What was rated last is the test half, whoever rated it: one cut through time for all.
///
/// The test half has round(`testFraction` x rows) rows; ratings of the time at which the cut falls are divided at random.
/// `TimeCut` cuts at a date instead of at a share.
///
/// What leaks: nothing later than the test half, but for ratings of the very time of the cut.
public struct TimeSplit: SplittingStrategy, Hashable {
  /// In 0...1.
  public var testFraction: Double

  public init(testFraction: Double) { self.testFraction = testFraction }

  /// - Throws: where the ratings have no times.
  public func split(_ dataset: RatingDataset, seed: Seed) throws(RatingDataError) -> Split {
    try dataset.requireTimes(for: "a cut through time")
    let test = try testCount(of: dataset.count, fraction: testFraction)
    let parts = dataset.withUnsafeColumns { columns in
      RowOrder.parts(count: dataset.count, sizes: [dataset.count - test, test]) { row in
        let tie = RowOrder.randomKey(
          seed: seed, purpose: "split.time", user: columns.users[row], item: columns.items[row])
        return UInt64(columns.times![row]) << 32 | tie >> 32
      }
    }
    let halves = dataset.divided(parts, into: 2)
    return Split(train: halves[0], test: halves[1])
  }
}

extension SplittingStrategy where Self == TimeSplit {
  /// The last share of the ratings is the test half.
  public static func byTime(testFraction: Double) -> TimeSplit { TimeSplit(testFraction: testFraction) }
}
