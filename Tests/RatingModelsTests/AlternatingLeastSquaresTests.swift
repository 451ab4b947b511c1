import RatingData
import RatingNumerics
import Testing

@testable import RatingModels

struct AlternatingLeastSquaresTests {
  static let planted = PlantedRatings()
  static let recipes: [AlternatingLeastSquares] = [
    AlternatingLeastSquares(
      factors: 10, regularization: 0.05, biasRegularization: 0.02, weighting: .count, biasWeighting: .count,
      initialStandardDeviation: 0.5),
    AlternatingLeastSquares(
      factors: 20, regularization: 3, biasRegularization: 2, weighting: .plain, biasWeighting: .plain,
      initialStandardDeviation: 0.3),
    AlternatingLeastSquares(
      factors: 16, regularization: 0.5, biasRegularization: 0.3, weighting: .squareRoot, biasWeighting: .plain,
      initialStandardDeviation: 0.3),
    AlternatingLeastSquares(
      factors: 5, regularization: 0.05, weighting: .count, biasWeighting: .count, biases: .none,
      initialStandardDeviation: 0.5),
  ]

  /// A row's weight, as the recipe documents it.
  private static func weight(_ weighting: RidgeWeighting, _ count: Int) -> Double {
    switch weighting {
    case .count: Double(count)
    case .squareRoot: Double(count).squareRoot()
    case .plain: 1
    }
  }

  /// The largest, over all rows of a side, of |gradient| / |right-hand side|, in Double.
  private static func residual(
    _ recipe: AlternatingLeastSquares, _ rows: RatingRows, factors: Matrix, biases: [Float], given others: Matrix,
    _ otherBiases: [Float]
  ) -> Double {
    let decoded = DecodedRatings(rows.ratings, 0..<rows.ratings.count)
    return (0..<rows.count).reduce(0.0) { worst, row in
      guard rows.count(row) > 0 else { return worst }
      let x = factors.row(row).map { Double($0) }
      let weight = Self.weight(recipe.weighting, rows.count(row))
      let biasWeight = Self.weight(recipe.biasWeighting, rows.count(row))
      let hasBias = recipe.biases == .joint
      var gradient = x.map { -weight * recipe.regularization * $0 }
      var biasGradient = -biasWeight * recipe.biasRegularization * Double(biases[row])
      var rightSide = x.map { _ in 0.0 }
      var biasRightSide = 0.0
      for position in rows.ratings.range(row) {
        let other = Int(decoded.others[position])
        let q = others.row(other).map { Double($0) }
        let y = Double(decoded.values[position]) - Double(otherBiases[other])
        let error = y - Double(biases[row]) - zip(q, x).reduce(0) { $0 + $1.0 * $1.1 }
        for i in x.indices {
          gradient[i] += error * q[i]
          rightSide[i] += y * q[i]
        }
        biasGradient += error
        biasRightSide += y
      }
      func length(_ values: [Double], _ bias: Double) -> Double {
        (values.reduce(0) { $0 + $1 * $1 } + (hasBias ? bias * bias : 0)).squareRoot()
      }
      return max(worst, length(gradient, biasGradient) / length(rightSide, biasRightSide))
    }
  }

  private static func objective(_ recipe: AlternatingLeastSquares, _ run: AlternatingLeastSquaresRun) -> Double {
    func penalty(_ rows: RatingRows, _ factors: Matrix, _ biases: [Float]) -> Double {
      (0..<rows.count).reduce(0) { sum, row in
        let length = factors.row(row).reduce(0.0) { $0 + Double($1) * Double($1) }
        let bias = Double(biases[row]) * Double(biases[row])
        return sum + weight(recipe.weighting, rows.count(row)) * recipe.regularization * length
          + weight(recipe.biasWeighting, rows.count(row)) * recipe.biasRegularization * bias
      }
    }
    let rows = run.byUser
    let decoded = DecodedRatings(rows.ratings, 0..<rows.ratings.count)
    var squares = 0.0
    for user in 0..<rows.count {
      let p = run.userFactors.row(user).map { Double($0) }
      for position in rows.ratings.range(user) {
        let item = Int(decoded.others[position])
        let product = zip(p, run.itemFactors.row(item)).reduce(0) { $0 + $1.0 * Double($1.1) }
        let error =
          Double(decoded.values[position]) - Double(run.userBiases[user]) - Double(run.itemBiases[item]) - product
        squares += error * error
      }
    }
    return squares + penalty(rows, run.userFactors, run.userBiases)
      + penalty(run.byItem, run.itemFactors, run.itemBiases)
  }

  @Test(arguments: recipes.indices)
  func gradientsVanishAfterEachHalfSweepAndTheObjectiveNeverRises(_ index: Int) throws {
    let recipe = Self.recipes[index]
    var run = try recipe.begin(TrainingInput(Self.planted.train), seed: 2, options: RunOptions())
    var last = Double.infinity
    for _ in 0..<4 {
      try run.solveItems()
      let items = Self.residual(
        recipe, run.byItem, factors: run.itemFactors, biases: run.itemBiases, given: run.userFactors, run.userBiases)
      #expect(items <= 1e-4)
      let middle = Self.objective(recipe, run)
      #expect(middle <= last * (1 + 1e-6))
      let squares = try run.solveUsers()
      let users = Self.residual(
        recipe, run.byUser, factors: run.userFactors, biases: run.userBiases, given: run.itemFactors, run.itemBiases)
      #expect(users <= 1e-4)
      last = Self.objective(recipe, run)
      #expect(last <= middle * (1 + 1e-6))
      #expect(squares > 0 && squares < last)
    }
  }

  @Test func plantedFactorsAreRecoveredToTheNoise() throws {
    let model = try AlternatingLeastSquares(
      factors: 8, sweeps: 20, regularization: 0.03, biasRegularization: 0.02, weighting: .count, biasWeighting: .count,
      initialStandardDeviation: 0.5
    ).fit(to: Self.planted.train, seed: 1)
    let error = rmse(model, Self.planted.test)
    let biases = rmse(try DampedBiases().fit(to: Self.planted.train, seed: 1), Self.planted.test)
    #expect(error > 0.95 * PlantedRatings.noise)
    #expect(error < 1.15 * PlantedRatings.noise)
    #expect(error < 0.5 * biases)
  }

  @Test func theTrainingErrorThatIsReportedIsThatOfTheModel() throws {
    let recipe = AlternatingLeastSquares(factors: 8, sweeps: 3)
    var run = try recipe.begin(TrainingInput(Self.planted.train), seed: 1, options: RunOptions())
    for _ in 0..<3 {
      let reported = try run.step().trainingRMSE
      #expect(abs(reported - rmse(run.model(), Self.planted.train)) < 1e-5 * reported)
    }
  }

  @Test func conjugateGradientsApproachTheExactModel() throws {
    var recipe = AlternatingLeastSquares(
      factors: 24, sweeps: 5, regularization: 0.1, biasRegularization: 0.05, weighting: .count, biasWeighting: .count,
      initialStandardDeviation: 0.3)
    let exact = try recipe.fit(to: Self.planted.train, seed: 1).predict(Self.planted.test.pairs).values
    recipe.solver = .conjugateGradient
    func distance(steps: Int) throws -> Double {
      recipe.conjugateGradientSteps = steps
      let values = try recipe.fit(to: Self.planted.train, seed: 1).predict(Self.planted.test.pairs).values
      return zip(values, exact).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
    let (few, many) = (try distance(steps: 3), try distance(steps: 40))
    #expect(many < 1e-3 && many < few)
    #expect(few < 0.5)
  }

  @Test func theScaleOfTheRatingsDoesNotMatter() throws {
    let tenfold = { (dataset: RatingDataset) in
      dataset.withUnsafeColumns { columns in
        RatingDataset(
          users: columns.users.map { Identifier(Int64($0)) }, items: columns.items.map { Identifier(Int64($0)) },
          ratings: columns.ratings.map { 10 * $0 - 30 }, vocabularies: dataset.vocabularies)
      }
    }
    let algorithm = AlternatingLeastSquares(factors: 8, sweeps: 4)
    let one = rmse(try algorithm.fit(to: Self.planted.train, seed: 1), Self.planted.test)
    let ten = rmse(try algorithm.fit(to: tenfold(Self.planted.train), seed: 1), tenfold(Self.planted.test))
    #expect(abs(ten / 10 - one) < 1e-4)
  }

  /// Three items with 40,000, 33,000 and 300 ratings: the first two are cut into segments.
  @Test func longRowsAreSharedByThreadsWithoutChangingBytes() throws {
    var stream = RandomStream(seed: 4, purpose: "tests.long-rows")
    var (users, items, ratings): ([Int], [Int], [Float]) = ([], [], [])
    for (item, count) in [40_000, 33_000, 300].enumerated() {
      for user in 0..<count {
        users.append(user)
        items.append(item)
        ratings.append(Float(stream.below(5) + 1))
      }
    }
    let dataset = RatingDataset(users: users, items: items, ratings: ratings)
    let recipe = AlternatingLeastSquares(
      factors: 6, sweeps: 2, regularization: 0.1, biasRegularization: 0.05, weighting: .count, biasWeighting: .count,
      initialStandardDeviation: 0.3)
    var run = try recipe.begin(TrainingInput(dataset), seed: 1, options: RunOptions())
    #expect(run.byItem.long == [0, 1])
    #expect(run.byItem.segments(0).map(\.count) == [16_384, 16_384, 7232])
    try run.solveItems()
    let residual = Self.residual(
      recipe, run.byItem, factors: run.itemFactors, biases: run.itemBiases, given: run.userFactors, run.userBiases)
    #expect(residual <= 1e-4)
    for recipe in [recipe, AlternatingLeastSquares(factors: 6, sweeps: 2, solver: .conjugateGradient)] {
      let reference = try recipe.fit(to: dataset, seed: 1, options: RunOptions(threads: 1)).tensors
      for threads in [2, 4] {
        #expect(try recipe.fit(to: dataset, seed: 1, options: RunOptions(threads: threads)).tensors == reference)
      }
    }
  }

  @Test func piecesCoverEveryRowOnce() {
    let counts = [0, 5, 9000, 40_000, 0, 8191, 1, 50_000, 20, 0]
    let starts = counts.reduce(into: [0]) { $0.append($0.last! + $1) }
    let total = counts.reduce(0, +)
    let rows = RatingRows(
      SparseRatings(
        starts: starts, others: .long([UInt32](repeating: 0, count: total)),
        values: .plain([Float](repeating: 0, count: total))))
    #expect((rows.pieces.flatMap { Array($0) } + rows.long).sorted() == Array(0..<10))
    #expect(rows.long == [3, 7])
    let segments = rows.segments(7)
    #expect(segments.first?.lowerBound == starts[7] && segments.last?.upperBound == starts[8])
    #expect(zip(segments, segments.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
  }

  @Test(arguments: AlternatingLeastSquares.Solver.allCases)
  func aResumedRunEndsWithTheSameBytes(_ solver: AlternatingLeastSquares.Solver) throws {
    let recipe = AlternatingLeastSquares(factors: 7, sweeps: 5, solver: solver)
    let input = TrainingInput(Self.planted.train)
    var run = try recipe.begin(input, seed: 3, options: RunOptions())
    for _ in 0..<2 { _ = try run.step() }
    let resumed = try recipe.fit(to: input, seed: 3, options: RunOptions(), resuming: run.checkpoint())
    #expect(resumed.tensors == (try recipe.fit(to: input, seed: 3)).tensors)
  }

  @Test func equationsWithoutAUniqueSolutionNameTheRow() throws {
    let recipe = AlternatingLeastSquares(factors: 4, sweeps: 1, regularization: 0, biasRegularization: 0)
    let ratings = RatingDataset(users: [17, 18, 18], items: [5, 5, 6], ratings: [1, 3, 5])
    let error = #expect(throws: TrainingError.self) { try recipe.fit(to: ratings, seed: 1) }
    #expect(error?.code == .diverged)
    #expect(error?.message.hasPrefix("the equations of item ") == true)
    #expect(error?.remedy.contains("regularization") == true)
  }

  @Test func aRaisedFlagCancelsTheRun() {
    let flag = CancellationFlag()
    flag.cancel()
    let error = #expect(throws: TrainingError.self) {
      var run = try AlternatingLeastSquares(factors: 4).begin(
        TrainingInput(Self.planted.train), seed: 1, options: RunOptions(cancellation: flag))
      _ = try run.step()
    }
    #expect(error?.code == .cancelled)
  }
}
