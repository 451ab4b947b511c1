import RatingData
import RatingNumerics

/// How a suite divides a data set.
public struct SuiteSplit: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// What `SplittingPlan` can write: `random 10%`, `k-fold 5`, `predefined`, `time 10%`, ...
    case plan(SplittingPlan)
    /// `netflix 9`: held out as the Netflix Prize did; trained without the probe, judged on it.
    case netflixProbe(lastPerUser: Int)
    /// `pairs probe.txt`: the ratings of the pairs that a file beside the ratings lists are the test half.
    case pairs(file: String)
  }

  public var kind: Kind
  /// How often it is done, each time with a random seed of its own; the first has `seed` itself.
  public var repetitions: Int
  /// What the random part of the division comes from. The seeds of training leave it alone.
  public var seed: UInt64

  public init(_ kind: Kind, repetitions: Int = 1, seed: UInt64 = 1) {
    self.kind = kind
    self.repetitions = repetitions
    self.seed = seed
  }

  /// Reads `k-fold 5`, `netflix 9`, `pairs probe.txt` and all that `SplittingPlan` reads.
  ///
  /// - Throws: `bad-split`, with what was expected.
  public init(_ text: String, repetitions: Int = 1, seed: UInt64 = 1) throws(RatingDataError) {
    let words = text.split(separator: " ", maxSplits: 1).map(String.init)
    func unreadable(_ message: String) -> RatingDataError {
      RatingDataError(
        .badData, [Problem(.error, "bad-split", file: "split", message: "\(text.debugDescription): \(message)")])
    }
    let kind: Kind
    switch words.first {
    case "netflix":
      let count = words.count == 1 ? 9 : Int(words[1]) ?? 0
      guard count >= 1 else { throw unreadable("write it as netflix or netflix 9: ratings held out of each user") }
      kind = .netflixProbe(lastPerUser: count)
    case "pairs":
      guard words.count == 2 else { throw unreadable("write it as pairs probe.txt: a file of the pairs to test on") }
      kind = .pairs(file: words[1])
    default: kind = .plan(try SplittingPlan(text))
    }
    self.init(kind, repetitions: repetitions, seed: seed)
  }

  /// The division in words, as it is part of every figure's protocol.
  public var title: String {
    let words =
      switch kind {
      case .plan(let plan): plan.summary
      case .netflixProbe(let last): "Netflix protocol: the probe, a third of the last \(last) ratings of each user"
      case .pairs(let file): "the pairs of \(file)"
      }
    return words + (repetitions > 1 ? ", \(repetitions) times" : "") + (isRandom ? ", split seed \(seed)" : "")
  }

  /// Whether the seed has a say.
  public var isRandom: Bool {
    switch kind {
    case .plan(let plan): plan.isRandom
    case .netflixProbe: true
    case .pairs: false
    }
  }

  /// The division as a text that reads back as the same, as far as the kind goes; part of the key of cells.
  public var text: String {
    switch kind {
    case .plan(let plan): plan.description
    case .netflixProbe(let last): "netflix \(last)"
    case .pairs(let file): "pairs \(file)"
    }
  }

  /// The splits of a data set.
  func splits(of data: LoadedData, threads: Int?) throws(RatingDataError) -> Splits {
    var parts: [Splits] = []
    for repetition in 0..<repetitions {
      parts.append(try splitsOnce(data, seed: Self.seed(ofRepetition: repetition, Seed(seed)), threads))
    }
    guard parts.count > 1 else { return parts[0] }
    let all = parts
    let size = all[0].count
    let names = all.enumerated().flatMap { repetition, splits in
      splits.names.map { splits.count == 1 ? "repeat-\(repetition + 1)" : "repeat-\(repetition + 1)-\($0)" }
    }
    return Splits(names: names) { index throws(RatingDataError) in
      try all[index / size].split(index % size)
    }
  }

  private func splitsOnce(_ data: LoadedData, seed: Seed, _ threads: Int?) throws(RatingDataError) -> Splits {
    let ratings = data.ratings
    switch kind {
    // A single split is made when it is asked for, and not kept, so that ten of them take the memory of one.
    case .plan(.random(let fraction)):
      return Splits(names: ["split"]) { _ throws(RatingDataError) in
        try RandomSplit(testFraction: fraction).split(ratings, seed: seed)
      }
    case .plan(let plan):
      return try plan.splits(
        of: ratings, seed: seed, folder: data.folder, options: ReadingOptions(format: data.format, threads: threads))
    case .netflixProbe(let last):
      return Splits(names: ["probe"]) { _ throws(RatingDataError) in
        let split = try ratings.split(PrizeSampling(lastPerUser: last), seed: seed)
        return Split(train: split.trainingWithoutProbe, test: split.probe)
      }
    case .pairs(let file):
      let path = file.hasPrefix("/") ? file : "\(data.folder)/\(file)"
      let pairs = try QuestionSet.read(
        path, vocabularies: ratings.vocabularies, options: ReadingOptions(threads: threads)
      ).pairs
      let test = ratings.selecting(rows: Self.rows(of: ratings, in: pairs))
      guard test.count > 0 else {
        throw RatingDataError(
          .badData,
          [Problem(.error, "no-rows", file: path, message: "none of its \(pairs.count) pairs has a rating in the data")]
        )
      }
      return Splits(names: ["pairs"]) { _ in Split(train: ratings.removing(pairs), test: test) }
    }
  }

  /// The rows whose pair of user and item is one of these, ascending.
  private static func rows(of ratings: RatingDataset, in pairs: RatingPairs) -> [Int] {
    func key(_ user: UInt32, _ item: UInt32) -> UInt64 { UInt64(user) << 32 | UInt64(item) }
    let wanted = Set((0..<pairs.count).map { key(pairs.users[$0], pairs.items[$0]) })
    return ratings.withUnsafeColumns { columns in
      columns.users.indices.filter { wanted.contains(key(columns.users[$0], columns.items[$0])) }
    }
  }

  private static func seed(ofRepetition repetition: Int, _ seed: Seed) -> Seed {
    if repetition == 0 { return seed }
    var stream = RandomStream(seed: seed, purpose: "suite.repetition", index: UInt64(repetition))
    return Seed(stream.next())
  }
}
