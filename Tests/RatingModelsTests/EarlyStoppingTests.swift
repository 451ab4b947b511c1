import RatingData
import RatingNumerics
import Testing

@testable import RatingModels

/// Early stopping: when a run ends, which model it keeps, and that a resumed run does the same.
struct EarlyStoppingTests {
  /// Noise to learn by heart: factors without regularization soon predict new ratings worse.
  static let planted = PlantedRatings(users: 60, items: 40, perUser: 20)
  static let overfitting = BiasedMatrixFactorization(
    factors: 16, epochs: 200, learningRate: 0.05, learningRateSchedule: .constant, regularization: 0,
    biasRegularization: 0, initialStandardDeviation: 0.1)

  private static func input(_ rule: EarlyStopping?) -> TrainingInput {
    TrainingInput(planted.train, validation: planted.test, earlyStopping: rule)
  }

  @Test func theBestModelIsKeptAndTheRunEndsAfterThePatience() throws {
    let reports = TrainingLoopTests.Reports()
    let options = RunOptions(onEpoch: {
      reports.add($0)
      return .proceed
    })
    let outcome = try Self.overfitting.train(
      on: Self.input(EarlyStopping(patience: 4)), seed: 1, options: options)
    let errors = reports.list.map { $0.validationRMSE! }
    let best = errors.indices.min { errors[$0] < errors[$1] }! + 1
    #expect(outcome.ending == .earlyStopping)
    #expect(outcome.modelEpoch == best && best < 100)
    #expect(outcome.completedEpochs == best + 4 && errors.count == best + 4)
    #expect(abs(rmse(outcome.model, Self.planted.test) - errors[best - 1]) < 1e-12)
    #expect(reports.list.last?.bestEpoch == best)
    // The model of that epoch is the one that a run without early stopping passes through.
    var run = try Self.overfitting.begin(Self.input(nil), seed: 1, options: RunOptions())
    for _ in 0..<best { _ = try run.step() }
    #expect(run.model().tensors == outcome.model.tensors)
  }

  @Test func theBestModelIsKeptToTheEndOfARunThatNothingStops() throws {
    var recipe = Self.overfitting
    recipe.epochs = 30
    let outcome = try recipe.train(on: Self.input(EarlyStopping(patience: 1000)), seed: 1)
    #expect(outcome.ending == .complete && outcome.completedEpochs == 30 && outcome.modelEpoch < 30)
  }

  @Test func aSmallImprovementIsNoneButTheBestModelIsTheBest() {
    var state = StoppingState(EarlyStopping(patience: 2, minimumImprovement: 0.1))
    var isBest: [Bool] = []
    var improved: [Int] = []
    var isOver: [Bool] = []
    for (epoch, rmse) in zip(1..., [1, 0.95, 0.96, 0.8, 0.8]) {
      isBest.append(state.note(rmse, epoch: epoch))
      improved.append(state.improvedEpoch)
      isOver.append(state.isOver(after: epoch))
    }
    #expect(isBest == [true, true, false, true, false])
    #expect(improved == [1, 1, 1, 4, 4])
    #expect(isOver == [false, false, true, false, false])
    #expect(state.bestEpoch == 4 && state.bestRMSE == 0.8 && state.isOver(after: 6))
  }

  @Test func withoutValidationRatingsThereIsNothingToStopBy() {
    for validation in [nil, Self.planted.train.selecting(rows: [])] {
      let error = #expect(throws: TrainingError.self) {
        try Self.overfitting.fit(
          to: TrainingInput(Self.planted.train, validation: validation, earlyStopping: EarlyStopping()), seed: 1)
      }
      #expect(error?.code == .noValidation)
    }
  }

  @Test func anAlgorithmWithoutEpochsIgnoresIt() throws {
    let model = try ItemMean().fit(to: Self.input(EarlyStopping()), seed: 1)
    #expect(try model.tensors == ItemMean().fit(to: Self.planted.train, seed: 1).tensors)
    #expect(
      ModelProvenance(ItemMean(), seed: 1, trainedOn: Self.input(EarlyStopping())).earlyStopping == nil)
  }

  @Test func aCancelledRunHandsBackTheBestModelSoFar() throws {
    let flag = CancellationFlag()
    let best = TrainingLoopTests.Reports()
    let options = RunOptions(
      cancellation: flag, keepsLastGoodModel: true,
      onEpoch: {
        best.add($0)
        // Two epochs past the best.
        if $0.epoch == $0.bestEpoch! + 2 { flag.cancel() }
        return .proceed
      })
    let error = #expect(throws: TrainingError.self) {
      try Self.overfitting.fit(to: Self.input(EarlyStopping(patience: 50)), seed: 1, options: options)
    }
    let epoch = try #require(best.list.last?.bestEpoch)
    #expect(error?.lastGoodEpoch == epoch && error?.completedEpochs == epoch + 2)
    let model = try #require(error?.lastGoodModel)
    #expect(abs(rmse(model, Self.planted.test) - best.list[epoch - 1].validationRMSE!) < 1e-12)
  }

  @Test func theRuleAndItsRatingsAreSavedWithTheModel() throws {
    let input = Self.input(EarlyStopping(patience: 4, minimumImprovement: 0.001))
    let outcome = try Self.overfitting.train(on: input, seed: 1)
    let provenance = ModelProvenance(Self.overfitting, seed: 1, trainedOn: input, epoch: outcome.modelEpoch)
    let file = try ModelFile(bytes: ModelFile(outcome.model, provenance).bytes)
    #expect(file.provenance == provenance)
    #expect(file.provenance.earlyStopping?.validationHash == Self.planted.test.contentHash)
    #expect(file.bytes == ModelFile(outcome.model, provenance).bytes)
  }
}
