import RatingData
import RatingModels
import Testing

/// Worked by hand.
///
///          item 1  item 2  item 3
/// user 1     5       3              mean 4
/// user 2     4               1      mean 5/2
/// user 3             2       3      mean 5/2
///
/// mean of all 18/6 = 3; item means 9/2, 5/2, 2
struct MeansTests {
  let ratings = RatingDataset(
    users: [1, 1, 2, 2, 3, 3], items: [1, 2, 1, 3, 2, 3], ratings: [5, 3, 4, 1, 2, 3], scale: .wholeStars)

  @Test func globalMeanPredictsTheMean() throws {
    #expect(try GlobalMean().fit(to: ratings, seed: 1).predict(ratings.pairs).values == [3, 3, 3, 3, 3, 3])
  }

  @Test func userMeanPredictsTheUsersMeanAndTheGlobalMeanForOthers() throws {
    let model = try UserMean().fit(to: ratings, seed: 1)
    #expect(model.predict(ratings.pairs).values == [4, 4, 2.5, 2.5, 2.5, 2.5])
    #expect(model.rating(user: 4, item: 1) == 3)
  }

  @Test func itemMeanPredictsTheItemsMeanAndTheGlobalMeanForOthers() throws {
    let model = try ItemMean().fit(to: ratings, seed: 1)
    #expect(model.predict(ratings.pairs).values == [4.5, 2.5, 4.5, 2, 2.5, 2])
    #expect(model.rating(user: 1, item: 4) == 3)
  }
}
