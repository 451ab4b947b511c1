import RatingNumerics

/// Cross-validation: the rows are dealt at random to `folds` test halves whose sizes differ by at most one row.
///
/// What leaks: later ratings of the same user and of the same item are in the training half, as with `RandomSplit`.
public struct KFold: Sendable, Hashable {
  /// In 2...1000, and at most the number of rows.
  public var folds: Int

  public init(folds: Int) { self.folds = folds }

  /// One split for each fold. Each row is in the test half of exactly one, and in the training half of all others.
  public func splits(_ dataset: RatingDataset, seed: Seed) throws(RatingDataError) -> Splits {
    let parts = try parts(dataset, seed: seed)
    return Splits(names: (1...folds).map { "fold-\($0)" }) { fold in
      dataset.dividing(parts, train: { $0 != fold }, test: { $0 == fold })
    }
  }

  /// The fold, from 0, in whose test half each row is.
  func parts(_ dataset: RatingDataset, seed: Seed) throws(RatingDataError) -> [UInt16] {
    try check(dataset)
    let sizes = (0..<folds).map { dataset.count * ($0 + 1) / folds - dataset.count * $0 / folds }
    return dataset.withUnsafeColumns { columns in
      RowOrder.parts(count: dataset.count, sizes: sizes) { row in
        RowOrder.randomKey(seed: seed, purpose: "split.k-fold", user: columns.users[row], item: columns.items[row])
      }
    }
  }

  func check(_ dataset: RatingDataset) throws(RatingDataError) {
    guard folds >= 2 && folds <= 1_000 && folds <= dataset.count else {
      throw unusableSplit(
        "the number of folds lies in 2...\(max(2, min(1_000, dataset.count))) for \(dataset.count) ratings, got \(folds)"
      )
    }
  }
}

/// Cross-validation with the rows dealt anew several times, so that the luck of one deal is seen and averaged.
///
/// The first repetition is `KFold` with the same seed. The scores of splits are not independent of each other, as they share
/// training rows: a test between two models must allow for that (Nadeau and Bengio, "Inference for the generalization
/// error", Machine Learning 52, 2003, doi:10.1023/A:1024068626366).
public struct RepeatedKFold: Sendable, Hashable {
  /// In 1...1000.
  public var repetitions: Int
  /// In 2...1000, and at most the number of rows.
  public var folds: Int

  public init(repetitions: Int, folds: Int) {
    self.repetitions = repetitions
    self.folds = folds
  }

  /// The splits of the first repetition, then those of the second, and so on.
  public func splits(_ dataset: RatingDataset, seed: Seed) throws(RatingDataError) -> Splits {
    guard (1...1_000).contains(repetitions) else {
      throw unusableSplit("the number of repetitions lies in 1...1000, got \(repetitions)")
    }
    let once = KFold(folds: folds)
    try once.check(dataset)
    let folds = folds
    let names = (1...repetitions).flatMap { repetition in (1...folds).map { "repeat-\(repetition)-fold-\($0)" } }
    return Splits(names: names) { (index) throws(RatingDataError) in
      let (repetition, fold) = index.quotientAndRemainder(dividingBy: folds)
      let parts = try once.parts(dataset, seed: Self.seed(ofRepetition: repetition, seed))
      return dataset.dividing(parts, train: { $0 != fold }, test: { $0 == fold })
    }
  }

  private static func seed(ofRepetition repetition: Int, _ seed: Seed) -> Seed {
    if repetition == 0 { return seed }
    var stream = RandomStream(seed: seed, purpose: "split.repetition", index: UInt64(repetition))
    return Seed(stream.next())
  }
}
