import RatingNumerics

/// Cross-validation: the rows are dealt at random to `folds` test halves whose sizes differ by at most one row.
public struct KFold: Sendable, Hashable {
  /// In 2...1000, and at most the number of rows.
  public var folds: Int

  public init(folds: Int) { self.folds = folds }

  /// One split for each fold. Each row is in the test half of exactly one, and in the training half of all others.
  public func splits(_ dataset: RatingDataset, seed: Seed) throws(RatingDataError) -> [Split] {
    guard folds >= 2 && folds <= 1_000 && folds <= dataset.count else {
      throw unusableSplit(
        "the number of folds lies in 2...\(max(2, min(1_000, dataset.count))) for \(dataset.count) ratings, got \(folds)"
      )
    }
    let sizes = (0..<folds).map { dataset.count * ($0 + 1) / folds - dataset.count * $0 / folds }
    let parts = dataset.withUnsafeColumns { columns in
      RowOrder.parts(count: dataset.count, sizes: sizes) { row in
        RowOrder.randomKey(seed: seed, purpose: "split.k-fold", user: columns.users[row], item: columns.items[row])
      }
    }
    return (0..<folds).map { fold in
      let halves = dataset.divided(parts.map { $0 == fold ? 1 : 0 }, into: 2)
      return Split(train: halves[0], test: halves[1])
    }
  }
}
