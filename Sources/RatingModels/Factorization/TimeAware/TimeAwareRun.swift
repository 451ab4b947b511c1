/// A run of `TimeBiases` or `TimeSVDPlusPlus`.
public struct TimeAwareRun<Model: RatingModel>: TrainingRun {
  private var descent: TimedDescent
  private let makeModel: (TimedDescent) -> Model

  init(_ descent: TimedDescent, _ makeModel: @escaping (TimedDescent) -> Model) {
    (self.descent, self.makeModel) = (descent, makeModel)
  }

  public var epochs: Int { descent.state.epochs }
  public var completedEpochs: Int { descent.state.completedEpochs }
  public mutating func step() throws(TrainingError) -> EpochResult { try descent.step() }
  /// - Complexity: O((ratings + users + items) x factors + items x bins + sessions).
  public func model() -> Model { makeModel(descent) }
  public func checkpoint() -> Checkpoint { descent.state.checkpoint }
  public mutating func restore(_ checkpoint: Checkpoint) throws(TrainingError) {
    try descent.state.restore(checkpoint)
  }
}
