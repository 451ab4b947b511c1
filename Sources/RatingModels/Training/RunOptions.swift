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

  public init(
    threads: Int? = nil, cancellation: CancellationFlag? = nil, keepsLastGoodModel: Bool = false,
    onEpoch: (@Sendable (EpochReport) -> Control)? = nil
  ) {
    precondition(threads.map { $0 >= 1 } ?? true, "a run needs at least 1 thread, got \(threads ?? 0)")
    self.threads = threads
    self.cancellation = cancellation
    self.keepsLastGoodModel = keepsLastGoodModel
    self.onEpoch = onEpoch
  }
}

/// What a run does after an epoch.
public enum Control: Sendable, Hashable {
  /// Goes on to the next epoch.
  case proceed
  /// Ends with the model as it is: early stopping.
  case stopAndKeep
}

/// What one epoch (one pass over the training ratings) did.
public struct EpochReport: Sendable, Hashable {
  /// From 1.
  public var epoch: Int
  /// The number of epochs that the recipe asks for.
  public var epochs: Int
  /// The error on the training ratings, in units of the rating scale. For stochastic gradient descent every rating is
  /// predicted just before it is learned from; for alternating least squares, after the sweep.
  public var trainingRMSE: Double
  /// The unclipped error on `TrainingInput.validation` after the epoch.
  public var validationRMSE: Double?
  /// The learning rate of this epoch; nil for algorithms without one.
  public var learningRate: Double?
  /// Wall time of the epoch, without validation.
  public var seconds: Double
  /// Training ratings visited in the epoch.
  public var ratings: Int

  /// Training ratings for each second.
  public var ratingsPerSecond: Double { seconds > 0 ? Double(ratings) / seconds : 0 }
}
