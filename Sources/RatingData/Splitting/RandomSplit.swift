import RatingNumerics

/// A random share of the rows is the test half; each row is as likely as any other.
///
/// The test half has round(`testFraction` x rows) rows, halves rounded up. Its users and items may be unknown to the
/// training half.
///
/// What leaks: ratings that the same user, and others, gave after the one in question. The usual protocol of papers about
/// rating prediction, and the most optimistic one.
public struct RandomSplit: SplittingStrategy, Hashable {
  /// In 0...1.
  public var testFraction: Double

  public init(testFraction: Double) { self.testFraction = testFraction }

  public func split(_ dataset: RatingDataset, seed: Seed) throws(RatingDataError) -> Split {
    let test = try testCount(of: dataset.count, fraction: testFraction)
    let parts = dataset.withUnsafeColumns { columns in
      RowOrder.parts(count: dataset.count, sizes: [test, dataset.count - test]) { row in
        RowOrder.randomKey(seed: seed, purpose: "split.random", user: columns.users[row], item: columns.items[row])
      }
    }
    let halves = dataset.divided(parts, into: 2)
    return Split(train: halves[1], test: halves[0])
  }
}

extension SplittingStrategy where Self == RandomSplit {
  /// A random share of the rows is the test half.
  public static func random(testFraction: Double) -> RandomSplit { RandomSplit(testFraction: testFraction) }
}

/// The number of test rows that a fraction asks for.
func testCount(of count: Int, fraction: Double) throws(RatingDataError) -> Int {
  guard fraction >= 0 && fraction <= 1 else {
    throw unusableSplit("the test fraction lies in 0...1, got \(fraction); 0.1 is one row in ten")
  }
  return min(count, Int((fraction * Double(count)).rounded(.toNearestOrAwayFromZero)))
}
