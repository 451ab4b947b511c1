import RatingData
import Testing

@testable import RatingModels

struct ShuffledRatingsTests {
  @Test func anEpochVisitsEveryRatingOnceInAnOrderOfItsOwn() throws {
    let planted = PlantedRatings(users: 100, items: 60, perUser: 40)
    let rows = ShuffledRatings(planted.train, seed: 1)
    func order(_ rows: ShuffledRatings, epoch: Int) throws -> [UInt64] {
      var order: [UInt64] = []
      try rows.forEachBlock(epoch: epoch) { block in
        order += block.map { UInt64($0.user) << 32 | UInt64($0.item) }
      }
      return order
    }
    let (one, two) = (try order(rows, epoch: 1), try order(rows, epoch: 2))
    let expected = planted.train.withUnsafeColumns { columns in
      columns.users.indices.map { UInt64(columns.users[$0]) << 32 | UInt64(columns.items[$0]) }
    }
    #expect(one.sorted() == expected.sorted())
    #expect(two.sorted() == expected.sorted())
    #expect(one != two)
    #expect(try order(rows, epoch: 1) == one)
    #expect(try order(ShuffledRatings(planted.train, seed: 2), epoch: 1) != one)
  }
}
