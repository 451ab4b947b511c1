import Foundation
import RatingData
import RatingEvaluation
import RatingModels
import RatingNumerics
import Testing

@testable import RatingExperiments

struct TopNEvaluationTests {
  /// Rates by a table, and asks nobody for a matrix product.
  private struct TableModel: RatingModel {
    let vocabularies: Vocabularies
    let scale = RatingScale.wholeStars
    let table: [[Double]]

    func rating(_ question: Question) -> Double {
      guard let item = question.item else { return 0 }
      return question.user.map { table[Int($0.value)][Int(item.value)] } ?? Double(item.value)
    }
  }

  @Test func aSmallCaseWorkedByHand() throws {
    // Items 10, 11, 12, 13; user 1 rated 10 in training, user 2 nothing. Ranked for user 1: 13 12 11 (10 is left out);
    // for user 2: 10 11 12 13. Held out: user 1 likes 12 (5 stars) and not 13 (2 stars): a hit at rank 2. User 2 likes
    // 13: no hit in two. User 3 is unknown and likes 13, the first for unknown users: a hit at rank 1. User 4 likes
    // nothing, and is left out.
    let known = RatingDataset(users: [1, 1, 2, 2], items: [10, 11, 12, 13], ratings: [1, 1, 1, 1]).vocabularies
    let model = TableModel(vocabularies: known, table: [[4, 1, 2, 3], [4, 3, 2, 1]])
    let training = RatingDataset(users: [1], items: [10], ratings: [4], scale: .wholeStars)
    let heldOut = RatingDataset(
      users: [1, 1, 2, 3, 4], items: [12, 13, 13, 13, 11], ratings: [5, 2, 4, 4, 3], scale: .wholeStars)
    let evaluation = TopNEvaluation(
      metrics: try Metric.list(parsing: "hit-rate@2,mrr@2,precision@2,recall@1,catalogue-coverage@2"))
    let result = try evaluation.evaluate(model, training: training, heldOut: heldOut)
    #expect(result.users == 3 && result.usersLeftOut == 1)
    let expected: [Double?] = [2.0 / 3, 0.5, 1.0 / 3, 1.0 / 3, 1]
    #expect(result.values.map(\.value) == expected)
    #expect(result.values.allSatisfy { $0.count == 3 && $0.leftOut == 1 })
    #expect(
      "\(result.protocol)"
        == "candidates: all 4 items but the user's training items; relevant: held-out ratings of at least 4")
    // With all items as candidates user 1's first two are 10 and 13: no hit.
    let open = try TopNEvaluation(metrics: evaluation.metrics, candidates: .all)
      .evaluate(model, training: training, heldOut: heldOut)
    #expect(open.values[0].value == 1.0 / 3)
  }

  /// The matrix products' way against ranking by every single rating.
  @Test(arguments: ["biased-mf", "biases", "svd++"])
  func rankingsAreThoseOfThePredictedRatings(_ name: String) throws {
    var random = RandomStream(seed: Seed(6), purpose: "ranking data", index: 0)
    let pairs = (0..<200 * 90).filter { _ in random.next() % 4 == 0 }
    let ratings = RatingDataset(
      users: pairs.map { $0 / 90 }, items: pairs.map { $0 % 90 },
      ratings: pairs.map { Float(1 + ($0 / 90 + $0 % 90 + Int(random.next() % 2)) % 5) }, scale: .wholeStars)
    var order = Array(0..<ratings.count)
    random.shuffle(&order)
    let training = ratings.selecting(rows: order[1000...].sorted())
    let heldOut = ratings.selecting(rows: order[..<1000].sorted())
    func fit(_ algorithm: some RegisteredAlgorithm) throws -> any RatingModel {
      try algorithm.fit(to: training, seed: 1)
    }
    let model = try fit(try AlgorithmRegistry.standard.algorithm(name))
    let evaluation = TopNEvaluation()
    #expect(evaluation.metrics.count == 8)
    let result = try evaluation.evaluate(model, training: training, heldOut: heldOut, threads: 1)
    for threads in [2, 4] {
      #expect(try evaluation.evaluate(model, training: training, heldOut: heldOut, threads: threads) == result)
    }

    var tally = try RankingTally(evaluation.metrics, catalogue: 90)
    var liked = [Int: [UInt32]]()
    var seen = [Int: Set<UInt32>]()
    heldOut.withUnsafeColumns { columns in
      for row in 0..<heldOut.count {
        liked[Int(columns.users[row]), default: []] += columns.ratings[row] >= 4 ? [columns.items[row]] : []
      }
    }
    training.withUnsafeColumns { columns in
      for row in 0..<training.count { seen[Int(columns.users[row]), default: []].insert(columns.items[row]) }
    }
    for user in liked.keys.sorted() {
      let candidates = (0..<UInt32(90)).filter { !seen[user, default: []].contains($0) }
      let scores = candidates.map {
        model.rating(Question(user: UserIndex(UInt32(user)), item: ItemIndex($0)))
      }
      let best = candidates.indices.sorted { (scores[$0], candidates[$1]) > (scores[$1], candidates[$0]) }
      tally.add(
        RankedUser(
          ranked: best.prefix(10).map { candidates[$0] }, relevant: liked[user]!, candidateCount: candidates.count))
    }
    #expect(tally.values == result.values)
    #expect(result.values.allSatisfy { $0.value! > 0 && $0.value! <= 1 })
  }

  @Test func whatCannotBeRankedIsRefused() throws {
    let training = RatingDataset(users: [1], items: [10], ratings: [4], scale: .wholeStars)
    let model = TableModel(vocabularies: training.vocabularies, table: [[4]])
    func code(_ body: () throws -> Void) -> EvaluationError.Code? {
      do { try body() } catch { return (error as? EvaluationError)?.code }
      return nil
    }
    let none = training.selecting(rows: [])
    #expect(code { _ = try TopNEvaluation().evaluate(model, training: training, heldOut: none) } == .noRows)
    #expect(
      code {
        _ = try TopNEvaluation(metrics: Metric.list(parsing: "mae")).evaluate(
          model, training: training, heldOut: training)
      } == .missingInput)
  }

  /// A posterior's distributions, judged: the calibration of a sampler on what it was made for.
  @Test func distributionsOfAPosteriorAreScored() throws {
    var random = RandomStream(seed: Seed(16), purpose: "posterior data", index: 0)
    let users = (0..<6000).map { _ in Int(random.next() % 120) }
    let items = (0..<6000).map { _ in Int(random.next() % 60) }
    let ratings = (0..<6000).map { row -> Float in
      let mean = 3 + 0.6 * sin(Double(users[row])) + 0.6 * cos(Double(items[row]))
      let rating = (mean + 0.8 * random.normal()).rounded()
      return Float(min(5, max(1, rating)))
    }
    let data = RatingDataset(users: users, items: items, ratings: ratings, scale: .wholeStars)
    let training = data.selecting(rows: Array(0..<5000))
    let test = data.selecting(rows: Array(5000..<6000))
    let algorithm = try AlgorithmRegistry.standard.algorithm(
      "bayesian-mf", [("factors", "4"), ("sweeps", "60"), ("likelihood", "ordered-probit")])
    func fit(_ algorithm: some RegisteredAlgorithm) throws -> any RatingModel {
      try algorithm.fit(to: training, seed: 1)
    }
    let model = try #require(try fit(algorithm) as? PosteriorModel)
    let distributions = model.predictiveDistributions(test.pairs, level: 0.9)
    let rows = try DistributionRows(distributions, answers: test)
    let names = "nll,rps,interval-coverage,star-calibration,pit-distance"
    let values = try rows.values(of: Metric.list(parsing: names)).map { try #require($0.value) }
    // Guessing the five stars alike has ln 5 = 1.609; intervals of stars hold 0.9 or more.
    #expect(values[0] < 1.45 && values[1] < 0.8 && values[2] > 0.87)
    #expect(values[3] < 0.05 && values[4] < 0.06)
  }
}
