import RatingData
import RatingNumerics
import Testing

@testable import RatingModels

struct BiasedMatrixFactorizationTests {
  @Test func plantedFactorsAreRecoveredToTheNoise() throws {
    let planted = PlantedRatings()
    let model = try BiasedMatrixFactorization(
      factors: 8, epochs: 60, learningRate: 0.05, regularization: 0.01, biasRegularization: 0.01, userBiasDamping: 0,
      itemBiasDamping: 0, initialStandardDeviation: 0.05
    ).fit(to: planted.train, seed: 1)
    let error = rmse(model, planted.test)
    let biases = rmse(try DampedBiases().fit(to: planted.train, seed: 1), planted.test)
    #expect(error > 0.95 * PlantedRatings.noise)
    #expect(error < 1.15 * PlantedRatings.noise)
    #expect(error < 0.5 * biases)
  }

  /// After one step on one rating, (new - old) / rate is the negative derivative of that rating's loss, which central
  /// differences give.
  @Test func aStepFollowsTheNegativeGradient() throws {
    // Two ratings of which one is learned from; standard deviation 1 and mean 3 by construction.
    let ratings = RatingDataset(users: [1, 2], items: [1, 2], ratings: [4, 2], scale: .wholeStars)
    let (rate, factors) = (0.01, 5)
    let algorithm = BiasedMatrixFactorization(
      factors: factors, epochs: 1, learningRate: rate, learningRateSchedule: .constant, regularization: 0.3,
      biasRegularization: 0.2, userBiasDamping: 0.5, itemBiasDamping: 0.4, initialStandardDeviation: 0.7)
    var run = try algorithm.begin(TrainingInput(ratings), seed: 5, options: RunOptions())
    let before = values(run.checkpoint())
    _ = try run.step()
    let after = values(run.checkpoint())

    // Of user 0 and item 0: 1 bias and `factors` factors each.
    func loss(_ x: [[Double]]) -> Double {
      let (p, q) = (x[2].prefix(factors), x[3].prefix(factors))
      let error = 1 - x[0][0] - x[1][0] - zip(p, q).reduce(0) { $0 + $1.0 * $1.1 }
      let lengths = (p + q).reduce(0) { $0 + $1 * $1 }
      return 0.5 * (error * error + 0.7 * x[0][0].squared + 0.6 * x[1][0].squared + 0.3 * lengths)
    }
    for tensor in 0..<4 {
      for position in 0..<(tensor < 2 ? 1 : factors) {
        let h = 1e-5
        var (up, down) = (before, before)
        up[tensor][position] += h
        down[tensor][position] -= h
        let derivative = (loss(up) - loss(down)) / (2 * h)
        let moved = (after[tensor][position] - before[tensor][position]) / rate
        #expect(
          abs(moved + derivative) < 2e-5, "tensor \(tensor), position \(position): \(moved) against \(-derivative)")
      }
    }
  }

  private func values(_ checkpoint: Checkpoint) -> [[Double]] {
    checkpoint.tensors.map { if case .float32(let values) = $0.values { values.map(Double.init) } else { [] } }
  }

  @Test func theScaleOfTheRatingsDoesNotMatter() throws {
    let planted = PlantedRatings(users: 60, items: 40, perUser: 20)
    func tenfold(_ dataset: RatingDataset) -> RatingDataset {
      dataset.withUnsafeColumns { columns in
        RatingDataset(
          users: columns.users.map { Identifier(Int64($0)) }, items: columns.items.map { Identifier(Int64($0)) },
          ratings: columns.ratings.map { 10 * $0 - 30 }, vocabularies: dataset.vocabularies)
      }
    }
    let algorithm = BiasedMatrixFactorization(factors: 8, epochs: 10)
    let one = rmse(try algorithm.fit(to: planted.train, seed: 1), planted.test)
    let ten = rmse(try algorithm.fit(to: tenfold(planted.train), seed: 1), tenfold(planted.test))
    #expect(abs(ten / 10 - one) < 1e-3)
  }

  @Test func eachPartCanBeSwitchedOff() throws {
    let planted = PlantedRatings(users: 60, items: 40, perUser: 20)
    func model(_ change: (inout BiasedMatrixFactorization) -> Void) throws -> BiasedFactorModel {
      var algorithm = BiasedMatrixFactorization(factors: 8, epochs: 5)
      change(&algorithm)
      return try algorithm.fit(to: planted.train, seed: 1)
    }
    let whole = try model { _ in }
    #expect(whole.userBiases.contains { $0 != 0 } && whole.itemBiases.contains { $0 != 0 })
    #expect(abs(whole.mean - planted.train.mean) < 1e-9)
    #expect(try model { $0.usesUserBiases = false }.userBiases.allSatisfy { $0 == 0 })
    #expect(try model { $0.usesItemBiases = false }.itemBiases.allSatisfy { $0 == 0 })
    #expect(try model { $0.usesMean = false }.mean == 0)
  }

  @Test func nonNegativeFactorsAreNotNegativeAndStillLearn() throws {
    let planted = PlantedRatings(users: 200, items: 80, perUser: 40)
    let model = try BiasedMatrixFactorization(
      factors: 8, epochs: 40, initialStandardDeviation: 0.1, isNonNegative: true
    ).fit(to: planted.train, seed: 1)
    let factors = model.userFactors.tensor("users").values
    guard case .float32(let values) = factors else { return }
    #expect(values.allSatisfy { $0 >= 0 } && values.contains { $0 > 0.01 })
    #expect(rmse(model, planted.test) < rmse(try DampedBiases().fit(to: planted.train, seed: 1), planted.test))
  }

  @Test(arguments: [LearningRateSchedule.constant, .inverse, .adaptive])
  func everyScheduleLearns(schedule: LearningRateSchedule) throws {
    let planted = PlantedRatings(users: 200, items: 80, perUser: 40)
    let model = try BiasedMatrixFactorization(
      factors: 8, epochs: 40, learningRate: schedule == .adaptive ? 0.1 : 0.04, learningRateSchedule: schedule,
      regularization: 0.02, initialStandardDeviation: 0.05
    ).fit(to: planted.train, seed: 1)
    #expect(rmse(model, planted.test) < 0.7 * rmse(try DampedBiases().fit(to: planted.train, seed: 1), planted.test))
  }

  @Test func theLinearScheduleFallsInEqualSteps() {
    let rates = (1...4).map { LearningRateSchedule.linear.rate(0.8, epoch: $0, of: 4) }
    #expect(zip(rates, [0.8, 0.6, 0.4, 0.2]).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect(LearningRateSchedule.constant.rate(0.8, epoch: 4, of: 4) == 0.8)
    #expect(LearningRateSchedule.inverse.rate(0.8, epoch: 5, of: 9, decay: 0.25) == 0.4)
  }
}
