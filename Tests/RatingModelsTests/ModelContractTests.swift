import RatingData
import RatingNumerics
import Testing

@testable import RatingModels

/// What every algorithm must do, whichever it is: those of the registry, with the solvers that they have.
struct ModelContractTests {
  static let algorithms: [any RegisteredAlgorithm] = [
    GlobalMean(), UserMean(), ItemMean(), DampedBiases(sweeps: 5), DampedBiases(solver: .sgd, sweeps: 5),
    BiasedMatrixFactorization(factors: 7, epochs: 4), BiasedMatrixFactorization(factors: 16, epochs: 3),
    AlternatingLeastSquares(factors: 7, sweeps: 4),
    AlternatingLeastSquares(factors: 20, sweeps: 4, regularization: 3, weighting: .plain, biasWeighting: .plain),
    AlternatingLeastSquares(factors: 16, sweeps: 4, biases: .none),
    AlternatingLeastSquares(factors: 16, sweeps: 4, solver: .conjugateGradient),
    SVDPlusPlus(factors: 7, epochs: 4), SVDPlusPlus(factors: 16, epochs: 3), SVDPlusPlus(factors: 130, epochs: 2),
    AsymmetricSVD(factors: 7, epochs: 4),
    TimeBiases {
      $0.epochs = 4
      $0.bins = 5
    },
    TimeSVDPlusPlus(factors: 7, epochs: 4) { $0.bins = 5 },
    NonNegativeFactorization(factors: 5, sweeps: 20),
  ]
  static let planted = PlantedRatings(users: 60, items: 40, perUser: 20)

  /// The Bayesian ones, whose unseen users are draws from the prior, are in `BayesianContractTests`.
  @Test func everyRegisteredAlgorithmIsHere() {
    let names = AlgorithmRegistry.standard.names.filter { !$0.hasPrefix("bayesian-") && $0 != "bpmf" }
    #expect(Set(Self.algorithms.map { type(of: $0).name }) == Set(names))
  }

  @Test(arguments: algorithms.indices)
  func everyQuestionGetsAFiniteRating(_ index: Int) throws {
    let model = try Self.algorithms[index].fit(to: Self.planted.train, seed: 1)
    let indices: [UInt32] = [0, 5, 39, 60, 61, 1_000_000, .max - 1, RatingPairs.unknown]
    var pairs = RatingPairs(users: [], items: [])
    for user in indices {
      for item in indices {
        pairs.users.append(user)
        pairs.items.append(item)
      }
    }
    let predictions = model.predict(pairs, threads: 2).values
    #expect(predictions.count == pairs.count)
    #expect(predictions.allSatisfy { $0.isFinite })
    #expect(model.rating(Question(user: nil, item: nil)).isFinite)
  }

  @Test(arguments: algorithms.indices)
  func noTrainingRatingsCountAsNeverSeen(_ index: Int) throws {
    let model = try Self.algorithms[index].fit(to: Self.planted.train, seed: 1)
    // User 60 and item 40 are in the vocabulary without a single training rating.
    let known = (UserIndex(3), ItemIndex(4))
    #expect(
      model.rating(Question(user: UserIndex(60), item: known.1)) == model.rating(Question(user: nil, item: known.1)))
    #expect(
      model.rating(Question(user: known.0, item: ItemIndex(40))) == model.rating(Question(user: known.0, item: nil)))
    #expect(model.rating(user: "nobody", item: "nothing") == model.rating(Question(user: nil, item: nil)))
    #expect(abs(model.rating(Question(user: nil, item: nil)) - Self.planted.train.mean) < 1e-9)
  }

  @Test(arguments: algorithms.indices)
  func sameSeedGivesTheSameBytesOnAnyNumberOfThreads(_ index: Int) throws {
    let algorithm = Self.algorithms[index]
    let reference = try algorithm.fit(to: Self.planted.train, seed: 7, options: RunOptions(threads: 1))
    let expected = reference.predict(Self.planted.test.pairs, threads: 1)
    for threads in [1, 2, 4] {
      let model = try algorithm.fit(to: Self.planted.train, seed: 7, options: RunOptions(threads: threads))
      #expect(model.tensors == reference.tensors)
      #expect(model.predict(Self.planted.test.pairs, threads: threads) == expected)
    }
  }

  @Test(arguments: algorithms.indices)
  func oneQuestionAndABatchGetTheSameRating(_ index: Int) throws {
    let model = try Self.algorithms[index].fit(to: Self.planted.train, seed: 1)
    let pairs = Self.planted.test.pairs
    let batch = model.predict(pairs, threads: 2).values
    for row in 0..<pairs.count { #expect(model.rating(pairs.question(row)) == batch[row]) }
  }

  @Test(arguments: algorithms.indices)
  func relabellingUsersLeavesTheAccuracy(_ index: Int) throws {
    let algorithm = Self.algorithms[index]
    func relabelled(_ dataset: RatingDataset) -> RatingDataset {
      dataset.withUnsafeColumns { columns in
        RatingDataset(
          users: columns.users.map { 1000 - Int($0) }, items: columns.items.map { Int($0) },
          ratings: Array(columns.ratings), times: columns.times.map { Array($0) }, scale: dataset.scale)
      }
    }
    let model = try algorithm.fit(to: Self.planted.train, seed: 1)
    let other = try algorithm.fit(to: relabelled(Self.planted.train), seed: 1)
    let test = relabelled(Self.planted.test)
    let answers = test.reindexed(to: other.vocabularies)
    let predictions = other.predict(answers.pairs).values
    let error =
      (zip(predictions, answers.ratings).reduce(0.0) { $0 + ($1.0 - Double($1.1)).squared }
      / Double(predictions.count)).squareRoot()
    #expect(abs(error - rmse(model, Self.planted.test)) < 0.02)
  }

  @Test(arguments: algorithms.indices)
  func emptyTrainingDataIsAnError(_ index: Int) {
    let empty = Self.planted.train.selecting(rows: [])
    let error = #expect(throws: TrainingError.self) { try Self.algorithms[index].fit(to: empty, seed: 1) }
    #expect(error?.code == .emptyTrainingData)
  }

  @Test(arguments: algorithms.indices)
  func oneRatingIsEnough(_ index: Int) throws {
    let one = RatingDataset(users: [1], items: [1], ratings: [4], times: [1_000_000])
    let model = try Self.algorithms[index].fit(to: one, seed: 1)
    // Factors begin at random, and one rating hardly moves them.
    #expect(abs(model.rating(user: 1, item: 1) - 4) < 1e-2)
    #expect(model.rating(user: 2, item: 2) == 4)
  }

  @Test(arguments: algorithms.indices)
  func savingAndLoadingKeepsPredictionsAndBytes(_ index: Int) throws {
    let algorithm = Self.algorithms[index]
    let model = try algorithm.fit(to: Self.planted.train, seed: 3)
    let bytes = ModelFile(model, ModelProvenance(algorithm, seed: 3, trainedOn: Self.planted.train)).bytes
    let loaded = try ModelFile(bytes: bytes)
    #expect(loaded.bytes == bytes)
    #expect(loaded.model.scale == model.scale)
    #expect(loaded.model.vocabularies == model.vocabularies)
    #expect(loaded.model.predict(Self.planted.test.pairs) == model.predict(Self.planted.test.pairs))
    let made = try AlgorithmRegistry.standard.algorithm(
      loaded.provenance.algorithm, loaded.provenance.parameters.map { ($0.name, $0.value) })
    #expect(made.parameterValues.map(\.value) == algorithm.parameterValues.map(\.value))
  }

  @Test func clippingIsVisibleAndExact() throws {
    let model = try BiasedMatrixFactorization(factors: 4, epochs: 5).fit(to: Self.planted.train, seed: 1)
    let scale = RatingScale(3...4)
    let plain = model.predict(Self.planted.test.pairs)
    #expect(plain.values.contains { $0 > 4 })
    #expect(model.clipped(to: scale).predict(Self.planted.test.pairs) == plain.clipped(to: scale))
    #expect(model.clipped().scale == Self.planted.train.scale)
  }
}

extension ModelFile {
  /// The file's bytes.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    contents.write { bytes.append(contentsOf: $0) }
    return bytes
  }
}
