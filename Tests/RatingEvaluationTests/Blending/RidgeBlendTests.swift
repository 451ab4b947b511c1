import RatingNumerics
import Testing

@testable import RatingEvaluation

@Suite struct RidgeBlendTests {
  /// Answers of 200 users, 10 rows each, and three predictions of them with errors of known size.
  private static func contest(
    deviations: [Double] = [0.5, 1, 0.8], shifts: [Double] = [0, 0, 0]
  ) -> (predictions: [[Double]], answers: [Double], users: [UInt32]) {
    var stream = RandomStream(seed: 3, purpose: "blend-tests")
    let answers = (0..<2000).map { _ in 3.5 + stream.normal() }
    let predictions = zip(deviations, shifts).map { deviation, shift in
      answers.map { $0 + shift + deviation * stream.normal() }
    }
    return (predictions, answers, (0..<2000).map { UInt32($0 / 10) })
  }

  private static func rmse(_ a: [Double], _ b: [Double]) -> Double {
    (zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(a.count)).squareRoot()
  }

  /// y = 1 + 2 x without any error: the ridge's pull toward weight 1 is 1e-8 of the spread.
  @Test func aLineIsFound() throws {
    let x = (0..<30).map { Double($0 % 7) }
    let blend = try RidgeBlend(
      predictions: [x], answers: x.map { 1 + 2 * $0 }, users: (0..<30).map { UInt32($0) }, lambdas: [1e-8])
    #expect(abs(blend.weights[0] - 2) < 1e-7 && abs(blend.intercept - 1) < 1e-6)
    #expect(blend.inSampleRMSE < 1e-6 && blend.outOfFoldRMSE < 1e-6)
  }

  /// With independent errors the best weights are near (1 / variance) / (1 + sum of 1 / variances), the answers' own
  /// variance being 1; shifts go into the intercept.
  @Test func weightsAreThoseOfTheErrorsSizes() throws {
    let (predictions, answers, users) = Self.contest(shifts: [0.5, -1, 0])
    let blend = try RidgeBlend(predictions: predictions, answers: answers, users: users)
    let precisions = [1 / 0.25, 1 / 1.0, 1 / 0.64]
    let total = 1 + precisions.reduce(0, +)
    for (weight, precision) in zip(blend.weights, precisions) { #expect(abs(weight - precision / total) < 0.05) }
    #expect(blend.outOfFoldRMSE < 0.45 && blend.inSampleRMSE < blend.outOfFoldRMSE)
    #expect(abs(Self.rmse(blend.outOfFoldPredictions, answers) - blend.outOfFoldRMSE) < 1e-10)
    #expect(abs(Self.rmse(blend.blended(predictions), answers) - blend.inSampleRMSE) < 1e-10)
    #expect(blend.trials.map(\.rmse).min() == blend.outOfFoldRMSE && blend.folds == 10)
    #expect(blend.trials.map(\.lambda) == RidgeBlend.defaultLambdas)
  }

  @Test func alargeLambdaGivesTheAverage() throws {
    let (predictions, answers, users) = Self.contest()
    let blend = try RidgeBlend(predictions: predictions, answers: answers, users: users, lambdas: [1e9])
    for weight in blend.weights { #expect(abs(weight - 1.0 / 3) < 1e-6) }
  }

  /// Each fold's rows are predicted with weights from the others: leaving out a user's rows and fitting anew gives the
  /// same numbers.
  @Test func outOfFoldPredictionsHaveNotSeenTheirUsers() throws {
    let (predictions, answers, users) = Self.contest()
    let blend = try RidgeBlend(
      predictions: predictions, answers: answers, users: users, lambdas: [0.01], folds: 4, seed: 9)
    let folds = UserFolds(users, folds: 4, seed: 9)
    #expect(folds.rows.flatMap { $0 }.sorted() == Array(0..<2000))
    var foldOfUser: [UInt32: Int] = [:]
    for (fold, rows) in folds.rows.enumerated() {
      #expect(rows.count == 500)
      for row in rows {
        #expect(foldOfUser[users[row]] ?? fold == fold, "user \(users[row]) is in two folds")
        foldOfUser[users[row]] = fold
      }
      let others = (0..<2000).filter { foldOfUser[users[$0]] != fold && !rows.contains($0) }
      guard fold == 0 else { continue }
      let fit = BlendMoments(predictions, answers, rows: others, shift: 3).weights(lambda: 0.01)
      for row in rows.prefix(20) {
        let expected = zip(fit.weights, predictions).reduce(fit.intercept) { $0 + $1.0 * $1.1[row] }
        #expect(abs(blend.outOfFoldPredictions[row] - expected) < 1e-9)
      }
    }
  }

  @Test func theResultIsTheSameAtAnyNumberOfThreads() throws {
    let (predictions, answers, users) = Self.contest()
    let blends = try [1, 2, 4].map {
      try RidgeBlend(predictions: predictions, answers: answers, users: users, threads: $0)
    }
    #expect(blends[0] == blends[1] && blends[0] == blends[2])
  }

  @Test func equalPredictionsShareTheirWeight() throws {
    let (predictions, answers, users) = Self.contest()
    let blend = try RidgeBlend(predictions: [predictions[0], predictions[0]], answers: answers, users: users)
    #expect(abs(blend.weights[0] - blend.weights[1]) < 1e-6)
    let constant = try RidgeBlend(
      predictions: [[Double](repeating: 3, count: 2000)], answers: answers, users: users)
    #expect(abs(constant.outOfFoldRMSE - Self.rmse(answers, [Double](repeating: 3.5, count: 2000))) < 0.05)
  }

  @Test func whatCannotBeBlendedIsRefused() {
    func code(_ body: () throws -> Void) -> EvaluationError.Code? {
      do { try body() } catch let error as EvaluationError { return error.code } catch {}
      return nil
    }
    #expect(code { _ = try RidgeBlend(predictions: [[]], answers: [], users: []) } == .noRows)
    #expect(code { _ = try RidgeBlend(predictions: [[1]], answers: [1, 2], users: [0, 1]) } == .lengthsDiffer)
    #expect(code { _ = try RidgeBlend(predictions: [[1, .nan]], answers: [1, 2], users: [0, 1]) } == .notANumber)
    #expect(code { _ = try RidgeBlend(predictions: [[1, 2]], answers: [1, 2], users: [7, 7]) } == .tooFewClusters)
  }
}
