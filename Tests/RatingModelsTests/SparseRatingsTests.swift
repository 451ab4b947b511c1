import RatingData
import RatingNumerics
import Testing

@testable import RatingModels

struct SparseRatingsTests {
  /// Random rows of so many users and items, rated with so many different values; every id occurs.
  private static func dataset(
    _ count: Int, users: Int, items: Int, values: Int, hasTimes: Bool = true, seed: Seed = 1
  ) -> RatingDataset {
    var stream = RandomStream(seed: seed, purpose: "test")
    let rows = (0..<count).map { row in
      (
        user: row < users ? row : stream.below(users), item: row < items ? row : stream.below(items),
        value: stream.below(values), time: UInt32(stream.below(1 << 31))
      )
    }
    return RatingDataset(
      users: rows.map(\.user), items: rows.map(\.item), ratings: rows.map { Float($0.value) / 2 },
      times: hasTimes ? rows.map(\.time) : nil, scale: RatingScale(0...Double(values)))
  }

  /// Grouped as the documentation says, by the plain way.
  private static func expected(
    _ dataset: RatingDataset, by key: SparseRatings.Key
  ) -> (starts: [Int], others: [UInt32], values: [Float], days: [UInt16]) {
    dataset.withUnsafeColumns { columns in
      let (keys, others) = key == .user ? (columns.users, columns.items) : (columns.items, columns.users)
      var groups = [[Int]](repeating: [], count: key == .user ? dataset.userCount : dataset.itemCount)
      for row in keys.indices { groups[Int(keys[row])].append(row) }
      let order = groups.flatMap { $0 }
      return (
        groups.reduce(into: [0]) { $0.append($0.last! + $1.count) }, order.map { others[$0] },
        order.map { columns.ratings[$0] }, order.map { row in columns.times.map { UInt16($0[row] / 86_400) } ?? 0 }
      )
    }
  }

  private static func check(
    _ ratings: SparseRatings, _ dataset: RatingDataset, by key: SparseRatings.Key, days: Bool = true
  ) {
    let expected = expected(dataset, by: key)
    let decoded = DecodedRatings(ratings, 0..<ratings.count)
    #expect(ratings.starts == expected.starts)
    #expect(Array(UnsafeBufferPointer(start: decoded.others, count: decoded.count)) == expected.others)
    #expect(Array(UnsafeBufferPointer(start: decoded.values, count: decoded.count)) == expected.values)
    #expect(ratings.days == (days && dataset.hasTimes ? expected.days : nil))
  }

  @Test(arguments: [
    (50, 7, 5, 9), (1, 1, 1, 1), (40_000, 300, 257, 10), (90_000, 70_000, 300, 250), (90_000, 300, 70_000, 1000),
    (150_000, 257, 256, 100_000),
  ])
  func ratingsAreGroupedInTheirOrderAtAnyNumberOfThreads(_ count: Int, users: Int, items: Int, values: Int) {
    let dataset = Self.dataset(count, users: users, items: items, values: values)
    for threads in [1, 2, 5] {
      let both = SparseRatings.both(dataset, days: true, threads: threads)
      Self.check(both.byUser, dataset, by: .user)
      Self.check(both.byItem, dataset, by: .item)
    }
    Self.check(SparseRatings(dataset, by: .item, threads: 2), dataset, by: .item, days: false)
  }

  @Test func moreThanOneBatchIsSorted() {
    let count = (1 << 23) + 100_003
    let dataset = RatingDataset.rows(count, users: 1000, items: 300)
    let both = SparseRatings.both(dataset, threads: 2)
    Self.check(both.byUser, dataset, by: .user)
    Self.check(both.byItem, dataset, by: .item)
  }

  @Test func columnsTakeTheFewestBytes() {
    func bytes(_ ratings: SparseRatings) -> Int {
      let others =
        switch ratings.others {
        case .short: 2
        case .long: 4
        }
      let values =
        switch ratings.values {
        case .bytes: 1
        case .shorts: 2
        case .plain: 4
        }
      return others + values + (ratings.days == nil ? 0 : 2)
    }
    let prize = SparseRatings.both(Self.dataset(70_000, users: 66_000, items: 50, values: 5), days: true, threads: 1)
    #expect(bytes(prize.byUser) == 5 && bytes(prize.byItem) == 7)
    let halves = SparseRatings.both(Self.dataset(70_000, users: 100, items: 50, values: 300), threads: 1)
    #expect(bytes(halves.byUser) == 4 && bytes(halves.byItem) == 4)
    let many = Self.dataset(300_000, users: 100, items: 50, values: 1_000_000, hasTimes: false)
    #expect(bytes(SparseRatings(many, by: .user, days: true, threads: 1)) == 6)
  }

  @Test func mappedRatingsAreFunctionsOfTheOld() {
    for values in [5, 1000, 200_000] {
      let dataset = Self.dataset(150_000, users: 40, items: 30, values: values)
      let ratings = SparseRatings(dataset, by: .user, threads: 2)
      let (old, new) = (
        DecodedRatings(ratings, 10..<140_000), DecodedRatings(ratings.mapping { 2 * $0 - 1 }, 10..<140_000)
      )
      #expect((0..<old.count).allSatisfy { new.values[$0] == 2 * old.values[$0] - 1 })
      #expect((0..<old.count).allSatisfy { new.others[$0] == old.others[$0] })
    }
  }

  @Test func aReaderIsUsedForOneStretchAfterTheOther() {
    let dataset = Self.dataset(50_000, users: 200, items: 100, values: 9)
    let ratings = SparseRatings(dataset, by: .user, threads: 2)
    let expected = Self.expected(dataset, by: .user)
    let reader = DecodedRatings(capacity: 1)
    for user in 0..<200 {
      reader.read(ratings, ratings.range(user))
      #expect(reader.count == ratings.count(user))
      #expect(
        Array(UnsafeBufferPointer(start: reader.values, count: reader.count))
          == Array(expected.values[expected.starts[user]..<expected.starts[user + 1]]))
    }
  }
}

extension RatingDataset {
  /// Many rows, made quickly: rows of a few distinct ids, repeated by selection.
  fileprivate static func rows(_ count: Int, users: Int, items: Int) -> RatingDataset {
    let base = RatingDataset(
      users: (0..<users * 3).map { $0 % users }, items: (0..<users * 3).map { $0 * 7 % items },
      ratings: (0..<users * 3).map { Float($0 % 5 + 1) })
    var state: UInt64 = 1
    return base.selecting(
      rows: (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % (users * 3)
      })
  }
}
