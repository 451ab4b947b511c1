import RatingData
import RatingNumerics
import Synchronization
import Testing

@testable import RatingModels

/// What every design must do, with either likelihood, beside what `ModelContractTests` asks of every algorithm.
@Suite struct BayesianContractTests {
  typealias Likelihood = BayesianMatrixFactorization.Likelihood

  private static let planted = PlantedRatings(users: 60, items: 40, perUser: 20)
  /// The same in whole stars.
  private static let (stars, test) = (rounded(planted.train), rounded(planted.test))

  private static func rounded(_ dataset: RatingDataset) -> RatingDataset {
    dataset.withUnsafeColumns { columns in
      RatingDataset(
        users: columns.users.map { dataset.vocabularies.users[Int($0)] },
        items: columns.items.map { dataset.vocabularies.items[Int($0)] },
        ratings: columns.ratings.map { min(max($0.rounded(), 1), 5) }, times: columns.times.map { Array($0) },
        scale: RatingScale(1...5), vocabularies: dataset.vocabularies)
    }
  }

  /// Every design with either likelihood, one chain and three.
  static let algorithms: [any RegisteredAlgorithm & IterativeAlgorithm] = [1, 3].flatMap { chains in
    ["gaussian", "ordered-probit"].flatMap { likelihood in
      [
        "bayesian-mf", "bayesian-svd++", "bayesian-time-svd", "bayesian-time-svd++", "bayesian-time-svd++-flipped",
        "bayesian-sessions", "bpmf",
      ].map { name in
        try! AlgorithmRegistry.standard.algorithm(
          name,
          [
            ("factors", name == "bayesian-svd++" ? "18" : "5"), ("sweeps", "6"), ("burnIn", "1"), ("thinning", "2"),
            ("chains", String(chains)), ("likelihood", likelihood),
          ]) as! any RegisteredAlgorithm & IterativeAlgorithm
      }
    }
  }

  private static func isProbit(_ algorithm: any RegisteredAlgorithm) -> Bool {
    algorithm.parameterValues.contains { "\($0.value)" == "ordered-probit" }
  }

  @Test(arguments: algorithms.indices)
  func theSameBytesOnAnyNumberOfThreads(_ index: Int) throws {
    let algorithm = Self.algorithms[index]
    let reference = try algorithm.fit(to: Self.stars, seed: 7, options: RunOptions(threads: 1))
    let expected = reference.predict(Self.test.pairs, threads: 1)
    #expect(expected.values.allSatisfy { $0.isFinite })
    for threads in [2, 4] {
      let model = try algorithm.fit(to: Self.stars, seed: 7, options: RunOptions(threads: threads))
      let isSame = model.tensors == reference.tensors
      #expect(isSame, "\(threads) threads")
      #expect(model.predict(Self.test.pairs, threads: threads) == expected)
    }
    let other = try algorithm.fit(to: Self.stars, seed: 8, options: RunOptions(threads: 2))
    #expect(other.tensors != reference.tensors)
  }

  /// Checkpoints as a run hands them out.
  private final class Saved: Sendable {
    let list = Mutex<[Checkpoint]>([])
  }

  @Test(arguments: algorithms.indices)
  func aRunThatIsResumedAfterAnySweepEndsWithTheSameBytes(_ index: Int) throws {
    func check(_ algorithm: some RegisteredAlgorithm & IterativeAlgorithm) throws {
      let saved = Saved()
      let input = TrainingInput(Self.stars)
      let checkpointing = Checkpointing(every: .epochs(1)) { checkpoint in
        saved.list.withLock { $0.append(checkpoint) }
      }
      let straight = try algorithm.train(on: input, seed: 3, options: RunOptions(checkpointing: checkpointing))
      let checkpoints = saved.list.withLock { $0 }
      #expect(checkpoints.count == 6)
      for checkpoint in checkpoints {
        let resumed = try algorithm.train(
          on: input, seed: 3, options: RunOptions(threads: 2), resuming: checkpoint)
        let isSame = resumed.model.tensors == straight.model.tensors
        #expect(isSame, "after sweep \(checkpoint.completedEpochs)")
      }
    }
    try check(Self.algorithms[index])
  }

  @Test(arguments: algorithms.indices)
  func whoeverAndWhateverIsAskedForGetsAFiniteRating(_ index: Int) throws {
    let model = try Self.algorithms[index].fit(to: Self.stars, seed: 1)
    let indices: [UInt32] = [0, 5, 39, 60, 61, 1_000_000, .max - 1, RatingPairs.unknown]
    let times: [UInt32] = [0, 1_000_000_000, 1_003_600_000, .max]
    var pairs = RatingPairs(users: [], items: [], times: [])
    for user in indices {
      for item in indices {
        for time in times {
          pairs.users.append(user)
          pairs.items.append(item)
          pairs.times!.append(time)
        }
      }
    }
    let predictions = model.predict(pairs, threads: 2).values
    #expect(predictions.count == pairs.count && predictions.allSatisfy { $0.isFinite })
    for row in stride(from: 0, to: pairs.count, by: 7) {
      #expect(abs(model.rating(pairs.question(row)) - predictions[row]) < 1e-5)
    }
    pairs.times = nil
    #expect(model.predict(pairs, threads: 1).values.allSatisfy { $0.isFinite })
    #expect(model.rating(Question(user: nil, item: nil)).isFinite)
    if Self.isProbit(Self.algorithms[index]) {
      // An expected rating lies on the scale.
      #expect(predictions.allSatisfy { (1...5).contains($0) })
    }
  }

  @Test(arguments: [Likelihood.gaussian, .orderedProbit])
  func questionsCountAsImplicitFeedbackWhereTheyAreGiven(_ likelihood: Likelihood) throws {
    let pairs = Self.test.pairs
    func predictions<Design: BayesianDesign>(_: BayesianFactorization<Design>.Type, _ input: TrainingInput) throws
      -> Predictions
    {
      let algorithm = BayesianFactorization<Design>(
        factors: 4, sweeps: 4, burnIn: 1, thinning: 1, likelihood: .init(rawValue: likelihood.rawValue)!)
      return try algorithm.fit(to: input, seed: 1).predict(pairs, threads: 1)
    }
    let (strict, informed) = (TrainingInput(Self.stars), TrainingInput(Self.stars, questions: pairs))
    #expect(
      try predictions(BayesianSVDPlusPlus.self, strict) != predictions(BayesianSVDPlusPlus.self, informed))
    #expect(
      try predictions(BayesianTimeSVDPlusPlusFlipped.self, strict)
        != predictions(BayesianTimeSVDPlusPlusFlipped.self, informed))
    // Designs without implicit feedback have nothing to do with them.
    #expect(try predictions(BayesianTimeSVD.self, strict) == predictions(BayesianTimeSVD.self, informed))
  }

  /// A user with questions and no ratings is made of items; the user's own part is from the prior.
  @Test func aUserWithQuestionsAloneIsPredictedFromTheItemsAskedFor() throws {
    let questions = RatingPairs(users: [60, 60, 60], items: [1, 2, 3])
    let algorithm = BayesianSVDPlusPlus(factors: 3, sweeps: 20, burnIn: 4, thinning: 2)
    let model = try algorithm.fit(to: TrainingInput(Self.stars, questions: questions), seed: 1)
    let (known, unseen) = (
      model.rating(Question(user: UserIndex(60), item: ItemIndex(5))),
      model.rating(Question(user: nil, item: ItemIndex(5)))
    )
    #expect(known.isFinite && known != unseen)
  }

  @Test(arguments: algorithms.indices)
  func oneRatingIsEnoughForTheGaussianLikelihood(_ index: Int) throws {
    let algorithm = Self.algorithms[index]
    let one = RatingDataset(users: [1], items: [1], ratings: [4], times: [1_000_000])
    if Self.isProbit(algorithm) {
      let error = #expect(throws: TrainingError.self) { try algorithm.fit(to: one, seed: 1) }
      #expect(error?.code == .invalidParameter)
      #expect(error?.message.hasSuffix("needs 2 to 64 different ratings; the training data has 1") == true)
    } else {
      let model = try algorithm.fit(to: one, seed: 1)
      #expect(model.rating(user: 1, item: 1).isFinite && model.rating(user: 2, item: 2).isFinite)
    }
  }

  @Test func equalRatingsArePredictedAsWhatTheyAre() throws {
    let users = (0..<200).map { $0 % 20 }
    let constant = RatingDataset(
      users: users, items: (0..<200).map { $0 / 20 }, ratings: [Float](repeating: 3.5, count: 200))
    let algorithm = BayesianMatrixFactorization(factors: 4, sweeps: 200, burnIn: 100, thinning: 2)
    let model = try algorithm.fit(to: constant, seed: 1)
    // The prior of the noise's precision keeps it from growing without end.
    for user in 0..<20 { #expect(abs(model.rating(user: UserID(Identifier(Int64(user))), item: 3) - 3.5) < 0.1) }
    #expect(throws: TrainingError.self) {
      try BayesianMatrixFactorization(factors: 2, likelihood: .orderedProbit).fit(to: constant, seed: 1)
    }
  }

  @Test func aContinuousScaleHasTooManyLevelsForTheOrderedProbit() throws {
    // -10...10 in hundredths, as in Jester.
    var stream = RandomStream(seed: 1, purpose: "tests.jester")
    let ratings = (0..<2000).map { _ in Float(stream.below(2001)) / 100 - 10 }
    let jester = RatingDataset(
      users: (0..<2000).map { $0 % 50 }, items: (0..<2000).map { $0 / 50 }, ratings: ratings,
      times: [UInt32](repeating: 1_000_000, count: 2000))
    for algorithm in Self.algorithms
    where Self.isProbit(algorithm) {
      let error = #expect(throws: TrainingError.self) { try algorithm.fit(to: jester, seed: 1) }
      #expect(error?.code == .invalidParameter)
      #expect(error?.message.hasSuffix("needs 2 to 64 different ratings; the training data has more") == true)
      #expect(error?.remedy == "use the likelihood gaussian")
    }
    // 64 levels are welcome, in any steps.
    let halves = RatingDataset(
      users: (0..<2000).map { $0 % 50 }, items: (0..<2000).map { $0 / 50 },
      ratings: ratings.map { (($0 + 10) / 20 * 63).rounded() / 2 })
    let algorithm = BayesianMatrixFactorization(
      factors: 2, sweeps: 10, burnIn: 2, thinning: 2, likelihood: .orderedProbit)
    let model = try algorithm.fit(to: halves, seed: 1)
    #expect((0...31.5).contains(model.rating(user: 3, item: 4)))
  }

  @Test func designsWithDaysNeedTimes() {
    let untimed = RatingDataset(users: [1, 2], items: [1, 2], ratings: [3, 4])
    for (index, algorithm) in Self.algorithms.enumerated() {
      let name = type(of: algorithm).name
      if name.contains("time") || name.contains("sessions") {
        let error = #expect(throws: TrainingError.self) { try algorithm.fit(to: untimed, seed: 1) }
        #expect(error?.code == .missingTimes)
      } else {
        #expect(throws: Never.self, "\(index)") { try algorithm.fit(to: untimed, seed: 1) }
      }
    }
  }

  @Test func aCheckpointOfAnotherRunIsRefused() throws {
    let input = TrainingInput(Self.stars)
    let algorithm = BayesianSVDPlusPlus(factors: 3, sweeps: 4, burnIn: 1, thinning: 1, likelihood: .orderedProbit)
    var run = try algorithm.begin(input, seed: 1, options: RunOptions())
    for _ in 0..<2 { _ = try run.step() }
    let good = run.checkpoint()
    func refused(_ checkpoint: Checkpoint) throws -> Bool {
      var run = try algorithm.begin(input, seed: 1, options: RunOptions())
      do throws(TrainingError) { try run.restore(checkpoint) } catch { return error.code == .checkpointMismatch }
      return false
    }
    func changed(_ name: String, _ values: Tensor.Values?) -> Checkpoint {
      Checkpoint(
        completedEpochs: 2, seed: 1,
        tensors: good.tensors.compactMap { tensor in
          if tensor.name != name { return tensor }
          return values.map { Tensor(name, $0) }
        })
    }
    #expect(try !refused(good))
    #expect(try refused(Checkpoint(completedEpochs: 2, seed: 2, tensors: good.tensors)))
    #expect(try refused(Checkpoint(completedEpochs: 3, seed: 1, tensors: good.tensors)))
    #expect(try refused(Checkpoint(completedEpochs: 5, seed: 1, tensors: good.tensors)))
    for tensor in good.tensors { #expect(try refused(changed(tensor.name, nil)), "\(tensor.name)") }
    #expect(try refused(changed("state.0.scalars", .float64([0, -1]))))
    #expect(try refused(changed("state.0.scalars", .float64([.nan, 1]))))
    #expect(try refused(changed("state.0.cut_points", .float64([3, 2, 1, 0]))))
    #expect(try refused(changed("state.0.users", .float32([1, 2, 3]))))
  }

  @Test func cancellationStopsASweep() throws {
    let flag = CancellationFlag()
    let algorithm = BayesianTimeSVDPlusPlusFlipped(factors: 4, sweeps: 1_000_000)
    let options = RunOptions(
      cancellation: flag,
      onEpoch: {
        if $0.epoch == 3 { flag.cancel() }
        return .proceed
      })
    let error = #expect(throws: TrainingError.self) {
      try algorithm.fit(to: TrainingInput(Self.stars), seed: 1, options: options)
    }
    #expect(error?.code == .cancelled && error?.completedEpochs == 3)
  }
}
