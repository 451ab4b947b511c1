import Testing

@testable import RatingData

struct ReindexingAndExcludingTests {
  let ratings = RatingDataset(
    users: [10, 10, 20, 30], items: [1, 2, 1, 3], ratings: [1, 2, 3, 4], times: [5, 6, 7, 8], scale: .wholeStars)

  @Test func reindexingLooksUpWhatTheRowsAreCalled() {
    let target = Vocabularies(
      users: Vocabulary([Identifier(5), Identifier(10), Identifier(30)]),
      items: Vocabulary([Identifier("a"), Identifier(1), Identifier(2)]))
    let moved = ratings.reindexed(to: target)
    #expect(moved.pairs.users == [1, 1, RatingPairs.unknown, 2])
    #expect(moved.pairs.items == [0, 1, 0, RatingPairs.unknown])
    #expect(moved.pairs.times == [5, 6, 7, 8])
    #expect(moved.ratings == [1, 2, 3, 4])
    #expect(ratings.reindexed(to: ratings.vocabularies).pairs == ratings.pairs)
  }

  @Test func restrictingKeepsWhatBothVocabulariesHave() {
    let target = Vocabularies(
      users: Vocabulary([Identifier(5), Identifier(10), Identifier(30)]),
      items: Vocabulary([Identifier(1), Identifier(2)]))
    let known = ratings.restricted(to: target)
    #expect(known.pairs == RatingPairs(users: [1, 1], items: [0, 1], times: [5, 6]))
    #expect(known.withUnsafeColumns { Array($0.ratings) } == [1, 2])
    #expect(known.vocabularies == target && known.scale == .wholeStars)
    #expect(ratings.restricted(to: ratings.vocabularies).contentHash == ratings.contentHash)
    #expect(ratings.restricted(to: Vocabularies(users: .empty, items: .empty)).count == 0)
  }

  @Test func removingKeepsTheOrderAndTheVocabularies() {
    let pairs = RatingPairs(users: [0, 2, 1, RatingPairs.unknown, 2], items: [1, 0, 0, 0, RatingPairs.unknown])
    let rest = ratings.removing(pairs)
    #expect(rest.withUnsafeColumns { Array($0.ratings) } == [1, 4])
    #expect(rest.vocabularies == ratings.vocabularies)
    #expect(ratings.removing(RatingPairs(users: [], items: [])).count == 4)
    #expect(ratings.rows(of: pairs) == [0, 2])
    #expect(rest.withUnsafeColumns { Array($0.times!) } == [5, 8])
    #expect(ratings.rows(of: RatingPairs(users: [2, 9, 2], items: [2, 0, 2])) == [0, 2])
    #expect(ratings.removing(ratings.pairs).count == 0)
  }

  /// In place where nobody else holds the ratings, else into new columns; several pieces, some of which lose all or nothing.
  @Test(arguments: [1, 2, 3]) func removingFromManyRowsKeepsTheOthers(threads: Int) {
    let count = 700_000
    func data() -> RatingDataset {
      RatingDataset(
        users: (0..<count).map { $0 / 1000 }, items: (0..<count).map { $0 % 1000 },
        ratings: (0..<count).map { Float($0 % 5 + 1) }, times: (0..<count).map { UInt32($0) })
    }
    func isRemoved(_ row: Int) -> Bool { row % 7 == 3 && row < 500_000 || 262_144..<524_288 ~= row || row == count - 1 }
    let removed = (0..<count).filter(isRemoved)
    var ratings = data()
    let pairs = ratings.selecting(rows: removed + removed.prefix(10)).pairs
    let held = ratings
    let copied = ratings.removing(pairs, threads: threads)
    #expect(held.count == count && ratings.remove(pairs, threads: threads) == removed.count)
    var alone = data()
    let place = alone.withUnsafeColumns { $0.users.baseAddress }
    #expect(alone.remove(pairs, threads: threads) == removed.count)
    #expect(alone.withUnsafeColumns { $0.users.baseAddress } == place)
    #expect(alone.remove(pairs, threads: threads) == 0)
    let expected = held.selecting(rows: (0..<count).filter { !isRemoved($0) })
    for rest in [copied, ratings, alone] {
      rest.withUnsafeColumns { rest in
        expected.withUnsafeColumns { expected in
          #expect(rest.users.elementsEqual(expected.users) && rest.items.elementsEqual(expected.items))
          #expect(rest.ratings.elementsEqual(expected.ratings) && rest.times!.elementsEqual(expected.times!))
        }
      }
    }
    #expect(held.count == count && held.rows(of: pairs, threads: threads) == Array(0..<pairs.count))
    #expect(alone.rows(of: pairs, threads: threads).isEmpty)
  }

  @Test func theContentHashDependsOnEveryColumn() {
    func made(
      users: [Int] = [1, 2], items: [Int] = [1, 2], ratings: [Float] = [1, 2], times: [UInt32]? = nil
    ) -> String { RatingDataset(users: users, items: items, ratings: ratings, times: times).contentHash }
    let hashes = [
      made(), made(users: [2, 1]), made(users: [1, 3]), made(items: [1, 1]), made(ratings: [1, 3]),
      made(times: [0, 0]),
      made(times: [0, 1]),
    ]
    #expect(Set(hashes).count == hashes.count)
    #expect(made() == hashes[0])
    #expect(hashes[0].count == 64)
  }

  @Test func columnsOfAFileAreCheckedBeforeTheyAreAVocabulary() {
    func flaw(_ storage: Vocabulary.Storage) -> Bool {
      if case .failure = Vocabulary.checked(storage) { true } else { false }
    }
    #expect(!flaw(.integers([0, 1, 5])) && !flaw(.integers([])))
    #expect(flaw(.integers([-1, 1])) && flaw(.integers([1, 1])) && flaw(.integers([2, 1])))
    #expect(!flaw(.texts(bytes: Array("1ab".utf8), ends: [1, 2, 3])))
    #expect(flaw(.texts(bytes: Array("12".utf8), ends: [1, 2])), "whole numbers alone are stored as such")
    #expect(flaw(.texts(bytes: Array("ba".utf8), ends: [1, 2])) && flaw(.texts(bytes: [], ends: [])))
    #expect(
      flaw(.texts(bytes: Array("ab".utf8), ends: [1, 3])) && flaw(.texts(bytes: Array("ab".utf8), ends: [2, 1])))
  }
}
