/// Why there is no model: what went wrong and what to do about it.
public struct TrainingError: Error, Sendable, CustomStringConvertible {
  public enum Code: String, Sendable, Hashable {
    case emptyTrainingData = "empty-training-data"
    case diverged
    case cancelled
    case unknownAlgorithm = "unknown-algorithm"
    case unknownParameter = "unknown-parameter"
    case invalidParameter = "invalid-parameter"
    case noValidation = "no-validation"
    case missingTimes = "missing-times"
    case checkpointMismatch = "checkpoint-mismatch"
    case checkpointNotWritten = "checkpoint-not-written"
    case notEnoughMemory = "not-enough-memory"
  }

  public let code: Code
  /// What was found, and what was expected.
  public let message: String
  /// What to do about it.
  public let remedy: String
  /// The number of epochs that were complete when the run ended; nil where none had begun.
  public internal(set) var completedEpochs: Int?
  /// The model after those epochs, or with early stopping the best one among them, where
  /// `RunOptions.keepsLastGoodModel` asked for it and one was complete.
  public internal(set) var lastGoodModel: (any RatingModel)?
  /// The epoch of `lastGoodModel`.
  public internal(set) var lastGoodEpoch: Int?

  public init(_ code: Code, message: String, remedy: String) {
    self.code = code
    self.message = message
    self.remedy = remedy
  }

  public var description: String { "\(message); \(remedy)" }

  static var cancelled: TrainingError {
    TrainingError(.cancelled, message: "training was cancelled", remedy: "run it again to get a model")
  }

  static func diverged(epoch: Int, learningRate: Double?) -> TrainingError {
    let rate = learningRate.map { " at learning rate \($0)" } ?? ""
    return TrainingError(
      .diverged, message: "training diverged in epoch \(epoch)\(rate): the model is no longer finite",
      remedy: learningRate.map { "lower learningRate, for example to \($0 / 4)" }
        ?? "check the training ratings and raise the regularization")
  }
}

extension TrainingInput {
  /// Throws where early stopping has nothing to go by.
  func requireValidationForEarlyStopping() throws(TrainingError) {
    guard earlyStopping != nil, (validation?.count ?? 0) == 0 else { return }
    throw TrainingError(
      .noValidation, message: "early stopping needs validation ratings, and there are none",
      remedy: "hold out a part of the ratings, such as a twentieth of them")
  }

  /// Throws where there is nothing to learn from.
  public func requireRatings() throws(TrainingError) {
    guard ratings.count == 0 else { return }
    throw TrainingError(
      .emptyTrainingData, message: "there are no ratings to learn from",
      remedy: "check the training file, the split and the pairs that were excluded")
  }
}
