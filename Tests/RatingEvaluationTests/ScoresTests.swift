import RatingData
import RatingNumerics
import Testing

@testable import RatingEvaluation

struct ScoresTests {
  @Test func clippedFiguresStandBeside() throws {
    // errors 1, -1 unclipped; 6 moves to 5, 0.5 to 1: errors 0, -0.5
    let scores = try Scores(predictions: [6, 0.5], answers: [5, 1.5] as [Float], scale: .wholeStars)
    #expect(scores.rmse == 1)
    #expect(scores.rmseClipped == 0.125.squareRoot())
    #expect(scores.mae == 1)
    #expect(scores.maeClipped == 0.25)
    #expect(scores.bias == 0)
    #expect(scores.count == 2)
    #expect("\(scores)" == "RMSE 1.000000 (clipped 0.353553), MAE 1.000000, 2 rows")
    #expect(try Scores(predictions: [6], answers: [5] as [Double]).rmseClipped == nil)
  }

  @Test func negativeScalesClipToo() throws {
    let scale = RatingScale(-10...10)
    let scores = try Scores(predictions: [-12.5, 11], answers: [-9.5, 10] as [Double], scale: scale)
    #expect(scores.maeClipped == 0.25)
  }

  @Test func aModelsPredictionsAreScoredAgainstADataSet() throws {
    let answers = RatingDataset(users: [1, 2, 3], items: [7, 8, 7], ratings: [2, 3, 4], scale: .wholeStars)
    let scores = try Scores(predictions: Predictions([3.2, 3.1, 5.0]), answers: answers)
    #expect(scores.roundedRMSE(decimals: 5) == "0.90370")
    #expect(scores == (try Scores(predictions: [3.2, 3.1, 5.0], answers: [2, 3, 4] as [Float], scale: .wholeStars)))
  }

  @Test func numbersCountAsTheyPrint() throws {
    // 3.6 as a Float is 3.599999904...; as a decimal it is 3.6, so that the error is exactly 0.
    #expect(try rmse(predictions: [3.6, -8.25, 0.1], answers: [3.6, -8.25, 0.1] as [Float]) == 0)
    #expect(try rmse(predictions: [0.857250001], answers: [0] as [Double]) == 0.857250001)
  }

  @Test func fastConversionAgreesWithThePrintedText() {
    var random = RandomStream(seed: Seed(3), purpose: "decimals", index: 0)
    for row in 0..<4000 {
      let places = PrizeDecimal.powerOfTen(row % 10)
      let value = Double(Int64(random.next() % 2_000_000_000) - 1_000_000_000) / Double(places)
      #expect(decimalUnits(value) == FixedDecimal(text: "\(value)")?.units)
      let half = Float(Int(random.next() % 9000) - 4500) / Float(row % 7 + 1)
      #expect(decimalUnits(half) == FixedDecimal(text: "\(half)")?.units)
    }
    #expect(decimalUnits(-1000.0) == -1000 * FixedDecimal.unitsPerOne)
    #expect(decimalUnits(1000.0000001) == nil)
    #expect(decimalUnits(Float.nan) == nil)
  }

  @Test func scoresAreFoundBySet() throws {
    let all = try Scores(unclipped: errorSums([1, 2]))
    let quiz = try Scores(unclipped: errorSums([1]))
    let scores = ScoresBySet(all: all, quiz: quiz)
    #expect(scores[.all] == all)
    #expect(scores[.quiz] == quiz)
    #expect(scores[.test] == nil)
  }
}
