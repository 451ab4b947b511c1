import Testing

@testable import RatingData
@testable import RatingNumerics

/// A row as its ids, so that data sets with different vocabularies or orders can be compared.
private struct Row: Hashable {
  var user: Identifier
  var item: Identifier
  var rating: Float
  var time: UInt32?
}

private func rows(_ dataset: RatingDataset) -> [Row] {
  dataset.withUnsafeColumns { columns in
    (0..<dataset.count).map { row in
      Row(
        user: dataset.vocabularies.users[Int(columns.users[row])],
        item: dataset.vocabularies.items[Int(columns.items[row])], rating: columns.ratings[row],
        time: columns.times?[row])
    }
  }
}

@Suite struct SplittingTests {
  /// 40 users with 1...40 ratings each; several ratings share a time.
  static func sample(times: Bool = true, shuffled seed: Seed? = nil) -> RatingDataset {
    var all: [(user: Int, item: Int, rating: Float, time: UInt32)] = []
    for user in 1...40 {
      for item in 1...user {
        all.append((user, item * 3, Float((user * item) % 5 + 1), UInt32(1_000 + (item * 7 + user) % 13)))
      }
    }
    if let seed {
      var stream = RandomStream(seed: seed, purpose: "test.shuffle")
      stream.shuffle(&all)
    }
    return RatingDataset(
      users: all.map(\.user), items: all.map(\.item), ratings: all.map(\.rating),
      times: times ? all.map(\.time) : nil)
  }

  private func expectPartition(_ parts: [RatingDataset], of whole: RatingDataset) {
    var joined: [Row: Int] = [:]
    for part in parts {
      #expect(part.vocabularies == whole.vocabularies)
      #expect(part.scale == whole.scale)
      for row in rows(part) { joined[row, default: 0] += 1 }
    }
    var wanted: [Row: Int] = [:]
    for row in rows(whole) { wanted[row, default: 0] += 1 }
    #expect(joined == wanted)
  }

  static let strategies: [any SplittingStrategy] = [
    RandomSplit(testFraction: 0.1), RandomSplit(testFraction: 0.5), LastPerUser(count: 1), LastPerUser(count: 9),
    TimeSplit(testFraction: 0.2), TimeSplit(testFraction: 0.37),
  ]

  @Test(arguments: 0..<6) func everyRowIsInExactlyOneHalf(strategy: Int) throws {
    let whole = Self.sample()
    let split = try Self.strategies[strategy].split(whole, seed: 1)
    expectPartition([split.train, split.test], of: whole)
  }

  @Test(arguments: 0..<6) func orderOfRowsDoesNotMatterAndTheSeedDecides(strategy: Int) throws {
    let strategy = Self.strategies[strategy]
    let one = try strategy.split(Self.sample(), seed: 1)
    let same = try strategy.split(Self.sample(shuffled: 5), seed: 1)
    #expect(Set(rows(one.test)) == Set(rows(same.test)))
    #expect(Set(rows(one.train)) == Set(rows(same.train)))
    let other = try strategy.split(Self.sample(), seed: 2)
    #expect(Set(rows(one.test)) != Set(rows(other.test)))
    #expect(one.test.count == other.test.count)
  }

  @Test(arguments: [(0.0, 0), (0.1, 82), (0.5, 410), (1.0, 820), (0.0006, 0), (0.0007, 1)])
  func randomSplitHasTheSizeAskedFor(fraction: Double, test: Int) throws {
    let split = try Self.sample().split(.random(testFraction: fraction), seed: 3)
    #expect(split.test.count == test)
    #expect(split.train.count == 820 - test)
  }

  @Test func eachRowIsAsLikelyInTheTestHalf() throws {
    // 400 seeds: a row's number of times in a half of 50% is binomial with mean 200, deviation 10; 820 rows, so five
    // deviations are passed by chance once in two thousand such tests.
    var counts: [Row: Int] = [:]
    for seed in UInt64(0)..<400 {
      for row in rows(try Self.sample().split(.random(testFraction: 0.5), seed: Seed(seed)).test) {
        counts[row, default: 0] += 1
      }
    }
    #expect(counts.values.allSatisfy { abs($0 - 200) <= 50 })
    #expect(counts.count == 820)
  }

  @Test func lastPerUserTakesTheLatestAndLeavesOne() throws {
    let split = try Self.sample().split(.lastPerUser(3), seed: 1)
    let train = Dictionary(grouping: rows(split.train), by: \.user)
    let test = Dictionary(grouping: rows(split.test), by: \.user)
    for user in 1...40 {
      let id = Identifier(Int64(user))
      #expect((test[id] ?? []).count == min(3, user - 1))
      #expect((train[id] ?? []).count == user - min(3, user - 1))
      guard let heldOut = test[id] else { continue }
      #expect(heldOut.map { $0.time! }.min()! >= train[id]!.map { $0.time! }.max()!)
    }
  }

  @Test func timeSplitIsOneCutForAll() throws {
    let split = try Self.sample().split(.byTime(testFraction: 0.25), seed: 1)
    #expect(split.test.count == 205)
    #expect(rows(split.test).map { $0.time! }.min()! >= rows(split.train).map { $0.time! }.max()!)
  }

  @Test(arguments: [2, 3, 5, 7]) func foldsAreDisjointAndOfEqualSize(folds: Int) throws {
    let whole = Self.sample()
    let splits = try whole.split(KFold(folds: folds), seed: 1).all()
    #expect(splits.count == folds)
    expectPartition(splits.map(\.test), of: whole)
    for split in splits { expectPartition([split.train, split.test], of: whole) }
    let sizes = splits.map(\.test.count)
    #expect(sizes.max()! - sizes.min()! <= 1)
  }

  @Test func prizeSamplingHoldsOutTheLastNineAtMostHalf() throws {
    let whole = Self.sample()
    let split = try whole.split(PrizeSampling(), seed: 1)
    expectPartition([split.training, split.quiz, split.test], of: whole)
    expectPartition([split.trainingWithoutProbe, split.probe], of: split.training)
    expectPartition([split.quiz, split.test], of: split.qualifying)
    let heldOut = Dictionary(grouping: rows(split.probe) + rows(split.qualifying), by: \.user)
    let kept = Dictionary(grouping: rows(split.trainingWithoutProbe), by: \.user)
    for user in 1...40 {
      let id = Identifier(Int64(user))
      #expect((heldOut[id] ?? []).count == min(9, user / 2))
      guard let last = heldOut[id] else { continue }
      #expect(last.map { $0.time! }.min()! >= kept[id]!.map { $0.time! }.max()!)
    }
    let sizes = [split.probe.count, split.quiz.count, split.test.count]
    #expect(sizes.max()! - sizes.min()! <= 1)
    let again = try Self.sample(shuffled: 9).split(PrizeSampling(), seed: 1)
    #expect(Set(rows(again.quiz)) == Set(rows(split.quiz)))
  }

  @Test func ratingsWithoutTimesAreRefusedWhereTimeDecides() throws {
    let untimed = Self.sample(times: false)
    func code(_ body: () throws -> Void) -> String? {
      do {
        try body()
        return nil
      } catch { return (error as? RatingDataError)?.problems[0].code }
    }
    #expect(code { _ = try untimed.split(.lastPerUser(1), seed: 1) } == "no-times")
    #expect(code { _ = try untimed.split(.byTime(testFraction: 0.1), seed: 1) } == "no-times")
    #expect(code { _ = try untimed.split(PrizeSampling(), seed: 1) } == "no-times")
    #expect(code { _ = try untimed.split(.random(testFraction: 0.1), seed: 1) } == nil)
  }

  @Test func senselessParametersAreRefused() {
    let whole = Self.sample()
    #expect(throws: RatingDataError.self) { _ = try whole.split(.random(testFraction: 1.1), seed: 1) }
    #expect(throws: RatingDataError.self) { _ = try whole.split(.random(testFraction: .nan), seed: 1) }
    #expect(throws: RatingDataError.self) { _ = try whole.split(.lastPerUser(0), seed: 1) }
    #expect(throws: RatingDataError.self) { _ = try whole.split(KFold(folds: 1), seed: 1) }
    #expect(throws: RatingDataError.self) { _ = try whole.split(KFold(folds: 821), seed: 1) }
    #expect(throws: RatingDataError.self) { _ = try whole.split(PrizeSampling(lastPerUser: 0), seed: 1) }
  }

  @Test func repeatedPairsAndTinySetsStayWhole() throws {
    let repeated = RatingDataset(
      users: Array(repeating: 1, count: 9), items: Array(repeating: 2, count: 9), ratings: (1...9).map(Float.init),
      times: Array(repeating: 5, count: 9))
    for strategy in Self.strategies {
      let split = try strategy.split(repeated, seed: 1)
      expectPartition([split.train, split.test], of: repeated)
    }
    let empty = RatingDataset(users: [Int](), items: [], ratings: [], times: [])
    #expect(try empty.split(.random(testFraction: 0.5), seed: 1).test.count == 0)
    let one = RatingDataset(users: [1], items: [1], ratings: [3], times: [1])
    #expect(try one.split(.lastPerUser(1), seed: 1).train.count == 1)
    #expect(try one.split(PrizeSampling(), seed: 1).training.count == 1)
  }

  @Test func partsFollowTheOrderOfKeys() {
    // Against a plain sort, with keys that collide in the high bits and altogether.
    var stream = RandomStream(seed: 1, purpose: "test.parts")
    let keys = (0..<5_000).map { _ in UInt64(stream.below(40)) << 46 | UInt64(stream.below(30)) }
    let sizes = [1, 0, 1_999, 2_500, 500]
    let parts = RowOrder.parts(count: keys.count, sizes: sizes) { keys[$0] }
    let order = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
    var expected = [UInt16](repeating: 0, count: keys.count)
    var place = 0
    for (part, size) in sizes.enumerated() {
      for row in order[place..<place + size] { expected[row] = UInt16(part) }
      place += size
    }
    #expect(parts == expected)
  }
}
