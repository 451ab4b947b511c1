import RatingData
import RatingNumerics

/// The epochs of a run, one after the other: the one place of progress, validation, early stopping, checkpoints,
/// cancellation and the detection of divergence.
struct TrainingLoop<Algorithm: IterativeAlgorithm> {
  typealias Model = Algorithm.Model

  private var run: Algorithm.Run
  private let seed: Seed
  private let options: RunOptions
  private let validation: (pairs: RatingPairs, answers: RatingDataset)?
  private var stopping: StoppingState?
  private var lastGood: (model: Model, epoch: Int)?
  /// The last complete epoch, where checkpoints are asked for and it is not saved yet.
  private var unsaved: Checkpoint?
  private var lastSave: (epoch: Int, time: ContinuousClock.Instant)
  /// When the first epoch of this process began, and how many there had been before.
  private var start = ContinuousClock.now
  private var epochsBefore = 0
  /// The number of epochs after which the model was known to be finite.
  private var goodEpochs = 0

  init(_ algorithm: Algorithm, _ input: TrainingInput, seed: Seed, options: RunOptions) throws(TrainingError) {
    try input.requireValidationForEarlyStopping()
    run = try algorithm.begin(input, seed: seed, options: options)
    self.seed = seed
    self.options = options
    validation = input.validation.flatMap { $0.count > 0 ? ($0.pairs, $0) : nil }
    stopping = input.earlyStopping.map { StoppingState($0) }
    lastSave = (0, start)
  }

  /// Goes on from a checkpoint, which may come from a file that anybody wrote.
  mutating func restore(_ checkpoint: Checkpoint) throws(TrainingError) {
    switch (checkpoint.stopping?.rule, stopping?.rule) {
    case (let found, let wanted) where found != wanted:
      func text(_ rule: EarlyStopping?) -> String {
        rule.map { "early stopping after \($0.patience) epochs without an improvement of \($0.minimumImprovement)" }
          ?? "no early stopping"
      }
      throw .checkpointMismatch("the checkpoint was made with \(text(found)), the run has \(text(wanted))")
    default: break
    }
    let names = run.checkpoint().tensors.map(\.name)
    if var state = checkpoint.stopping {
      guard state.isConsistent(after: checkpoint.completedEpochs) else {
        throw .checkpointMismatch("the checkpoint's state of early stopping doesn't fit its epoch")
      }
      if state.bestEpoch > 0 {
        let best = Checkpoint(completedEpochs: state.bestEpoch, seed: seed, tensors: state.bestTensors)
          .ordered(like: names)
        state.bestTensors = best.tensors
        try run.restore(best)
        let model = run.model()
        try Self.requirePlausible(model)
        if options.keepsLastGoodModel { lastGood = (model, state.bestEpoch) }
      }
      stopping = state
    }
    try run.restore(checkpoint.ordered(like: names))
    let model = run.model()
    try Self.requirePlausible(model)
    goodEpochs = run.completedEpochs
    epochsBefore = goodEpochs
    if options.keepsLastGoodModel && goodEpochs > 0 && stopping == nil { lastGood = (model, goodEpochs) }
    lastSave = (epochsBefore, start)
  }

  /// Throws where a model from a file's numbers is none that a fit could have made.
  private static func requirePlausible(_ model: Model) throws(TrainingError) {
    guard let savable = model as? any SavableModel else { return }
    func check(_ model: some SavableModel) -> ModelTensors.Failure? {
      let tensors = ModelTensors(model.tensors, vocabularies: model.vocabularies, scale: model.scale)
      do throws(ModelTensors.Failure) {
        _ = try type(of: model).init(tensors)
        return nil
      } catch { return error }
    }
    if let failure = check(savable) { throw .checkpointMismatch("the checkpoint makes no model: \(failure)") }
  }

  /// Carries out the epochs that are left.
  mutating func finish() throws(TrainingError) -> TrainingOutcome<Model> {
    var ending = TrainingOutcome<Model>.Ending.complete
    start = .now
    lastSave.time = start
    while run.completedEpochs < run.epochs {
      if stopping?.isOver(after: run.completedEpochs) ?? false {
        ending = .earlyStopping
        break
      }
      let control: Control
      do throws(TrainingError) {
        control = try epoch()
      } catch {
        throw failure(error)
      }
      if control == .stopAndKeep {
        ending = .stopped
        break
      }
    }
    let completed = run.completedEpochs
    do throws(TrainingError) { if let unsaved { try save(unsaved) } } catch { throw failure(error) }
    let modelEpoch = stopping.map(\.bestEpoch).flatMap { $0 > 0 ? $0 : nil } ?? completed
    if let stopping, modelEpoch != completed {
      try run.restore(Checkpoint(completedEpochs: modelEpoch, seed: seed, tensors: stopping.bestTensors))
    }
    return TrainingOutcome(
      model: lastGood.flatMap { $0.epoch == modelEpoch ? $0.model : nil } ?? run.model(), modelEpoch: modelEpoch,
      completedEpochs: completed, ending: ending)
  }

  /// One epoch, and what comes after it.
  private mutating func epoch() throws(TrainingError) -> Control {
    let epoch = run.completedEpochs + 1
    let began = ContinuousClock.now
    if options.cancellation?.isCancelled ?? false { throw TrainingError.cancelled }
    let result = try run.step()
    let seconds = (ContinuousClock.now - began).seconds
    guard result.trainingRMSE.isFinite else {
      throw TrainingError.diverged(epoch: epoch, learningRate: result.learningRate)
    }
    goodEpochs = epoch
    var validationRMSE: Double?
    var isBest = true
    if let validation {
      let rmse = run.predict(validation.pairs, threads: options.threads).rootMeanSquaredError(validation.answers)
      validationRMSE = rmse
      if stopping != nil { isBest = stopping!.note(rmse, epoch: epoch) }
    }
    if options.keepsLastGoodModel && isBest { lastGood = (run.model(), epoch) }
    try takeCheckpoint(epoch: epoch, isBest: isBest)
    let perEpoch = (ContinuousClock.now - start).seconds / Double(epoch - epochsBefore)
    let report = EpochReport(
      epoch: epoch, epochs: run.epochs, trainingRMSE: result.trainingRMSE, validationRMSE: validationRMSE,
      bestEpoch: stopping?.bestEpoch, learningRate: result.learningRate, seconds: seconds, ratings: result.ratings,
      secondsLeft: perEpoch * Double(run.epochs - epoch))
    return options.onEpoch?(report) ?? .proceed
  }

  private mutating func takeCheckpoint(epoch: Int, isBest: Bool) throws(TrainingError) {
    guard options.checkpointing != nil || (stopping != nil && isBest) else { return }
    var checkpoint = run.checkpoint()
    if stopping != nil && isBest { stopping!.bestTensors = checkpoint.tensors }
    guard let checkpointing = options.checkpointing else { return }
    checkpoint.stopping = stopping
    unsaved = checkpoint
    let now = ContinuousClock.now
    if checkpointing.isDue(epochs: epoch - lastSave.epoch, seconds: (now - lastSave.time).seconds) {
      try save(checkpoint)
      lastSave = (epoch, ContinuousClock.now)
    }
  }

  private mutating func save(_ checkpoint: Checkpoint) throws(TrainingError) {
    unsaved = nil
    try options.checkpointing?.save(checkpoint)
  }

  /// The error with what is left of the run; a cancelled run's last complete epoch is saved.
  private mutating func failure(_ error: TrainingError) -> TrainingError {
    var error = error
    if error.code == .cancelled, let unsaved {
      do throws(TrainingError) { try save(unsaved) } catch let problem { error = problem }
    }
    error.completedEpochs = goodEpochs
    error.lastGoodModel = lastGood?.model
    error.lastGoodEpoch = lastGood?.epoch
    return error
  }
}

extension StoppingState {
  /// Whether a run could be in this state after so many epochs.
  func isConsistent(after epochs: Int) -> Bool {
    guard bestEpoch > 0 else {
      return bestEpoch == 0 && improvedEpoch == 0 && epochs == 0 && bestTensors.isEmpty
    }
    return bestEpoch <= epochs && (1...bestEpoch).contains(improvedEpoch) && bestRMSE <= improvedRMSE
      && bestRMSE >= 0
  }
}

extension Duration {
  /// The duration as a number of seconds.
  package var seconds: Double {
    let (whole, attoseconds) = components
    return Double(whole) + Double(attoseconds) * 1e-18
  }
}

extension Predictions {
  /// The root mean squared difference to the ratings of `answers`, row by row; for progress reports.
  func rootMeanSquaredError(_ answers: RatingDataset) -> Double {
    let squares = answers.withUnsafeColumns { columns in
      values.indices.reduce(into: 0.0) { sum, row in
        let error = values[row] - Double(columns.ratings[row])
        sum += error * error
      }
    }
    return (squares / Double(values.count)).squareRoot()
  }
}
