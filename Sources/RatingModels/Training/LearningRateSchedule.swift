/// How the learning rate changes over the epochs.
public enum LearningRateSchedule: String, Sendable, Codable, CaseIterable {
  /// The same rate in all epochs.
  case constant
  /// From the full rate in the first epoch down in equal steps, so that one more epoch than there are would have 0.
  case linear
  /// The full rate divided by 1 + decay x the number of epochs before this one.
  case inverse
  /// For each user and item a rate of its own: the full rate divided by the root of 1 + the sum, over the steps so far,
  /// of the mean square of its factors' gradient. Who has many ratings, or large errors, then moves less.
  ///
  /// Source: Chin, Zhuang, Juan and Lin, "A learning-rate schedule for stochastic gradient methods to matrix
  /// factorization", PAKDD 2015, doi:10.1007/978-3-319-18038-0_35; after AdaGrad, JMLR 12 (2011) 2121-2159.
  case adaptive

  /// The rate of an epoch, which counts from 1; for `adaptive` the full rate.
  public func rate(_ learningRate: Double, epoch: Int, of epochs: Int, decay: Double = 0.1) -> Double {
    switch self {
    case .constant, .adaptive: learningRate
    case .inverse: learningRate / (1 + decay * Double(epoch - 1))
    case .linear: learningRate * (1 - Double(epoch - 1) / Double(epochs))
    }
  }
}
