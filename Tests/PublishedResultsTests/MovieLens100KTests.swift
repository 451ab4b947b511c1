import RatingBench
import Testing
import _RatingTestSupport

/// The accuracy of the first models on MovieLens 100K, on the splits that its authors made (`u1` to `u5`).
///
/// Needs the folder `ml-100k` where `RATINGBENCH_DATA` points; skipped otherwise.
@Suite(
  .enabled(
    if: RealData.path("ml-100k/u1.base") != nil,
    "skipped: RATINGBENCH_DATA names no folder with ml-100k, so accuracy on real ratings is not tested"))
struct MovieLens100KTests {
  /// The test scores of an algorithm with its defaults and seed 1 on fold 1...5.
  static func scores(_ name: String, fold: Int) throws -> Scores {
    let train = try RatingDataset(contentsOf: #require(RealData.path("ml-100k/u\(fold).base")))
    let test = try RatingDataset(contentsOf: #require(RealData.path("ml-100k/u\(fold).test")))
      .reindexed(to: train.vocabularies)
    let model = try AlgorithmRegistry.standard.algorithm(name).fit(to: train, seed: 1)
    return try Scores(predictions: model.predict(test.pairs).values, answers: test.ratings, scale: train.scale)
  }

  /// Computed independently with NumPy: the global, user or item mean of the training part, the global mean for items
  /// without ratings.
  @Test(arguments: [
    ("global-mean", [1.15368, 1.13066, 1.11158, 1.11329, 1.11868]),
    ("user-mean", [1.06300, 1.04675, 1.03290, 1.03666, 1.03929]),
    ("item-mean", [1.03341, 1.03048, 1.01966, 1.01688, 1.02234]),
  ])
  func meansGiveTheFiguresOfNumPy(_ name: String, _ expected: [Double]) throws {
    for fold in 1...5 {
      #expect(abs(try Self.scores(name, fold: fold).rmse - expected[fold - 1]) < 6e-6, "u\(fold)")
    }
  }

  /// Bounds for the defaults, which were chosen inside u1.base alone (`DefaultsStudy`). u1 is the hardest fold: its test
  /// part holds only 459 of the 943 users.
  @Test(arguments: [("biases", 0.950...0.956), ("biased-mf", 0.905...0.925), ("als", 0.905...0.925)])
  func clippedErrorOnU1LiesInTheInterval(_ name: String, _ interval: ClosedRange<Double>) throws {
    let found = try #require(try Self.scores(name, fold: 1).rmseClipped)
    #expect(interval.contains(found), "\(name): \(found)")
  }
}
