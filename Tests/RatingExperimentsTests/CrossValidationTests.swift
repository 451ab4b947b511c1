import RatingData
import RatingEvaluation
import RatingModels
import RatingNumerics
import Testing

@testable import RatingExperiments

@Suite struct CrossValidationTests {
  @Test func everyRatingIsJudgedOnceAndFoldsMergeToTheWhole() throws {
    let result = try crossValidate(DampedBiases(), on: ExperimentData.ratings, folds: 4, seed: 3)
    #expect(result.folds.count == 4)
    #expect(result.scores.count == ExperimentData.ratings.count)
    #expect(result.folds.reduce(0) { $0 + $1.testRatings } == ExperimentData.ratings.count)
    // The same by hand, fold by fold.
    let splits = try ExperimentData.ratings.split(KFold(folds: 4), seed: 3)
    var sums = ErrorSums()
    for index in 0..<4 {
      let split = try splits.split(index)
      let model = try DampedBiases().fit(to: split.train, seed: 3)
      let scores = try Scores(predictions: model.predict(split.test.pairs), answers: split.test)
      #expect(result.folds[index].scores == scores)
      sums.merge(scores.unclipped)
    }
    #expect(result.scores.unclipped == sums)
    #expect(abs(result.interval.estimate - sums.rmse) < 1e-12)
    #expect(result.meanRMSE == result.folds.reduce(0) { $0 + $1.scores.rmse } / 4)
  }

  /// The interval against the statistics of the whole, row by row: users are clusters across folds.
  @Test func theIntervalIsClusteredByUserAcrossFolds() throws {
    let data = ExperimentData.ratings
    let result = try crossValidate(DampedBiases(), on: data, folds: 3, seed: 5)
    let splits = try data.split(KFold(folds: 3), seed: 5)
    var predictions: [Double] = []
    var answers: [Double] = []
    var users: [UInt32] = []
    for index in 0..<3 {
      let split = try splits.split(index)
      predictions += try DampedBiases().fit(to: split.train, seed: 5).predict(split.test.pairs).values
      split.test.withUnsafeColumns { columns in
        answers += columns.ratings.map(Double.init)
        users += columns.users
      }
    }
    let whole = ErrorInference(try ErrorRows(predictions: [predictions], answers: answers, users: users))
    let expected = try whole.interval(for: .rmse(0))
    #expect(abs(result.interval.standardError - expected.standardError) < 1e-12)
    #expect(abs(result.interval.lower - expected.lower) < 1e-12)
    #expect(result.interval.clusters == 60)
    // Rows taken as independent would claim another precision.
    #expect(try whole.interval(for: .rmse(0), clustering: .none).standardError != expected.standardError)
  }

  @Test(arguments: [1, 2, 4])
  func theFiguresDoNotDependOnTheThreads(_ threads: Int) throws {
    let algorithm = BiasedMatrixFactorization(factors: 8, epochs: 4)
    let one = try crossValidate(algorithm, on: ExperimentData.ratings, folds: 3, options: RunOptions(threads: 1))
    let many = try crossValidate(algorithm, on: ExperimentData.ratings, folds: 3, options: RunOptions(threads: threads))
    #expect(one.folds.map(\.scores) == many.folds.map(\.scores))
    #expect(one.interval == many.interval)
  }

  @Test func impossibleFoldsAreErrorsOfData() throws {
    let error = try #require(throws: ExperimentError.self) {
      try crossValidate(DampedBiases(), on: ExperimentData.ratings, folds: 1)
    }
    guard case .data = error else {
      Issue.record("\(error)")
      return
    }
  }
}
