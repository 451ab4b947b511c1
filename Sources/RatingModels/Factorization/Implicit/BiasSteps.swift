/// The steps of users' and items' biases in one epoch, by how many training ratings they have.
///
/// A bias of few ratings would still be near 0 when the epochs are over: its rate is therefore at least what
/// its exact optimum, given all else, would take. On data of many items with few ratings each (Epinions) the model
/// would otherwise be worse than its biases alone.
struct BiasSteps {
  private let share: Float
  private let usual: Float
  private let regularization: Float

  /// - Parameters:
  ///   - rate: of the first epoch.
  ///   - regularization: ratings without a residual that each bias counts more.
  ///   - share: what is left of the rates in this epoch, 0...1.
  init(rate: Double, regularization: Double, share: Double) {
    self.share = Float(share)
    usual = Float(rate * share)
    self.regularization = Float(regularization)
  }

  /// The rate of a bias of so many ratings; 0 where biases are not learned.
  func rate(_ count: Int) -> Float {
    usual == 0 ? 0 : max(usual, share / (Float(max(count, 1)) + max(regularization, 1)))
  }

  /// What the decay of one step leaves: 1 / (1 + rate x regularization / count).
  func keep(_ count: Int) -> Float { 1 / (1 + rate(count) * regularization / Float(max(count, 1))) }
}
