/// How a run is carried out: options that are never saved and may not change its result.
public struct RunOptions: Sendable {
  /// The number of threads to use at most; nil means one for each processor. The result is the same bytes for any.
  public var threads: Int?
  /// Where given, cancelling it ends the run with `TrainingError.Code.cancelled` within a second.
  public var cancellation: CancellationFlag?
  /// Keeps a copy of the model after each epoch, so that the error of a cancelled or diverged run can carry it
  /// (`TrainingError.lastGoodModel`). Costs one copy of the model for each epoch, and the memory of one more.
  public var keepsLastGoodModel: Bool
  /// Called after each epoch of an iterative algorithm, on the thread that called `fit`.
  public var onEpoch: (@Sendable (EpochReport) -> Control)?
  /// Where given, the state of an iterative run is saved now and then, so that a run that is killed can be resumed.
  public var checkpointing: Checkpointing?

  public init(
    threads: Int? = nil, cancellation: CancellationFlag? = nil, keepsLastGoodModel: Bool = false,
    onEpoch: (@Sendable (EpochReport) -> Control)? = nil, checkpointing: Checkpointing? = nil
  ) {
    precondition(threads.map { $0 >= 1 } ?? true, "a run needs at least 1 thread, got \(threads ?? 0)")
    self.threads = threads
    self.cancellation = cancellation
    self.keepsLastGoodModel = keepsLastGoodModel
    self.onEpoch = onEpoch
    self.checkpointing = checkpointing
  }
}
