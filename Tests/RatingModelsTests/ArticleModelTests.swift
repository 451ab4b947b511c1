import Foundation
import RatingData
import RatingModels
import RatingNumerics
import Testing

// The code of the article WritingAModel, so that it compiles and does what is said there.

/// Predicts an item's mean, drawn toward the mean of all ratings where the item has few.
struct ShrunkItemMean: RatingAlgorithm {
  /// With how many ratings at the mean of all every item begins.
  var damping = 10.0

  func fit(to input: TrainingInput, seed: Seed, options: RunOptions) throws(TrainingError) -> Model {
    try input.requireRatings()
    let (ratings, mean) = (input.ratings, input.ratings.mean)
    var sums = [Double](repeating: damping * mean, count: ratings.itemCount)
    var counts = [Double](repeating: damping, count: ratings.itemCount)
    ratings.withUnsafeColumns { columns in
      for row in columns.ratings.indices {
        sums[Int(columns.items[row])] += Double(columns.ratings[row])
        counts[Int(columns.items[row])] += 1
      }
    }
    return Model(
      vocabularies: ratings.vocabularies, scale: ratings.scale, mean: mean,
      itemMeans: zip(sums, counts).map { $1 == 0 ? mean : $0 / $1 })
  }

  struct Model: RatingModel {
    let vocabularies: Vocabularies
    let scale: RatingScale
    let mean: Double
    let itemMeans: [Double]

    func rating(_ question: Question) -> Double {
      question.item.map { itemMeans[Int($0.value)] } ?? mean
    }
  }
}

struct ArticleModelTests {
  @Test func aModelOfOnesOwnPredictsAsItsArticleSays() throws {
    let ratings = RatingDataset(users: [1, 1, 2], items: [1, 2, 1], ratings: [1, 4, 4], scale: .wholeStars)
    let model = try ShrunkItemMean(damping: 1).fit(to: ratings, seed: 1)
    // The mean is 3: (3 + 1 + 4) / 3 and (3 + 4) / 2.
    #expect(model.predict(ratings.pairs).values == [8.0 / 3, 3.5, 8.0 / 3])
    #expect(model.rating(user: 9, item: 2) == 3.5)
    #expect(model.rating(user: 1, item: 9) == 3)
    let nothing = RatingDataset(users: [Int](), items: [Int](), ratings: [], scale: .wholeStars)
    #expect(throws: TrainingError.self) { try ShrunkItemMean().fit(to: nothing, seed: 1) }
  }

  @Test func theArticleHasThisCode() throws {
    let article = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources/RatingBench/RatingBench.docc/WritingAModel.md").standardized
    let blocks = try String(contentsOf: article, encoding: .utf8).components(separatedBy: "```swift\n").dropFirst()
      .map { $0.components(separatedBy: "```")[0] }
    let code = try #require(blocks.first { $0.contains("struct ShrunkItemMean") })
    #expect(try String(contentsOfFile: #filePath, encoding: .utf8).contains(code))
  }
}
