import RatingData
import RatingModels
import RatingNumerics
import Testing

// A model of one's own, as a user of the library writes it: these are the ten lines.
struct Median: RatingAlgorithm {
  struct Model: RatingModel {
    let vocabularies: Vocabularies, scale: RatingScale, median: Double
    func rating(_ question: Question) -> Double { median }
  }
  func fit(to input: TrainingInput, seed: Seed, options: RunOptions) throws(TrainingError) -> Model {
    try input.requireRatings()
    let sorted = input.ratings.withUnsafeColumns { $0.ratings.sorted() }
    return Model(
      vocabularies: input.ratings.vocabularies, scale: input.ratings.scale, median: Double(sorted[sorted.count / 2]))
  }
}

struct OwnModelTests {
  @Test func aModelOfTenLinesPredictsInBatchesAndClips() throws {
    let ratings = RatingDataset(users: [1, 1, 2], items: [1, 2, 1], ratings: [1, 4, 5], scale: .wholeStars)
    let algorithms: [String: any RatingAlgorithm] = ["median": Median(), "mean": GlobalMean()]
    let model = try algorithms["median"]!.fit(to: ratings, seed: 1)
    #expect(model.predict(ratings.pairs).values == [4, 4, 4])
    #expect(model.rating(user: 9, item: 9) == 4)
    #expect(model.clipped(to: RatingScale(1...3)).predict(ratings.pairs).values == [3, 3, 3])
  }
}
