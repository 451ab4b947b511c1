import RatingData
import RatingNumerics

/// A recipe for a model: hyper-parameters and nothing else. Fitting it to ratings makes a model, which is another type,
/// so that a prediction before the fit can't be written.
public protocol RatingAlgorithm: Sendable, Codable {
  associatedtype Model: RatingModel

  /// Learns a model.
  ///
  /// The same input and seed give the same bytes, whatever the options.
  ///
  /// - Throws: `TrainingError`, among others where there are no ratings.
  func fit(to input: TrainingInput, seed: Seed, options: RunOptions) throws(TrainingError) -> Model
}

extension RatingAlgorithm {
  /// Learns a model with the options' defaults.
  public func fit(to input: TrainingInput, seed: Seed) throws(TrainingError) -> Model {
    try fit(to: input, seed: seed, options: RunOptions())
  }

  /// Learns a model from ratings alone: `try DampedBiases().fit(to: split.train, seed: 1)`.
  public func fit(
    to ratings: RatingDataset, seed: Seed, options: RunOptions = RunOptions()
  ) throws(TrainingError) -> Model {
    try fit(to: TrainingInput(ratings), seed: seed, options: options)
  }
}
