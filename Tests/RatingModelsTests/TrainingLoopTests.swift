import RatingData
import RatingNumerics
import Synchronization
import Testing

@testable import RatingModels

/// What the loop over `step()` gives every iterative algorithm.
struct TrainingLoopTests {
  static let planted = PlantedRatings(users: 60, items: 40, perUser: 20)
  static let algorithms: [any IterativeAlgorithm & RegisteredAlgorithm] = [
    DampedBiases(sweeps: 6), DampedBiases(solver: .sgd, sweeps: 6), BiasedMatrixFactorization(factors: 5, epochs: 6),
    SVDPlusPlus(factors: 5, epochs: 6), AsymmetricSVD(factors: 5, epochs: 6),
    TimeBiases {
      $0.epochs = 6
      $0.bins = 4
    },
    TimeSVDPlusPlus(factors: 5, epochs: 6) { $0.bins = 4 }, NonNegativeFactorization(factors: 4, sweeps: 6),
  ]

  /// Collects reports from the callback.
  final class Reports: Sendable {
    let all = Mutex<[EpochReport]>([])
    var list: [EpochReport] { all.withLock { $0 } }
    func add(_ report: EpochReport) { all.withLock { $0.append(report) } }
  }

  @Test(arguments: algorithms.indices)
  func everyEpochIsReportedWithValidation(_ index: Int) throws {
    let reports = Reports()
    let options = RunOptions(onEpoch: {
      reports.add($0)
      return .proceed
    })
    let input = TrainingInput(Self.planted.train, validation: Self.planted.test)
    let model = try Self.algorithms[index].fit(to: input, seed: 1, options: options)
    #expect(reports.list.map(\.epoch) == [1, 2, 3, 4, 5, 6])
    #expect(reports.list.allSatisfy { $0.epochs == 6 && $0.ratings == Self.planted.train.count && $0.seconds > 0 })
    #expect(reports.list.last!.trainingRMSE < reports.list.first!.trainingRMSE)
    #expect(abs(reports.list.last!.validationRMSE! - rmse(model, Self.planted.test)) < 1e-12)
  }

  @Test(arguments: algorithms.indices)
  func stoppingKeepsTheModelOfThatEpoch(_ index: Int) throws {
    let errors = Reports()
    let options = RunOptions(onEpoch: {
      errors.add($0)
      return $0.epoch == 3 ? .stopAndKeep : .proceed
    })
    let input = TrainingInput(Self.planted.train, validation: Self.planted.test)
    let model = try Self.algorithms[index].fit(to: input, seed: 1, options: options)
    #expect(errors.list.count == 3)
    #expect(abs(rmse(model, Self.planted.test) - errors.list[2].validationRMSE!) < 1e-12)
  }

  @Test func aDivergingLearningRateIsAnErrorThatNamesEpochRateAndRemedy() throws {
    for algorithm in [
      BiasedMatrixFactorization(factors: 8, epochs: 50, learningRate: 30) as any RegisteredAlgorithm,
      DampedBiases(solver: .sgd, sweeps: 200, learningRate: 30),
      SVDPlusPlus(factors: 8, epochs: 50) { $0.learningRate = 30 },
      AsymmetricSVD(factors: 8, epochs: 50) { $0.learningRate = 30 },
      TimeBiases {
        $0.epochs = 50
        $0.learningRate = 30
      },
      TimeSVDPlusPlus(factors: 8, epochs: 50) { $0.learningRate = 30 },
    ] {
      let error = #expect(throws: TrainingError.self) {
        try algorithm.fit(to: Self.planted.train, seed: 1, options: RunOptions(keepsLastGoodModel: true))
      }
      #expect(error?.code == .diverged)
      #expect(error?.message.contains("epoch \(error!.completedEpochs! + 1)") == true)
      #expect(error?.message.contains("learning rate 30") == true || error?.message.contains("learning rate 2") == true)
      #expect(error?.remedy.contains("lower learningRate") == true)
    }
  }

  @Test(arguments: algorithms.indices)
  func cancellationStopsAndHandsBackTheLastGoodModel(_ index: Int) throws {
    let flag = CancellationFlag()
    let reports = Reports()
    let options = RunOptions(
      cancellation: flag, keepsLastGoodModel: true,
      onEpoch: {
        reports.add($0)
        if $0.epoch == 2 { flag.cancel() }
        return .proceed
      })
    let input = TrainingInput(Self.planted.train, validation: Self.planted.test)
    let error = #expect(throws: TrainingError.self) {
      try Self.algorithms[index].fit(to: input, seed: 1, options: options)
    }
    #expect(error?.code == .cancelled)
    #expect(error?.completedEpochs == 2)
    let model = try #require(error?.lastGoodModel)
    #expect(abs(rmse(model, Self.planted.test) - reports.list[1].validationRMSE!) < 1e-12)
  }

  @Test func cancellationFromAnotherThreadStopsWithinASecond() throws {
    let flag = CancellationFlag()
    let algorithm = BiasedMatrixFactorization(factors: 64, epochs: 100_000)
    let (start, error) = Parallel.both(threads: 2) {
      var pause = 0.0
      for step in 1...2_000_000 { pause += 1 / Double(step) }
      let start = ContinuousClock.now
      if pause > 0 { flag.cancel() }
      return start
    } _: { () -> TrainingError? in
      do throws(TrainingError) {
        _ = try algorithm.fit(to: Self.planted.train, seed: 1, options: RunOptions(cancellation: flag))
        return nil
      } catch { return error }
    }
    #expect(error?.code == .cancelled)
    #expect(ContinuousClock.now - start < .seconds(1))
  }

  @Test(arguments: algorithms.indices)
  func resumingGivesTheSameBytesAsNeverStopping(_ index: Int) throws {
    func check(_ algorithm: some IterativeAlgorithm & RegisteredAlgorithm) throws {
      let input = TrainingInput(Self.planted.train)
      var run = try algorithm.begin(input, seed: 4, options: RunOptions())
      for _ in 0..<2 { _ = try run.step() }
      let checkpoint = run.checkpoint()
      let resumed = try algorithm.fit(to: input, seed: 4, options: RunOptions(), resuming: checkpoint)
      let straight = try algorithm.fit(to: input, seed: 4)
      #expect(resumed.tensors == straight.tensors)

      let error = #expect(throws: TrainingError.self) {
        try algorithm.fit(to: input, seed: 5, options: RunOptions(), resuming: checkpoint)
      }
      #expect(error?.code == .checkpointMismatch)
      let other = TrainingInput(RatingDataset(users: [1], items: [1], ratings: [1]))
      #expect(throws: TrainingError.self) {
        try algorithm.fit(to: other, seed: 4, options: RunOptions(), resuming: checkpoint)
      }
    }
    try check(Self.algorithms[index])
  }
}
