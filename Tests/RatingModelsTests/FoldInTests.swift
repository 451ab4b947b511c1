import RatingData
import RatingNumerics
import Testing

@testable import RatingModels

struct FoldInTests {
  static let planted = PlantedRatings()
  static let recipe = AlternatingLeastSquares(
    factors: 8, sweeps: 10, regularization: 0.02, biasRegularization: 0.02, weighting: .count, biasWeighting: .count,
    initialStandardDeviation: 0.5)

  /// Ratings whose user satisfies a condition, with vocabularies of their own.
  static func ratings(_ dataset: RatingDataset, where isWanted: (_ user: Int, _ item: Int) -> Bool) -> RatingDataset {
    dataset.withUnsafeColumns { columns in
      let rows = columns.users.indices.filter { isWanted(Int(columns.users[$0]), Int(columns.items[$0])) }
      return RatingDataset(
        users: rows.map { Int(columns.users[$0]) }, items: rows.map { Int(columns.items[$0]) },
        ratings: rows.map { columns.ratings[$0] }, scale: dataset.scale)
    }
  }

  /// The error on ratings of any vocabularies.
  static func error(_ model: some RatingModel, _ answers: RatingDataset) -> Double {
    let answers = answers.reindexed(to: model.vocabularies)
    let values = model.predict(answers.pairs).values
    return (zip(values, answers.ratings).reduce(0) { $0 + ($1.0 - Double($1.1)).squared } / Double(values.count))
      .squareRoot()
  }

  @Test func aFoldedUserIsWhatTheLastHalfSweepMadeOfIt() throws {
    let model = try Self.recipe.fit(to: Self.planted.train, seed: 1)
    let result = try model.foldingIn(
      Self.planted.train, known: .replace, using: FoldIn(Self.recipe))
    #expect(result.replacedUsers == 300 && result.addedUsers == 0 && result.ignoredRatings == 0)
    let pairs = Self.planted.test.pairs
    let difference = zip(result.model.predict(pairs).values, model.predict(pairs).values).reduce(0) {
      max($0, abs($1.0 - $1.1))
    }
    #expect(difference > 0 && difference < 1e-4)
  }

  @Test(arguments: [0, 1])
  func heldOutUsersArePredictedAsWellAsTrainedOnes(_ kind: Int) throws {
    let isOut = { (user: Int, _: Int) in user % 5 == 0 }
    let rest = Self.ratings(Self.planted.train) { !isOut($0, $1) }
    let given = Self.ratings(Self.planted.train, where: isOut)
    let asked = Self.ratings(Self.planted.test, where: isOut)
    func fit(_ dataset: RatingDataset) throws -> (BiasedFactorModel, FoldIn) {
      if kind == 0 { return (try Self.recipe.fit(to: dataset, seed: 1), FoldIn(Self.recipe)) }
      let recipe = BiasedMatrixFactorization(
        factors: 8, epochs: 60, learningRate: 0.05, regularization: 0.01, biasRegularization: 0.01,
        initialStandardDeviation: 0.05)
      return (try recipe.fit(to: dataset, seed: 1), FoldIn(recipe))
    }
    let (model, settings) = try fit(rest)
    let result = try model.foldingIn(given, using: settings)
    #expect(result.addedUsers == 60 && result.addedItems == 0 && result.replacedUsers == 0)
    #expect(result.usedRatings == given.count && result.ignoredRatings == 0)
    let trained = Self.error(try fit(Self.planted.train).0, asked)
    let folded = Self.error(result.model, asked)
    #expect(folded < trained + 0.02, "\(folded) against \(trained)")
    #expect(folded < 0.6 * Self.error(model, asked))
    // Users that were there are predicted as before, byte for byte.
    let others = Self.ratings(Self.planted.test) { !isOut($0, $1) }
    #expect(
      result.model.predict(others.reindexed(to: result.model.vocabularies).pairs)
        == model.predict(others.reindexed(to: model.vocabularies).pairs))
    // The same bytes on any number of threads, and after saving.
    let bytes = ModelFile(result.model, ModelProvenance(Self.recipe, seed: 1, trainedOn: rest)).bytes
    for threads in [1, 2, 4] {
      #expect(try model.foldingIn(given, using: settings, threads: threads).model.tensors == result.model.tensors)
    }
    #expect(try ModelFile(bytes: bytes).bytes == bytes)
  }

  @Test func newItemsAreFoldedInToo() throws {
    let isOut = { (_: Int, item: Int) in item % 5 == 0 }
    let model = try Self.recipe.fit(to: Self.ratings(Self.planted.train) { !isOut($0, $1) }, seed: 1)
    let given = Self.ratings(Self.planted.train, where: isOut)
    let result = try model.foldingIn(given, .items, using: FoldIn(Self.recipe))
    #expect(result.addedItems == 40 && result.addedUsers == 0 && result.usedRatings == given.count)
    let asked = Self.ratings(Self.planted.test, where: isOut)
    #expect(Self.error(result.model, asked) < 1.3 * PlantedRatings.noise)
  }

  @Test func bothSidesGrowUsersFirst() throws {
    let isNew = { (user: Int, item: Int) in user >= 250 || item >= 150 }
    let model = try Self.recipe.fit(to: Self.ratings(Self.planted.train) { !isNew($0, $1) }, seed: 1)
    let given = Self.ratings(Self.planted.train, where: isNew)
    let result = try model.foldingIn(given, .both, using: FoldIn(Self.recipe))
    #expect(result.addedUsers == 50 && result.addedItems == 50 && result.ignoredRatings == 0)
    #expect(result.model.vocabularies.users.count == 300 && result.model.vocabularies.items.count == 200)
    let asked = Self.ratings(Self.planted.test, where: isNew)
    #expect(Self.error(result.model, asked) < 1.4 * PlantedRatings.noise)
  }

  @Test func knownUsersAreKeptAndUnknownItemsIgnored() throws {
    let model = try Self.recipe.fit(
      to: RatingDataset(users: [1, 1, 2, 2], items: [1, 3, 1, 3], ratings: [5, 3, 2, 1]), seed: 1)
    // User 1 is known, item 2 is not, and user 0 has rated nothing else.
    let given = RatingDataset(users: [1, 3, 3, 0], items: [1, 1, 2, 2], ratings: [1, 4, 5, 5])
    let result = try model.foldingIn(given, using: FoldIn(Self.recipe))
    #expect(result.addedUsers == 1 && result.replacedUsers == 0)
    #expect(result.usedRatings == 1 && result.ignoredRatings == 3)
    #expect(result.model.vocabularies.users == Vocabulary([1, 2, 3].map { Identifier($0) }))
    #expect(result.model.vocabularies.items == model.vocabularies.items)
    #expect(result.model.rating(user: 1, item: 1) == model.rating(user: 1, item: 1))
    #expect(result.model.rating(user: 3, item: 1) > model.rating(user: 3, item: 1))
    #expect(result.model.rating(user: 0, item: 3) == model.rating(user: 0, item: 3))
    let replaced = try model.foldingIn(given, known: .replace, using: FoldIn(Self.recipe))
    #expect(replaced.addedUsers == 1 && replaced.replacedUsers == 1 && replaced.usedRatings == 2)
    #expect(replaced.model.rating(user: 1, item: 1) < model.rating(user: 1, item: 1))
  }

  @Test func nothingToFoldInLeavesTheModel() throws {
    let model = try Self.recipe.fit(to: Self.planted.train, seed: 1)
    let result = try model.foldingIn(Self.planted.train.selecting(rows: []), .both, using: FoldIn(Self.recipe))
    #expect(result.model.tensors == model.tensors && result.model.vocabularies == model.vocabularies)
    #expect(result.addedUsers + result.addedItems + result.usedRatings + result.ignoredRatings == 0)
  }

  @Test func settingsComeFromTheRecipeOfASavedModel() throws {
    let als = AlternatingLeastSquares(
      regularization: 0.3, biasRegularization: 0.2, weighting: .plain, biasWeighting: .plain, biases: .none)
    let dataset = RatingDataset(users: [1], items: [1], ratings: [4])
    #expect(
      try FoldIn(ModelProvenance(als, seed: 1, trainedOn: dataset))
        == FoldIn(regularization: 0.3, biasRegularization: 0.2, weighting: .plain, biasWeighting: .plain, biases: .none)
    )
    let damped = BiasedMatrixFactorization(regularization: 0.4, userBiasDamping: 6)
    #expect(
      try FoldIn(ModelProvenance(damped, seed: 1, trainedOn: dataset))
        == FoldIn(
          regularization: 0.4, biasRegularization: 6, weighting: .count, biasWeighting: .plain, biases: .joint))
    let sgd = BiasedMatrixFactorization(regularization: 0.4, biasRegularization: 0.1, userBiasDamping: 0)
    #expect(
      try FoldIn(ModelProvenance(sgd, seed: 1, trainedOn: dataset))
        == FoldIn(
          regularization: 0.4, biasRegularization: 0.1, weighting: .count, biasWeighting: .count, biases: .joint))
    let error = #expect(throws: TrainingError.self) {
      try FoldIn(ModelProvenance(GlobalMean(), seed: 1, trainedOn: dataset))
    }
    #expect(error?.code == .unknownAlgorithm)
  }

  @Test func impossibleSettingsAreErrors() throws {
    let model = try Self.recipe.fit(to: Self.planted.train, seed: 1)
    let given = RatingDataset(users: [1000], items: [3], ratings: [4])
    for value in [-0.1, .nan, .infinity] {
      let error = #expect(throws: TrainingError.self) {
        try model.foldingIn(
          given, using: FoldIn(regularization: value, biasRegularization: 0.1, weighting: .plain, biasWeighting: .plain)
        )
      }
      #expect(error?.code == .invalidParameter)
    }
    // One rating, nine unknowns and nothing that holds them back.
    let error = #expect(throws: TrainingError.self) {
      try model.foldingIn(
        given, using: FoldIn(regularization: 0, biasRegularization: 0, weighting: .count, biasWeighting: .count))
    }
    #expect(error?.message == "the equations of user 1000 have no unique solution")
  }
}
