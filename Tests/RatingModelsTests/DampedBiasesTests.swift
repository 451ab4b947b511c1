import RatingData
import RatingNumerics
import Testing

@testable import RatingModels

struct DampedBiasesTests {
  let planted = PlantedRatings(users: 80, items: 50, perUser: 15)

  /// The objective of `DampedBiases` and its gradient, half of each derivative, computed plainly.
  private func objective(
    _ model: BiasModel, _ algorithm: DampedBiases
  ) -> (value: Double, users: [Double], items: [Double]) {
    var users = model.userBiases.map { algorithm.userRegularization * $0 }
    var items = model.itemBiases.map { algorithm.itemRegularization * $0 }
    var value = zip(users, model.userBiases).reduce(0) { $0 + $1.0 * $1.1 }
    value += zip(items, model.itemBiases).reduce(0) { $0 + $1.0 * $1.1 }
    planted.train.withUnsafeColumns { columns in
      for row in 0..<columns.ratings.count {
        let (user, item) = (Int(columns.users[row]), Int(columns.items[row]))
        let error = Double(columns.ratings[row]) - model.mean - model.userBiases[user] - model.itemBiases[item]
        value += error * error
        users[user] -= error
        items[item] -= error
      }
    }
    return (value, users, items)
  }

  private func largest(_ values: [Double]) -> Double { values.reduce(0) { max($0, abs($1)) } }

  @Test func aHalfSweepEndsAtTheOptimumAndTheObjectiveNeverRises() throws {
    let algorithm = DampedBiases(sweeps: 8, userRegularization: 4, itemRegularization: 7)
    var run = try algorithm.begin(TrainingInput(planted.train), seed: 1, options: RunOptions())
    var last = objective(run.model(), algorithm).value
    for _ in 0..<run.epochs {
      let report = try run.step()
      let (value, users, _) = objective(run.model(), algorithm)
      // The users come last in a sweep: the derivative by every user's bias is 0.
      #expect(largest(users) < 1e-10)
      #expect(value <= last * (1 + 1e-12))
      #expect(abs(report.trainingRMSE - rmse(run.model(), planted.train)) < 1e-12)
      last = value
    }
  }

  @Test func alternatingConvergesToTheMinimum() throws {
    let algorithm = DampedBiases(sweeps: 200, userRegularization: 4, itemRegularization: 7)
    let (_, users, items) = objective(try algorithm.fit(to: planted.train, seed: 1), algorithm)
    #expect(largest(users) < 1e-9)
    #expect(largest(items) < 1e-9)
  }

  @Test func gradientDescentGoesToTheSameMinimum() throws {
    let exact = DampedBiases(sweeps: 200, userRegularization: 4, itemRegularization: 7)
    var descent = exact
    descent.solver = .sgd
    descent.sweeps = 400
    descent.learningRate = 0.02
    let one = try exact.fit(to: planted.train, seed: 1)
    let two = try descent.fit(to: planted.train, seed: 1)
    #expect(largest(zip(one.userBiases, two.userBiases).map { $0 - $1 }) < 0.02)
    #expect(largest(zip(one.itemBiases, two.itemBiases).map { $0 - $1 }) < 0.02)
  }

  @Test func aBiasIsTheMeanResidualOfTheRatingsAndAsManyZerosAsTheRegularization() throws {
    // One user, one sweep: b(i) = (r - mu) / (3 + 1), and mu = 4.
    let ratings = RatingDataset(users: [1, 1], items: [1, 2], ratings: [5, 3])
    let model = try DampedBiases(sweeps: 1, userRegularization: 5, itemRegularization: 3).fit(to: ratings, seed: 1)
    #expect(model.itemBiases == [0.25, -0.25])
    #expect(model.userBiases == [0])
  }

  @Test func noRegularizationIsAllowed() throws {
    let model = try DampedBiases(userRegularization: 0, itemRegularization: 0).fit(to: planted.train, seed: 1)
    #expect((model.userBiases + model.itemBiases).allSatisfy { $0.isFinite })
  }
}
