import RatingData
import RatingNumerics
import Testing

@testable import RatingModels

struct BiasedMatrixFactorizationTests {
  @Test func plantedFactorsAreRecoveredToTheNoise() throws {
    let planted = PlantedRatings()
    let model = try BiasedMatrixFactorization(
      factors: 8, epochs: 60, learningRate: 0.05, regularization: 0.01, biasRegularization: 0.01,
      initialStandardDeviation: 0.05
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
      biasRegularization: 0.2, initialStandardDeviation: 0.7)
    var run = try algorithm.begin(TrainingInput(ratings), seed: 5, options: RunOptions())
    let before = values(run.checkpoint())
    _ = try run.step()
    let after = values(run.checkpoint())

    // Of user 0 and item 0: 1 bias and `factors` factors each.
    func loss(_ x: [[Double]]) -> Double {
      let (p, q) = (x[2].prefix(factors), x[3].prefix(factors))
      let error = 1 - x[0][0] - x[1][0] - zip(p, q).reduce(0) { $0 + $1.0 * $1.1 }
      let lengths = (p + q).reduce(0) { $0 + $1 * $1 }
      return 0.5 * (error * error + 0.2 * (x[0][0].squared + x[1][0].squared) + 0.3 * lengths)
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

  @Test func anEpochVisitsEveryRatingOnceInAnOrderOfItsOwn() throws {
    let planted = PlantedRatings(users: 100, items: 60, perUser: 40)
    let rows = ShuffledRatings(planted.train, seed: 1)
    func order(_ rows: ShuffledRatings, epoch: Int) throws -> [UInt64] {
      var order: [UInt64] = []
      try rows.forEachBlock(epoch: epoch) { block in
        order += block.map { UInt64($0.user) << 32 | UInt64($0.item) }
      }
      return order
    }
    let (one, two) = (try order(rows, epoch: 1), try order(rows, epoch: 2))
    let expected = planted.train.withUnsafeColumns { columns in
      columns.users.indices.map { UInt64(columns.users[$0]) << 32 | UInt64(columns.items[$0]) }
    }
    #expect(one.sorted() == expected.sorted())
    #expect(two.sorted() == expected.sorted())
    #expect(one != two)
    #expect(try order(rows, epoch: 1) == one)
    #expect(try order(ShuffledRatings(planted.train, seed: 2), epoch: 1) != one)
  }

  @Test func theLinearScheduleFallsInEqualSteps() {
    let rates = (1...4).map { LearningRateSchedule.linear.rate(0.8, epoch: $0, of: 4) }
    #expect(zip(rates, [0.8, 0.6, 0.4, 0.2]).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect(LearningRateSchedule.constant.rate(0.8, epoch: 4, of: 4) == 0.8)
  }
}
