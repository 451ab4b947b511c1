import RatingData
import RatingNumerics
import Testing
import _RatingTestSupport

@testable import RatingModels

struct PosteriorFoldInTests {
  static let planted = PlantedRatings()
  static func isOut(_ user: Int, _ item: Int) -> Bool { user % 5 == 0 }
  /// A fifth of the users is left out.
  static func rest(_ dataset: RatingDataset) -> RatingDataset { part(dataset) { !isOut($0, $1) } }
  static func given(_ dataset: RatingDataset) -> RatingDataset { part(dataset, where: isOut) }

  /// As `FoldInTests.ratings`, with times.
  static func part(_ dataset: RatingDataset, where isWanted: (_ user: Int, _ item: Int) -> Bool) -> RatingDataset {
    dataset.withUnsafeColumns { columns in
      let rows = columns.users.indices.filter { isWanted(Int(columns.users[$0]), Int(columns.items[$0])) }
      return RatingDataset(
        users: rows.map { Int(columns.users[$0]) }, items: rows.map { Int(columns.items[$0]) },
        ratings: rows.map { columns.ratings[$0] }, times: columns.times.map { times in rows.map { times[$0] } },
        scale: dataset.scale)
    }
  }

  // MARK: The draws' distribution

  /// Mean and covariance of (bias, factors) of a row, by Gauss-Jordan elimination in Double.
  static func posterior(
    h: [[Double]], y: [Double], precision: Double, prior: FoldingPrior
  ) -> (mean: [Double], covariance: [[Double]]) {
    let k = h[0].count
    var (matrix, right) = ([[Double]](repeating: [Double](repeating: 0, count: k + 1), count: k + 1), [Double]())
    // The bias is first here and last in the prior.
    let place = { (index: Int) in index == 0 ? k : index - 1 }
    for row in 0...k {
      for column in 0...k {
        let x = h.map { ($0 + [1])[place(row)] * ($0 + [1])[place(column)] }.reduce(0, +)
        matrix[row][column] = precision * x + (row == column ? prior.precisions[place(row)] : 0)
      }
      let xy = zip(h, y).map { ($0 + [1])[place(row)] * $1 }.reduce(0, +)
      right.append(precision * xy + prior.precisions[place(row)] * prior.means[place(row)])
    }
    var inverse = (0...k).map { row in (0...k).map { $0 == row ? 1.0 : 0 } }
    for pivot in 0...k {
      let scale = 1 / matrix[pivot][pivot]
      matrix[pivot] = matrix[pivot].map { $0 * scale }
      inverse[pivot] = inverse[pivot].map { $0 * scale }
      for row in 0...k where row != pivot {
        let factor = matrix[row][pivot]
        for column in 0...k {
          matrix[row][column] -= factor * matrix[pivot][column]
          inverse[row][column] -= factor * inverse[pivot][column]
        }
      }
    }
    return ((0...k).map { row in zip(inverse[row], right).reduce(0) { $0 + $1.0 * $1.1 } }, inverse)
  }

  /// The same with the ordered probit likelihood, by importance sampling: the mean over draws from the prior, each as heavy
  /// as its ratings' levels are probable.
  static func posterior(
    h: [[Double]], offsets: [Double], levels: [Int], cutPoints: [Double], prior: FoldingPrior
  ) -> (mean: [Double], covariance: [[Double]]) {
    let k = h[0].count
    var stream = RandomStream(seed: 1, purpose: "tests.importance")
    let probit = OrderedProbit(cutPoints: cutPoints)
    var (sum, sums) = (0.0, [Double](repeating: 0, count: k + 1))
    var squares = [[Double]](repeating: [Double](repeating: 0, count: k + 1), count: k + 1)
    for _ in 0..<200_000 {
      let v = (0..<k).map { prior.means[$0] + stream.normal() / prior.precisions[$0].squareRoot() }
      let x = [prior.means[k] + stream.normal() / prior.precisions[k].squareRoot()] + v
      let weight = h.indices.reduce(1.0) { weight, rating in
        let eta = offsets[rating] + x[0] + zip(h[rating], v).reduce(0) { $0 + $1.0 * $1.1 }
        return weight * probit.probabilities(mean: eta)[levels[rating]]
      }
      sum += weight
      for a in 0...k {
        sums[a] += weight * x[a]
        for b in 0...k { squares[a][b] += weight * x[a] * x[b] }
      }
    }
    let mean = sums.map { $0 / sum }
    return (mean, (0...k).map { a in (0...k).map { squares[a][$0] / sum - mean[a] * mean[$0] } })
  }

  /// One sample, taken 4,000 times: the new user's rows are then as many draws from one posterior.
  private func expectThePosterior<Design>(_ recipe: BayesianFactorization<Design>) throws {
    let isProbit = recipe.likelihood == .orderedProbit
    let train = isProbit ? PlantedRatings.stars(Self.planted.train) : Self.planted.train
    let trained = try recipe.fit(to: train, seed: 1)
    let sample = trained.samples[0]
    let count = 4000
    let model = PosteriorModel(
      vocabularies: trained.vocabularies, scale: trained.scale, mean: trained.mean, deviation: trained.deviation,
      axes: trained.axes, levels: trained.levels, stars: trained.stars, factors: trained.factors,
      samples: [PosteriorSample](repeating: sample, count: count), state: [])
    let (items, ratings): ([Int], [Float]) = ([3, 8, 50, 120], [2, 5, 4, 3])
    let given = RatingDataset(
      users: [1000, 1000, 1000, 1000], items: items, ratings: ratings,
      times: [UInt32](repeating: 1_000_007_200, count: 4), scale: train.scale)
    let folded = try model.foldingIn(given, seed: 9).model
    let k = model.factors
    func row(_ rows: PosteriorSample.Rows, _ index: Int) -> [Double] {
      rows.factors[index * k..<(index + 1) * k].map { Double(HalfPrecision.value($0)) }
    }
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    // What the items that the user rated add.
    var (others, othersBias) = ([Double](repeating: 0, count: k), 0.0)
    if let features = sample.folding[0].features {
      var squares = 0.0
      for item in items {
        let v = row(features, item)
        for factor in 0..<k { others[factor] += v[factor] / 2 }
        othersBias += Double(features.biases[item]) / 2
        squares += dot(v, v) / 4
      }
      othersBias += (dot(others, others) - squares) / 2
    }
    var (h, offsets): ([[Double]], [Double]) = ([], [])
    for item in items {
      var (p, bias) = (row(sample.sides[1], item), Double(sample.sides[1].biases[item]))
      if let axis = model.axes.days {
        let day = axis.index(1_000_007_200)
        try #require(day < axis.days.count)
        let t = row(sample.sides[2], day)
        bias += Double(sample.sides[2].biases[day]) + dot(p, t)
        p = zip(p, t).map { $0 + $1 }
      }
      // v . P(i) and w explain what the constant, the item and the features leave; the features' factors meet v too.
      h.append(zip(p, others).map { $0 + $1 })
      offsets.append(Double(sample.constant) + bias + othersBias + dot(others, p))
    }
    let expected =
      isProbit
      ? Self.posterior(
        h: h, offsets: offsets, levels: ratings.map { Int($0) - 1 }, cutPoints: sample.cutPoints,
        prior: sample.folding[0])
      : Self.posterior(
        h: h, y: zip(ratings, offsets).map { (Double($0) - model.mean) / model.deviation - $1 },
        precision: sample.precision, prior: sample.folding[0])
    let place = try #require(folded.vocabularies.users.index(of: Identifier(1000)))
    // The draws' own parts: s(u) = w + features + v . others, P(u) = v + others.
    let draws = folded.samples.map { sample -> [Double] in
      let v = zip(row(sample.sides[0], place), others).map { $0 - $1 }
      return [Double(sample.sides[0].biases[place]) - othersBias - dot(v, others)] + v
    }
    let means = (0...k).map { index in draws.map { $0[index] }.reduce(0, +) / Double(count) }
    for a in 0...k {
      let deviation = expected.covariance[a][a].squareRoot()
      #expect(
        abs(means[a] - expected.mean[a]) < (isProbit ? 0.1 : 0.07) * deviation + 1e-3,
        "parameter \(a): \(means[a]) against \(expected.mean[a])")
      for b in 0...k {
        let covariance = draws.map { ($0[a] - means[a]) * ($0[b] - means[b]) }.reduce(0, +) / Double(count)
        let scale = deviation * expected.covariance[b][b].squareRoot()
        #expect(abs(covariance - expected.covariance[a][b]) < 0.1 * scale, "\(a), \(b): \(covariance)")
      }
    }
  }

  @Test func aNewUsersDrawsFollowTheClosedForm() throws {
    try expectThePosterior(BayesianMatrixFactorization(factors: 2, sweeps: 10, burnIn: 9, thinning: 1))
  }

  @Test func soDoThoseOfDesignsWithFeaturesAndDays() throws {
    try expectThePosterior(BayesianTimeSVDPlusPlus(factors: 2, sweeps: 10, burnIn: 9, thinning: 1))
  }

  @Test func withLevelsTheyFollowWhatImportanceSamplingFinds() throws {
    try expectThePosterior(
      BayesianTimeSVDPlusPlus(factors: 2, sweeps: 10, burnIn: 9, thinning: 1, likelihood: .orderedProbit))
  }

  // MARK: Accuracy

  static func trainedAndFolded<Design>(
    _ recipe: BayesianFactorization<Design>, _ train: RatingDataset, _ test: RatingDataset
  ) throws -> (trained: Double, folded: Double, unknown: Double) {
    let asked = given(test)
    let model = try recipe.fit(to: rest(train), seed: 1)
    let result = try model.foldingIn(given(train), seed: 1)
    #expect(result.addedUsers == 60 && result.addedItems == 0 && result.replacedUsers == 0)
    #expect(result.usedRatings == given(train).count && result.ignoredRatings == 0)
    // Users that were there are predicted as before, byte for byte.
    let others = rest(test)
    #expect(
      result.model.predict(others.reindexed(to: result.model.vocabularies).pairs)
        == model.predict(others.reindexed(to: model.vocabularies).pairs))
    // The same bytes on any number of threads, and after saving.
    for threads in [1, 4] {
      #expect(try model.foldingIn(given(train), seed: 1, threads: threads).model.tensors == result.model.tensors)
    }
    let bytes = ModelFile(result.model, ModelProvenance(recipe, seed: 1, trainedOn: train)).bytes
    #expect(try ModelFile(bytes: bytes).bytes == bytes)
    return (
      FoldInTests.error(try recipe.fit(to: train, seed: 1), asked), FoldInTests.error(result.model, asked),
      FoldInTests.error(model, asked)
    )
  }

  @Test(arguments: [false, true])
  func heldOutUsersArePredictedAsWellAsTrainedOnes(_ isProbit: Bool) throws {
    let (train, test) =
      isProbit
      ? (PlantedRatings.stars(Self.planted.train), PlantedRatings.stars(Self.planted.test))
      : (Self.planted.train, Self.planted.test)
    func recipe<Design>(_: Design.Type) -> BayesianFactorization<Design> {
      BayesianFactorization(
        factors: 3, sweeps: 50, burnIn: 20, thinning: 2, likelihood: isProbit ? .orderedProbit : .gaussian)
    }
    // Three factors are one too few for two planted ones and biases: without biases there is more to lose.
    for (errors, loss) in [
      (try Self.trainedAndFolded(recipe(BayesianDesigns.MatrixFactorization.self), train, test), 0.02),
      (try Self.trainedAndFolded(recipe(BayesianDesigns.Probabilistic.self), train, test), 0.04),
      (try Self.trainedAndFolded(recipe(BayesianDesigns.TimeSVDPlusPlusFlipped.self), train, test), 0.02),
    ] {
      #expect(errors.folded < errors.trained + loss, "\(errors)")
      #expect(errors.folded < 0.8 * errors.unknown, "\(errors)")
    }
  }

  @Test func newItemsAndBothSidesAreFoldedInToo() throws {
    try expectBothSides(BayesianTimeSVDPlusPlusFlipped(factors: 3, sweeps: 50, burnIn: 20, thinning: 2))
    try expectBothSides(BayesianSessions(factors: 3, sweeps: 50, burnIn: 20, thinning: 2))
  }

  private func expectBothSides<Design>(_ recipe: BayesianFactorization<Design>) throws {
    let isNew = { (user: Int, item: Int) in user >= 250 || item >= 150 }
    let model = try recipe.fit(to: Self.part(Self.planted.train) { !isNew($0, $1) }, seed: 1)
    let given = Self.part(Self.planted.train, where: isNew)
    let result = try model.foldingIn(given, .both, seed: 1)
    #expect(result.addedUsers == 50 && result.addedItems == 50 && result.ignoredRatings == 0)
    #expect(result.model.vocabularies.users.count == 300 && result.model.vocabularies.items.count == 200)
    #expect(FoldInTests.error(result.model, Self.part(Self.planted.test, where: isNew)) < 1.5 * PlantedRatings.noise)
    // What was folded in can be folded in again, and replaced.
    let again = try result.model.foldingIn(given, .both, seed: 2)
    #expect(again.addedUsers + again.addedItems + again.usedRatings == 0 && again.model.tensors == result.model.tensors)
    let replaced = try result.model.foldingIn(Self.part(given) { user, _ in user == 299 }, known: .replace, seed: 2)
    #expect(replaced.replacedUsers == 1 && replaced.addedUsers == 0 && replaced.model.tensors != result.model.tensors)
  }

  @Test func newUsersAreLessCertainTheFewerTheirRatings() throws {
    let model = try BayesianMatrixFactorization(factors: 3, sweeps: 60, burnIn: 20, thinning: 1)
      .fit(to: Self.planted.train, seed: 1)
    let deviations = try [1, 5, 25].map { count in
      let given = RatingDataset(
        users: [Int](repeating: 1000, count: count), items: Array(0..<count),
        ratings: (0..<count).map { Float(3 + $0 % 2) }, scale: Self.planted.train.scale)
      let grown = try model.foldingIn(given, seed: 1).model
      let user = UInt32(try #require(grown.vocabularies.users.index(of: Identifier(1000))))
      let pairs = RatingPairs(users: [UInt32](repeating: user, count: 50), items: Array(100..<150))
      return grown.predictiveDistributions(pairs).expectedDeviations.reduce(0, +)
    }
    #expect(deviations[0] > 1.1 * deviations[1] && deviations[1] > 1.1 * deviations[2], "\(deviations)")
  }

  @Test func knownUsersAreKeptAndUnknownItemsIgnored() throws {
    let model = try BayesianMatrixFactorization(factors: 2, sweeps: 20, burnIn: 5, thinning: 1).fit(
      to: RatingDataset(users: [1, 1, 2, 2], items: [1, 3, 1, 3], ratings: [5, 3, 2, 1]), seed: 1)
    let given = RatingDataset(users: [1, 3, 3, 0], items: [1, 1, 2, 2], ratings: [1, 4, 5, 5])
    let result = try model.foldingIn(given, seed: 1)
    #expect(result.addedUsers == 1 && result.usedRatings == 1 && result.ignoredRatings == 3)
    #expect(result.model.vocabularies.users == Vocabulary([1, 2, 3].map { Identifier($0) }))
    #expect(result.model.rating(user: 1, item: 1) == model.rating(user: 1, item: 1))
    #expect(result.model.rating(user: 0, item: 3) == model.rating(user: 0, item: 3))
    let nothing = try model.foldingIn(given.selecting(rows: []), .both, seed: 1)
    #expect(nothing.model.tensors == model.tensors && nothing.usedRatings == 0)
  }

  // MARK: Real data

  @Test(.enabled(if: RealData.path("ml-100k/u.data") != nil), arguments: [false, true])
  func heldOutUsersOfMovieLensLoseLittle(_ isProbit: Bool) throws {
    let all = try RatingDataset(contentsOf: RealData.path("ml-100k/u.data")!)
    let split = try all.split(.random(testFraction: 0.1), seed: 1)
    let recipe = BayesianTimeSVDPlusPlusFlipped(
      factors: 8, sweeps: 64, burnIn: 16, thinning: 4, likelihood: isProbit ? .orderedProbit : .gaussian)
    let isHeldOut = { (user: Int, _: Int) in user % 10 == 0 }
    let model = try recipe.fit(to: Self.part(split.train) { !isHeldOut($0, $1) }, seed: 1)
    let folded = try model.foldingIn(Self.part(split.train, where: isHeldOut), seed: 1).model
    let asked = Self.part(split.test, where: isHeldOut)
    let (trained, found) = (
      FoldInTests.error(try recipe.fit(to: Self.part(split.train) { _, _ in true }, seed: 1), asked),
      FoldInTests.error(folded, asked)
    )
    print("held-out users of ml-100k, \(recipe.likelihood.rawValue): trained \(trained), folded in \(found)")
    #expect(found < trained + 0.01)
  }
}
