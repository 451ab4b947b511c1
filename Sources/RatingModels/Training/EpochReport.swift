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
  /// With early stopping, the epoch with the lowest validation error so far.
  public var bestEpoch: Int?
  /// The learning rate of this epoch; nil for algorithms without one.
  public var learningRate: Double?
  /// Wall time of the epoch, without validation.
  public var seconds: Double
  /// Training ratings visited in the epoch.
  public var ratings: Int
  /// An estimate of the wall time that the remaining epochs take, by the mean of those of this run so far, validation
  /// and checkpoints included. Early stopping may end the run sooner.
  public var secondsLeft: Double

  /// Training ratings for each second.
  public var ratingsPerSecond: Double { seconds > 0 ? Double(ratings) / seconds : 0 }
}

/// What a run does after an epoch.
public enum Control: Sendable, Hashable {
  /// Goes on to the next epoch.
  case proceed
  /// Ends with the model as it is, or with early stopping the best one.
  case stopAndKeep
}
