import RatingNumerics

/// The state of a run between two epochs: enough to go on with the same recipe, seed and ratings, to the same bytes.
public struct Checkpoint: Sendable, Hashable {
  public let completedEpochs: Int
  public let seed: Seed
  /// What the run has learned so far.
  public let tensors: [Tensor]

  public init(completedEpochs: Int, seed: Seed, tensors: [Tensor]) {
    self.completedEpochs = completedEpochs
    self.seed = seed
    self.tensors = tensors
  }

  /// Throws where this can't be a checkpoint of a run of `epochs` epochs from `seed` that would itself write tensors of
  /// the names, types and shapes of `expected`.
  func check(epochs: Int, seed: Seed, like expected: [Tensor]) throws(TrainingError) {
    func mismatch(_ message: String) -> TrainingError {
      TrainingError(
        .checkpointMismatch, message: message,
        remedy: "resume with the algorithm, parameters, seed and ratings that the checkpoint was made with")
    }
    guard self.seed == seed else { throw mismatch("the checkpoint has seed \(self.seed), the run has \(seed)") }
    guard (0...epochs).contains(completedEpochs) else {
      throw mismatch("the checkpoint stands at epoch \(completedEpochs), the run has \(epochs)")
    }
    let found = tensors.map(\.signature)
    guard found == expected.map(\.signature) else {
      throw mismatch("the checkpoint holds \(found), the run needs \(expected.map(\.signature))")
    }
    for tensor in tensors where !tensor.isFinite {
      throw mismatch("the checkpoint's \(tensor.name) has values that are not finite")
    }
  }
}
