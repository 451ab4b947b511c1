import RatingData
import RatingNumerics

/// Predicts mean + userBias[u] + itemBias[i], with biases damped toward 0.
///
/// Objective, over the training ratings r(u, i), with mu their mean:
///
///     sum of (r(u, i) - mu - b(u) - b(i))^2 + userRegularization x sum of b(u)^2 + itemRegularization x sum of b(i)^2
///
/// A bias is thus a mean residual that counts `regularization` more ratings with residual 0: few ratings say little.
/// The objective is strictly convex where both regularizations are positive, and both solvers go to its one minimum:
///
/// - `alternating` sets all item biases to their optimum, then all user biases: b(i) = sum over its users of
///   (r - mu - b(u)) / (itemRegularization + n(i)). The objective never rises.
/// - `sgd` visits the ratings in random order, with e the rating's error before the step:
///   b(u) += rate x (e - userRegularization / n(u) x b(u)), and the same for the item, at a rate that falls linearly.
///
/// Source: Koren, "Factor in the neighbors", ACM TKDD 4 (2010), section 2.1, doi:10.1145/1644873.1644874.
public struct DampedBiases: RegisteredAlgorithm, IterativeAlgorithm {
  public enum Solver: String, Sendable, Codable, CaseIterable { case alternating, sgd }

  public var solver: Solver
  /// Passes over the ratings, at least 1.
  public var sweeps: Int
  /// At least 0.
  public var userRegularization: Double
  /// At least 0.
  public var itemRegularization: Double
  /// The first sweep's step for `sgd`; `alternating` has none and ignores it.
  public var learningRate: Double

  public init(
    solver: Solver = .alternating, sweeps: Int = 20, userRegularization: Double = 5, itemRegularization: Double = 3,
    learningRate: Double = 0.02
  ) {
    self.solver = solver
    self.sweeps = sweeps
    self.userRegularization = userRegularization
    self.itemRegularization = itemRegularization
    self.learningRate = learningRate
  }

  public init() { self.init(solver: .alternating) }

  public static let name = "biases"
  public static let summary = "the mean plus a damped bias for the user and one for the item"
  public static let paper = "Koren, Factor in the neighbors, ACM TKDD 4 (2010), doi:10.1145/1644873.1644874"
  public static var parameters: [ParameterBinding<Self>] {
    let study = "five-fold cross-validation inside ml-100k u1.base (DefaultsStudy)"
    return [
      ParameterBinding(
        "solver", \.solver, "how the objective is minimized", source: "exact and without a rate to tune"),
      ParameterBinding(
        "sweeps", \.sweeps, in: 1...100_000, "passes over the ratings",
        source: "the alternating solver has converged to 1e-6 by then on ml-100k"),
      ParameterBinding(
        "userRegularization", \.userRegularization, in: 0...1e6, "ratings of residual 0 that each user counts more",
        source: study),
      ParameterBinding(
        "itemRegularization", \.itemRegularization, in: 0...1e6, "ratings of residual 0 that each item counts more",
        source: study),
      ParameterBinding(
        "learningRate", \.learningRate, in: 0...1e6, "the first sweep's step of the solver sgd", source: study),
    ]
  }

  /// - Complexity: O(ratings) time and memory.
  public func begin(
    _ input: TrainingInput, seed: Seed, options: RunOptions
  ) throws(TrainingError) -> BiasRun {
    try requireValidParameters()
    try input.requireRatings()
    return BiasRun(self, input.ratings, seed: seed, options: options)
  }
}
