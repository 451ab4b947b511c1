import RatingData
import RatingNumerics

/// An algorithm that passes over the ratings several times.
///
/// It writes one pass, `TrainingRun.step()`; the loop here gives all of them progress, validation, early stopping,
/// detection of divergence, cancellation and resuming.
public protocol IterativeAlgorithm: RatingAlgorithm {
  associatedtype Run: TrainingRun where Run.Model == Model

  /// Sets a run up, before its first epoch.
  func begin(_ input: TrainingInput, seed: Seed, options: RunOptions) throws(TrainingError) -> Run
}

/// A model in the making.
public protocol TrainingRun {
  associatedtype Model: RatingModel

  /// The number of epochs that the recipe asks for.
  var epochs: Int { get }
  /// The number of epochs that are done.
  var completedEpochs: Int { get }

  /// Carries out one epoch. Looks at the cancellation flag at least once a second and throws `cancelled` where it is
  /// raised; the run is then of no further use.
  mutating func step() throws(TrainingError) -> EpochResult

  /// The model as of now.
  func model() -> Model

  /// What `model()` predicts: the training loop's validation. By default it asks the model; a run that knows what it
  /// predicted one epoch ago may be faster.
  mutating func predict(_ pairs: RatingPairs, threads: Int?) -> Predictions

  /// All that a run of the same recipe, seed and ratings needs to go on from here.
  func checkpoint() -> Checkpoint

  /// Goes back, or forward, to a checkpoint of a run of the same recipe, seed and ratings.
  ///
  /// - Throws: `checkpointMismatch` where the checkpoint can't belong to such a run.
  mutating func restore(_ checkpoint: Checkpoint) throws(TrainingError)
}

extension TrainingRun {
  public mutating func predict(_ pairs: RatingPairs, threads: Int?) -> Predictions {
    model().predict(pairs, threads: threads)
  }
}

/// What a run knows about an epoch of its own; the loop adds time and validation, and makes it an `EpochReport`.
public struct EpochResult: Sendable, Hashable {
  /// As `EpochReport.trainingRMSE`; a value that is not finite means that the run diverged.
  public var trainingRMSE: Double
  /// As `EpochReport.learningRate`.
  public var learningRate: Double?
  /// Training ratings visited.
  public var ratings: Int

  public init(trainingRMSE: Double, learningRate: Double? = nil, ratings: Int) {
    self.trainingRMSE = trainingRMSE
    self.learningRate = learningRate
    self.ratings = ratings
  }
}

/// A model, and how its run ended.
public struct TrainingOutcome<Model: RatingModel>: Sendable {
  public enum Ending: String, Sendable, Hashable {
    /// All epochs that the recipe asks for are done.
    case complete
    /// Early stopping found no more improvement.
    case earlyStopping = "early-stopping"
    /// `RunOptions.onEpoch` said so.
    case stopped
  }

  public let model: Model
  /// The epoch whose model it is: the last one, or with early stopping the one with the lowest validation error.
  public let modelEpoch: Int
  /// The number of epochs that were carried out, also before the run was resumed.
  public let completedEpochs: Int
  public let ending: Ending
}

extension IterativeAlgorithm {
  public func fit(to input: TrainingInput, seed: Seed, options: RunOptions) throws(TrainingError) -> Model {
    try train(on: input, seed: seed, options: options).model
  }

  /// Learns a model, going on from a checkpoint where one is given. A run that is resumed ends with the same bytes as
  /// one that was never interrupted.
  ///
  /// - Throws: as `train`.
  public func fit(
    to input: TrainingInput, seed: Seed, options: RunOptions, resuming checkpoint: Checkpoint?
  ) throws(TrainingError) -> Model {
    try train(on: input, seed: seed, options: options, resuming: checkpoint).model
  }

  /// As `fit`, and tells how the run ended.
  ///
  /// - Throws: `diverged` with epoch, learning rate and remedy; `cancelled`; `noValidation` where early stopping has
  ///   none; `checkpointMismatch`, naming what differs; what `RunOptions.checkpointing` throws, and what `begin` does.
  public func train(
    on input: TrainingInput, seed: Seed, options: RunOptions = RunOptions(), resuming checkpoint: Checkpoint? = nil
  ) throws(TrainingError) -> TrainingOutcome<Model> {
    var loop = try TrainingLoop(self, input, seed: seed, options: options)
    if let checkpoint { try loop.restore(checkpoint) }
    return try loop.finish()
  }
}
