import ArgumentParser
import RatingBench

/// The fit of `train`: with progress, checkpoints, Ctrl-C, and what is saved of a run that fails.
final class TrainingCommandRun {
  let progress: TrainingProgress
  /// The epoch after which the run went on, where it was resumed.
  private(set) var resumedAfter: Int?
  private let command: Train
  private let data: TrainingFiles
  private let input: TrainingInput
  private var provenance: ModelProvenance?

  init(_ command: Train, _ data: TrainingFiles) {
    self.command = command
    self.data = data
    progress = TrainingProgress(command.progress)
    input = TrainingInput(
      data.training, validation: data.validation, questions: data.questions,
      userFeatures: data.userFeatures, itemFeatures: data.itemFeatures,
      earlyStopping: command.validation.earlyStopping)
  }

  /// The model, and how the run ended where the algorithm has epochs.
  func fit(_ algorithm: some RegisteredAlgorithm) throws -> (any SavableModel, TrainingReport.RunEnd?) {
    let seed = Seed(command.seed)
    if command.save != nil || command.checkpoints.isGiven {
      provenance = ModelProvenance(algorithm, seed: seed, trainedOn: input)
    }
    let progress = progress
    var options = RunOptions(
      threads: command.reading.threads, cancellation: Interruption.flag, keepsLastGoodModel: command.save != nil,
      onEpoch: { progress.show($0) })
    if let path = command.checkpoints.checkpoint, let provenance {
      options.checkpointing = try .file(path, every: command.checkpoints.checkpointEvery ?? .seconds(30), provenance)
    }
    var resumed: Checkpoint?
    if let path = command.checkpoints.resume, command.checkpoints.isFirstStart {
      Console.note("\(SafeText.line(path)): there is no checkpoint yet; the run starts from the beginning")
    } else if let path = command.checkpoints.resume, let provenance {
      let checkpoint = try CheckpointFile(contentsOf: path).checkpoint(for: provenance)
      resumedAfter = checkpoint.completedEpochs
      resumed = checkpoint
    } else if let path = command.checkpoints.continued, let provenance {
      let checkpoint = try ModelFile(contentsOf: path).checkpoint(continuedBy: provenance)
      resumedAfter = checkpoint.completedEpochs
      resumed = checkpoint
    }
    do {
      defer { progress.end() }
      return try Interruption.whileTraining {
        if let iterative = algorithm as? any RegisteredAlgorithm & IterativeAlgorithm {
          return try Self.train(iterative, input, seed, options, resumed)
        }
        return (try algorithm.fit(to: input, seed: seed, options: options) as any SavableModel, nil)
      }
    } catch let error as TrainingError {
      try saveWhatIsLeft(error)
      throw error
    }
  }

  private static func train(
    _ algorithm: some RegisteredAlgorithm & IterativeAlgorithm, _ input: TrainingInput, _ seed: Seed,
    _ options: RunOptions, _ checkpoint: Checkpoint?
  ) throws(TrainingError) -> (any SavableModel, TrainingReport.RunEnd?) {
    let outcome = try algorithm.train(on: input, seed: seed, options: options, resuming: checkpoint)
    return (
      outcome.model,
      TrainingReport.RunEnd(
        modelEpoch: outcome.modelEpoch, completedEpochs: outcome.completedEpochs, ending: outcome.ending.rawValue)
    )
  }

  /// What the fit will take, and what there is.
  func memoryReport(_ algorithm: some RegisteredAlgorithm) throws -> MemoryReport {
    var shape = TrainingShape(
      input, options: RunOptions(threads: command.reading.threads, keepsLastGoodModel: command.save != nil),
      predictions: max(data.test?.pairs.count ?? 0, data.validation?.count ?? 0))
    shape.keepsCheckpoints = command.checkpoints.checkpoint != nil
    return MemoryReport(
      algorithm: type(of: algorithm).name, shape: shape, plan: algorithm.memory(for: shape), available: .now)
  }

  /// The last good model of a run that failed, and word of its checkpoint.
  private func saveWhatIsLeft(_ error: TrainingError) throws {
    if let good = error.lastGoodModel as? any SavableModel, let save = command.save {
      try write(good, epoch: error.lastGoodEpoch, to: save)
      Console.note("saved the model of epoch \(error.lastGoodEpoch ?? 0) in \(save)")
    }
    if let path = command.checkpoints.checkpoint, error.code == .cancelled, let epochs = error.completedEpochs,
      epochs > resumedAfter ?? 0
    {
      Console.note("saved the state after epoch \(epochs); --resume \(path) goes on from it")
    }
  }

  func write(_ model: any SavableModel, epoch: Int?, to path: String) throws {
    guard var provenance else { return }
    provenance.epoch = epoch
    try ModelFile(model, provenance).write(to: path)
  }
}

extension TrainingError {
  var exitStatus: ExitCode {
    switch code {
    case .unknownAlgorithm, .unknownParameter, .invalidParameter, .noValidation: ExitStatus.usage
    case .emptyTrainingData, .missingTimes: ExitStatus.badData
    case .cancelled: ExitStatus.interrupted
    case .checkpointMismatch, .notEnoughMemory: ExitStatus.badConfiguration
    case .checkpointNotWritten: ExitStatus.cannotWrite
    case .diverged: ExitStatus.internalFailure
    }
  }
}
