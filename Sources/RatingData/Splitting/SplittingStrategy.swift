import RatingNumerics

/// A way of dividing a data set into what models learn from and what they are judged on.
///
/// A strategy is a small value, and what it does follows from the data set and a seed. A row's random place comes from its
/// user, its item and the seed, not from its position in the file, so rows in another order are divided in the same way
/// (save for repeated pairs of user and item, whose order decides between them).
public protocol SplittingStrategy: Sendable {
  /// Every row goes to exactly one half. Both halves keep the data set's vocabularies, scale and order of rows.
  func split(_ dataset: RatingDataset, seed: Seed) throws(RatingDataError) -> Split
}

extension RatingDataset {
  /// Divides the data set, for example `try data.split(.random(testFraction: 0.1), seed: 1)`.
  public func split(_ strategy: some SplittingStrategy, seed: Seed) throws(RatingDataError) -> Split {
    try strategy.split(self, seed: seed)
  }

  /// The splits of cross-validation: each row is in the test half of exactly one.
  public func split(_ folds: KFold, seed: Seed) throws(RatingDataError) -> Splits {
    try folds.splits(self, seed: seed)
  }

  /// The splits of cross-validation that is repeated with the rows dealt anew.
  public func split(_ folds: RepeatedKFold, seed: Seed) throws(RatingDataError) -> Splits {
    try folds.splits(self, seed: seed)
  }

  /// The splits along time whose test halves are the ratings that came next.
  public func split(_ windows: RollingWindows, seed: Seed) throws(RatingDataError) -> Splits {
    try windows.splits(self, seed: seed)
  }

  /// Divides the data set as the Netflix Prize was.
  public func split(_ sampling: PrizeSampling, seed: Seed) throws(RatingDataError) -> PrizeSplit {
    try sampling.split(self, seed: seed)
  }

  /// The data set's times, or an error that says what needs them.
  func requireTimes(for what: String) throws(RatingDataError) {
    guard !hasTimes else { return }
    throw RatingDataError(
      .badData,
      [
        Problem(
          .error, "no-times", file: "ratings",
          message:
            "the ratings have no times, and \(what) needs them; give ratings with a time column, or split at random"
        )
      ])
  }

  /// The rows of each part, in the data set's order.
  func divided(_ parts: [UInt16], into count: Int) -> [RatingDataset] {
    var sizes = [Int](repeating: 0, count: count)
    for part in parts { sizes[Int(part)] += 1 }
    return (0..<count).map { wanted in
      var rows: [Int] = []
      rows.reserveCapacity(sizes[wanted])
      for (row, part) in parts.enumerated() where part == wanted { rows.append(row) }
      return selecting(rows: rows)
    }
  }
}

/// A strategy's parameter that makes no sense for the data.
func unusableSplit(_ message: String) -> RatingDataError {
  RatingDataError(.badData, [Problem(.error, "unusable-split", file: "ratings", message: message)])
}
