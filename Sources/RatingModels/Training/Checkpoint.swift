import RatingNumerics

/// The state of a run between two epochs: enough to go on with the same recipe, seed and ratings, to the same bytes.
public struct Checkpoint: Sendable, Hashable {
  public let completedEpochs: Int
  public let seed: Seed
  /// What the run has learned so far.
  public let tensors: [Tensor]
  /// What early stopping knows, where the run has it. The training loop's, not the run's.
  var stopping: StoppingState?

  public init(completedEpochs: Int, seed: Seed, tensors: [Tensor]) {
    self.completedEpochs = completedEpochs
    self.seed = seed
    self.tensors = tensors
  }

  /// Throws where this can't be a checkpoint of a run of `epochs` epochs from `seed` that would itself write tensors of
  /// the names, types and shapes of `expected`.
  func check(epochs: Int, seed: Seed, like expected: [Tensor]) throws(TrainingError) {
    guard self.seed == seed else {
      throw .checkpointMismatch("the checkpoint has seed \(self.seed), the run has \(seed)")
    }
    guard (0...epochs).contains(completedEpochs) else {
      throw .checkpointMismatch("the checkpoint stands at epoch \(completedEpochs), the run has \(epochs)")
    }
    let found = tensors.map(\.signature)
    guard found == expected.map(\.signature) else {
      throw .checkpointMismatch("the checkpoint holds \(found), the run needs \(expected.map(\.signature))")
    }
    for tensor in tensors where !tensor.isFinite {
      throw .checkpointMismatch("the checkpoint's \(tensor.name) has values that are not finite")
    }
  }

  /// The tensors in the order of these names, others behind them: a file keeps them in an order of its own.
  func ordered(like names: [String]) -> Checkpoint {
    var rest = tensors
    var ordered: [Tensor] = []
    for name in names {
      if let index = rest.firstIndex(where: { $0.name == name }) { ordered.append(rest.remove(at: index)) }
    }
    var checkpoint = Checkpoint(completedEpochs: completedEpochs, seed: seed, tensors: ordered + rest)
    checkpoint.stopping = stopping
    return checkpoint
  }
}

extension TrainingError {
  static func checkpointMismatch(_ message: String) -> TrainingError {
    TrainingError(
      .checkpointMismatch, message: message,
      remedy: "resume with the algorithm, parameters, seed and ratings that the checkpoint was made with")
  }
}

/// When the state of an iterative run is saved, and how.
///
/// The state is saved once after the last epoch, and where the run is cancelled, that of the last complete epoch; for
/// that a copy of it is kept in memory. A run that diverges saves nothing more: resumed, it would diverge again.
public struct Checkpointing: Sendable {
  public enum Interval: Sendable, Hashable {
    /// After every so many epochs, at least 1.
    case epochs(Int)
    /// After the first epoch that ends so many seconds after the last save, at least 0.
    case seconds(Double)
  }

  public var interval: Interval
  /// Called between two epochs, on the thread that called `fit`. An error ends the run.
  public var save: @Sendable (Checkpoint) throws(TrainingError) -> Void

  /// - Parameter interval: the default, half a minute, loses little work and costs little time.
  /// - Precondition: the interval is at least 1 epoch, or at least 0 seconds.
  public init(
    every interval: Interval = .seconds(30), save: @escaping @Sendable (Checkpoint) throws(TrainingError) -> Void
  ) {
    switch interval {
    case .epochs(let epochs): precondition(epochs >= 1, "checkpoints need at least 1 epoch between, got \(epochs)")
    case .seconds(let seconds):
      precondition(seconds >= 0, "checkpoints need at least 0 seconds between, got \(seconds)")
    }
    self.interval = interval
    self.save = save
  }

  /// Whether it is time to save again, so long and so many epochs after the last time.
  func isDue(epochs: Int, seconds: Double) -> Bool {
    switch interval {
    case .epochs(let wanted): epochs >= wanted
    case .seconds(let wanted): seconds >= wanted
    }
  }
}
