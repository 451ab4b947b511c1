/// How the learning rate changes over the epochs.
public enum LearningRateSchedule: String, Sendable, Codable, CaseIterable {
  /// The same rate in all epochs.
  case constant
  /// From the full rate in the first epoch down in equal steps, so that one more epoch than there are would have 0.
  case linear

  /// The rate of an epoch, which counts from 1.
  public func rate(_ learningRate: Double, epoch: Int, of epochs: Int) -> Double {
    switch self {
    case .constant: learningRate
    case .linear: learningRate * (1 - Double(epoch - 1) / Double(epochs))
    }
  }
}
