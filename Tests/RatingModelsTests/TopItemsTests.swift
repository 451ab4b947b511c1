import RatingData
import RatingNumerics
import Testing

@testable import RatingModels

/// All-items scores and rankings against what `predict` says, for every algorithm of the registry.
struct TopItemsTests {
  static let planted = PlantedRatings(users: 150, items: 5000, perUser: 30)
  static let names = AlgorithmRegistry.standard.names

  static func model(_ name: String) throws -> any RatingModel {
    let entry = try AlgorithmRegistry.standard.entry(name)
    let few = [("epochs", "3"), ("sweeps", "3"), ("factors", "9")].filter { few in
      entry.parameters.contains { $0.name == few.0 }
    }
    return try entry.make(few.map { (name: $0.0, text: $0.1) }).fit(to: planted.train, seed: 1)
  }

  /// Some users, twice the same one, one without ratings, one outside the vocabulary and an unknown one.
  static let users: [UserIndex?] =
    (0..<130).map { UserIndex(UInt32($0)) } + [UserIndex(7), UserIndex(150), UserIndex(9999), nil]

  /// The ranking by the definition: all predictions, sorted.
  private func ranking(_ model: any RatingModel, _ user: UserIndex?, _ count: Int, without: Set<UInt32> = [])
    -> [RankedItem]
  {
    let items = (0..<UInt32(model.vocabularies.items.count)).filter { !without.contains($0) }
    let pairs = RatingPairs(
      users: [UInt32](repeating: user?.value ?? RatingPairs.unknown, count: items.count), items: items)
    let ratings = model.predict(pairs, threads: 1).values
    return zip(items, ratings).map { RankedItem(item: ItemIndex($0), rating: $1) }
      .sorted { $0.rating != $1.rating ? $0.rating > $1.rating : $0.item.value < $1.item.value }
      .prefix(count).map { $0 }
  }

  @Test(arguments: names)
  func theRankingIsThatOfAllPredictionsOnAnyNumberOfThreads(_ name: String) throws {
    let model = try Self.model(name)
    let expected = Self.users.map { ranking(model, $0, 25) }
    for threads in [1, 2, 4] {
      #expect(model.topItems(25, for: Self.users, threads: threads) == expected)
    }
  }

  @Test(arguments: names)
  func ratedItemsAreLeftOut(_ name: String) throws {
    let model = try Self.model(name)
    let excluded = ExcludedItems(Self.planted.train, of: Self.users)
    var rated: [UInt32: Set<UInt32>] = [:]
    Self.planted.train.withUnsafeColumns { columns in
      for row in columns.users.indices { rated[columns.users[row], default: []].insert(columns.items[row]) }
    }
    let found = model.topItems(10, for: Self.users, excluding: excluded)
    for (row, user) in Self.users.enumerated() {
      let without = user.flatMap { rated[$0.value] } ?? []
      #expect(excluded.count(row) == without.count)
      #expect(found[row] == ranking(model, user, 10, without: without))
    }
  }

  @Test(arguments: names)
  func scoresOfAllItemsAreThePredictedRatings(_ name: String) throws {
    let model = try Self.model(name)
    let scores = model.ratingsOfAllItems(by: Self.users, threads: 2)
    #expect(scores == model.ratingsOfAllItems(by: Self.users, threads: 1))
    #expect(scores.rows == Self.users.count && scores.columns == model.vocabularies.items.count)
    for row in [0, 64, 129, 131, 132, 133] {
      for item in stride(from: 0, to: scores.columns, by: 37) {
        let rating = model.rating(Question(user: Self.users[row], item: ItemIndex(UInt32(item))))
        #expect(abs(Double(scores[row, item]) - rating) < 1e-5)
      }
    }
  }

  @Test func aModelOfOnesOwnIsRankedToo() throws {
    struct Odd: RatingModel {
      let vocabularies: Vocabularies, scale: RatingScale
      func rating(_ question: Question) -> Double {
        Double((question.item?.value ?? 0) % 7) + Double(question.time ?? 0)
      }
    }
    let model = Odd(vocabularies: Self.planted.train.vocabularies, scale: .wholeStars)
    let top = model.topItems(3, for: [UserIndex(1), nil], time: 5)
    #expect(top[0] == top[1])
    #expect(top[0] == [6, 13, 20].map { RankedItem(item: ItemIndex($0), rating: 11) })
  }

  @Test func equalRatingsAreRankedByIndexHoweverManyThereAre() throws {
    let model = try UserMean().fit(to: Self.planted.train, seed: 1)
    #expect(model.topItems(4, for: [UserIndex(2)])[0].map(\.item.value) == [0, 1, 2, 3])
    #expect(model.topItems(6000, for: [nil])[0].map(\.item.value) == Array(0...5000))
    #expect(model.topItems(0, for: [nil]) == [[]])
  }

  /// Vectors that differ in the last bits only: the matrix product alone would rank them at random.
  @Test func nearlyEqualRatingsAreRankedAsTheyArePredicted() throws {
    var stream = RandomStream(seed: 5, purpose: "tests.near-ties")
    let (items, factors) = (3000, 48)
    let base = (0..<factors).map { _ in Float(stream.normal()) }
    let near = Matrix(rows: items, columns: factors) { _, column in
      base[column] * (1 + Float(stream.below(3)) * 0x1p-23)
    }
    let vocabularies = Vocabularies(
      users: Vocabulary((0..<3).map { Identifier(Int64($0)) }),
      items: Vocabulary((0..<items).map { Identifier(Int64($0)) }))
    let model = BiasedFactorModel(
      vocabularies: vocabularies, scale: .wholeStars, mean: 3, deviation: 1, userBiases: [0, 0, 0],
      itemBiases: [Float](repeating: 0.5, count: items),
      userFactors: Matrix(rows: 3, columns: factors) { _, _ in Float(stream.normal()) }, itemFactors: near)
    for user in 0..<3 {
      let found = model.topItems(20, for: [UserIndex(UInt32(user))])[0]
      #expect(found == ranking(model, UserIndex(UInt32(user)), 20))
    }
  }

  @Test func theElementOfARankIsThatOfTheSortedList() {
    var stream = RandomStream(seed: 9, purpose: "tests.quickselect")
    for count in [1, 2, 3, 10, 257] {
      for distinct in [1, 3, 1000] {
        let values = (0..<count).map { _ in Float(stream.below(distinct)) }
        for rank in Set([0, count / 3, count - 1]) {
          var copy = values
          let found = copy.withUnsafeMutableBufferPointer { $0.element(ofRank: rank) }
          #expect(found == values.sorted(by: >)[rank])
        }
      }
    }
  }
}
