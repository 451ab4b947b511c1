import RatingData
import RatingNumerics
import Testing

@testable import RatingModels

struct NonNegativeTests {
  let planted = PlantedRatings(users: 80, items: 50, perUser: 20)
  let algorithm = NonNegativeFactorization(factors: 6, sweeps: 30, regularization: 2, biasRegularization: 3)

  @Test func noFactorIsEverNegative() throws {
    var run = try algorithm.begin(TrainingInput(planted.train), seed: 1, options: RunOptions())
    for _ in 0..<30 {
      _ = try run.step()
      for matrix in [run.users, run.items] {
        #expect((0..<matrix.rows).allSatisfy { matrix.row($0).allSatisfy { $0 >= 0 && $0.isFinite } })
      }
    }
    let model = run.model()
    #expect(model.factors(of: UserIndex(3)).count == 6 && model.factors(of: ItemIndex(4)).allSatisfy { $0 >= 0 })
  }

  /// The objective of `NonNegativeFactorization`, computed plainly.
  private func objective(_ run: NonNegativeRun) -> Double {
    let model = run.model()
    let share = NonNegativeModel.EvenShare(of: (model.mean - model.lower) / model.deviation, factors: 6)
    var value = 0.0
    for (matrix, bias) in [(run.users, 6), (run.items, 7)] {
      for row in 0..<matrix.rows {
        let numbers = matrix.row(row).map(Double.init)
        value += numbers.prefix(6).reduce(0) { $0 + 2 * ($1 - share.factor).squared }
        value += 3 * (numbers[bias] - share.bias).squared
      }
    }
    planted.train.withUnsafeColumns { columns in
      for row in columns.users.indices {
        let question = Question(user: UserIndex(columns.users[row]), item: ItemIndex(columns.items[row]))
        value += ((Double(columns.ratings[row]) - model.rating(question)) / model.deviation).squared
      }
    }
    return value / 2
  }

  @Test func theObjectiveNeverRises() throws {
    var run = try algorithm.begin(TrainingInput(planted.train), seed: 1, options: RunOptions())
    var last = objective(run)
    for _ in 0..<30 {
      let result = try run.step()
      let value = objective(run)
      #expect(value <= last * (1 + 1e-6))
      #expect(abs(result.trainingRMSE - rmse(run.model(), planted.train)) < 1e-5)
      last = value
    }
  }

  @Test func plantedNonNegativeFactorsAreRecovered() throws {
    var stream = RandomStream(seed: 1, purpose: "tests.nmf")
    func vectors(_ count: Int) -> [[Double]] { (0..<count).map { _ in (0..<3).map { _ in stream.uniform() * 1.5 } } }
    let (w, h) = (vectors(200), vectors(100))
    var rows: [(user: Int, item: Int, rating: Float)] = []
    for user in 0..<200 {
      for item in 0..<100 where stream.below(2) == 0 {
        let product = zip(w[user], h[item]).reduce(0) { $0 + $1.0 * $1.1 }
        rows.append((user, item, Float(1 + product + 0.2 * abs(stream.normal()))))
      }
    }
    stream.shuffle(&rows)
    let all = RatingDataset(
      users: rows.map(\.user), items: rows.map(\.item), ratings: rows.map(\.rating), scale: RatingScale(1...9))
    let (train, test) = (
      all.selecting(rows: Array(0..<rows.count * 9 / 10)),
      all.selecting(rows: Array(rows.count * 9 / 10..<rows.count))
    )
    let model = try NonNegativeFactorization(factors: 6, sweeps: 300, regularization: 0.2).fit(to: train, seed: 1)
    // The noise is the size of a normal draw: its deviation is 0.2 x (1 - 2 / pi)^(1/2) = 0.12.
    #expect(rmse(model, test) < 1.25 * 0.1206)
    #expect(rmse(model, test) < 0.5 * rmse(try DampedBiases().fit(to: train, seed: 1), test))
  }

  @Test func aSavedModelWithANegativeFactorIsRefused() throws {
    let model = try algorithm.fit(to: planted.train, seed: 1)
    let damaged = model.tensors.map { tensor in
      guard tensor.name == "factors.items" else { return tensor }
      var values = tensor.floats
      values[7] = -1
      return Tensor(tensor.name, shape: tensor.shape, .float32(values))
    }
    let failure = #expect(throws: ModelTensors.Failure.self) {
      try NonNegativeModel(ModelTensors(damaged, vocabularies: model.vocabularies, scale: model.scale))
    }
    #expect(failure?.description == "a factor is negative")
  }
}
