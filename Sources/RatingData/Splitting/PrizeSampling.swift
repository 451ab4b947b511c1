import RatingNumerics

/// The Netflix Prize's way of holding ratings out: the last nine of each user, at most half of a small user's, dealt at
/// random to probe, quiz and test in thirds.
///
/// So what is held out is later than what each user's models learn from, and weighs users about equally. Ratings of one
/// time are in random order.
///
/// What leaks: what `LastPerUser` says. That a user rated an item is known for quiz and test too, as it was in the contest.
///
/// Source: Bennett and Lanning, "The Netflix Prize", KDD Cup and Workshop 2007.
public struct PrizeSampling: Sendable, Hashable {
  /// Ratings held out of each user, at least 1. The contest held out 9.
  public var lastPerUser: Int

  public init(lastPerUser: Int = 9) { self.lastPerUser = lastPerUser }

  /// - Throws: where the ratings have no times.
  public func split(_ dataset: RatingDataset, seed: Seed) throws(RatingDataError) -> PrizeSplit {
    guard lastPerUser >= 1 else {
      throw unusableSplit("at least 1 rating of each user is held out, got \(lastPerUser)")
    }
    try dataset.requireTimes(for: "holding out the last \(lastPerUser) ratings of each user")
    let timelines = UserTimelines(dataset, seed: seed, purpose: "split.prize.ties")
    var heldOut: [Int] = []
    for user in 0..<timelines.userCount {
      let rows = timelines[user]
      heldOut.append(contentsOf: rows.suffix(min(lastPerUser, rows.count / 2)))
    }
    let probe = (heldOut.count + 1) / 3
    let quiz = (heldOut.count - probe) / 2
    let dealt = dataset.withUnsafeColumns { columns in
      RowOrder.parts(count: heldOut.count, sizes: [probe, quiz, heldOut.count - probe - quiz]) { place in
        let row = heldOut[place]
        return RowOrder.randomKey(
          seed: seed, purpose: "split.prize.deal", user: columns.users[row], item: columns.items[row])
      }
    }
    var parts = [PrizeRow.Part](repeating: .training, count: dataset.count)
    for (place, row) in heldOut.enumerated() { parts[row] = PrizeRow.Part(rawValue: UInt8(dealt[place]) + 1)! }
    return PrizeSplit(dataset, parts: parts)
  }
}

/// A data set divided as a prize's: every row is training without the probe, probe, quiz or test.
public struct PrizeSplit: Sendable {
  public let dataset: RatingDataset
  /// What each row of `dataset` is for.
  public let parts: [PrizeRow.Part]

  /// - Precondition: there is one part for each row.
  public init(_ dataset: RatingDataset, parts: [PrizeRow.Part]) {
    precondition(
      parts.count == dataset.count, "a prize split has a part for each of \(dataset.count) rows, got \(parts.count)")
    self.dataset = dataset
    self.parts = parts
  }

  /// What contestants have, the probe among it.
  public var training: RatingDataset { rows { $0 == .training || $0 == .probe } }
  /// What contestants train on while the probe is to tell how good they are.
  public var trainingWithoutProbe: RatingDataset { rows { $0 == .training } }
  /// What contestants measure themselves by.
  public var probe: RatingDataset { rows { $0 == .probe } }
  /// What the leaderboard shows.
  public var quiz: RatingDataset { rows { $0 == .quiz } }
  /// What the prize is decided on.
  public var test: RatingDataset { rows { $0 == .test } }
  /// What contestants predict: quiz and test.
  public var qualifying: RatingDataset { rows { $0 == .quiz || $0 == .test } }

  private func rows(where isWanted: (PrizeRow.Part) -> Bool) -> RatingDataset {
    dataset.selecting(rows: parts.indices.filter { isWanted(parts[$0]) })
  }
}
