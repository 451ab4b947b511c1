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
