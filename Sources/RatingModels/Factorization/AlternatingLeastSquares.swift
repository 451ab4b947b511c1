import RatingData
import RatingNumerics

/// Matrix factorization with biases, learned by alternating least squares: all items given the users, then all users
/// given the items, each row exactly.
///
/// Predicts r(u, i) = mu + s x (b(u) + b(i) + p(u) . q(i)), where mu is the mean and s the standard deviation of the
/// training ratings: learning happens in units of s, so that the same settings suit any rating scale.
///
/// Objective, with e(u, i) the error in units of s, and v(n) (`biasWeighting`) and w(n) (`weighting`) each n, its square
/// root or 1 for a user or item of n ratings:
///
///     sum over ratings of e(u, i)^2
///     + sum over users and items of [ v(n) x biasRegularization x b^2 + w(n) x regularization x |factors|^2 ]
///
/// A row's bias and factors are solved for together: with y what the other side's biases leave of its ratings, and q the
/// other side's factors,
///
///     (sum of q q^T - s s^T / d + w x regularization x 1) p = sum of y q - s x (sum of y) / d
///     b = (sum of y - s . p) / d,      s = sum of q, d = n + v x biasRegularization
///
/// so each half of a sweep is exact, and the objective never rises. With the solver `conjugate-gradient` each row takes
/// some steps toward that solution from its last values instead: cheaper where there are many factors.
///
/// The users' factors begin as draws from a normal distribution; those without training ratings are 0. The model is the
/// same bytes for any number of threads, on any instruction set: rows are independent of each other, and all arithmetic
/// has a fixed order.
///
/// Sources: Zhou, Wilkinson, Schreiber and Pan, "Large-scale parallel collaborative filtering for the Netflix Prize",
/// AAIM 2008, doi:10.1007/978-3-540-68880-8_32; for the steps by conjugate gradients: Takacs, Pilaszy and Tikk,
/// "Applications of the conjugate gradient method for implicit feedback collaborative filtering", RecSys 2011,
/// doi:10.1145/2043932.2043987.
public struct AlternatingLeastSquares: RegisteredAlgorithm, IterativeAlgorithm {
  /// How a row's least squares problem is solved.
  public enum Solver: String, Sendable, Codable, CaseIterable {
    /// By Cholesky factorization of the normal equations: n x factors^2 / 2 + factors^3 / 6 multiplications.
    case exact
    /// By conjugate gradients from the row's last values: 2 x (steps + 1) x n x factors multiplications.
    case conjugateGradient = "conjugate-gradient"
  }

  /// Whether rows have a bias.
  public enum Biases: String, Sendable, Codable, CaseIterable {
    /// Solved for together with the factors.
    case joint
    /// None: r = mu + s x p . q.
    case none
  }

  /// The length of the factor vectors, 1...4096. An exact sweep costs time in proportion to its square.
  public var factors: Int
  /// Passes over the ratings, at least 1. Each solves all items, then all users.
  public var sweeps: Int
  /// The weight of the factors' squared lengths; at least 0.
  public var regularization: Double
  /// The weight of the squared biases; at least 0.
  public var biasRegularization: Double
  /// What `regularization` is multiplied by for each row: its number of ratings, the root of that, or 1.
  public var weighting: RidgeWeighting
  /// What `biasRegularization` is multiplied by for each row.
  public var biasWeighting: RidgeWeighting
  public var biases: Biases
  public var solver: Solver
  /// The steps for each row of the solver `conjugateGradient`, at least 1; the exact solver has none and ignores it.
  public var conjugateGradientSteps: Int
  /// The standard deviation of the users' first factors, in units of the square root of s; not 0 where factors are to be
  /// learned.
  public var initialStandardDeviation: Double

  /// The defaults were chosen by five-fold cross-validation inside `u1.base` of MovieLens 100K (`DefaultsStudy` in
  /// the tests runs it again).
  public init(
    factors: Int = 64, sweeps: Int = 10, regularization: Double = 1.2, biasRegularization: Double = 0.6,
    weighting: RidgeWeighting = .squareRoot, biasWeighting: RidgeWeighting = .squareRoot, biases: Biases = .joint,
    solver: Solver = .exact,
    conjugateGradientSteps: Int = 3, initialStandardDeviation: Double = 0.1
  ) {
    self.factors = factors
    self.sweeps = sweeps
    self.regularization = regularization
    self.biasRegularization = biasRegularization
    self.weighting = weighting
    self.biasWeighting = biasWeighting
    self.biases = biases
    self.solver = solver
    self.conjugateGradientSteps = conjugateGradientSteps
    self.initialStandardDeviation = initialStandardDeviation
  }

  public init() { self.init(factors: 64) }

  public static let name = "als"
  public static let summary = "biases plus the product of user and item factors, by alternating least squares"
  public static let paper =
    "Zhou, Wilkinson, Schreiber and Pan, Large-scale parallel collaborative filtering for the Netflix Prize, AAIM 2008, "
    + "doi:10.1007/978-3-540-68880-8_32"
  public static var parameters: [ParameterBinding<Self>] {
    let study = "five-fold cross-validation inside ml-100k u1.base (DefaultsStudy)"
    return [
      ParameterBinding(
        "factors", \.factors, in: 1...BiasedMatrixFactorization.largestFactors, "length of the factor vectors",
        source: "a whole number of vector registers; more than 32 differ little on ml-100k"),
      ParameterBinding("sweeps", \.sweeps, in: 1...100_000, "passes over the ratings", source: study),
      ParameterBinding(
        "regularization", \.regularization, in: 0...1e6, "weight of the factors' squared lengths", source: study),
      ParameterBinding(
        "biasRegularization", \.biasRegularization, in: 0...1e6, "weight of the squared biases", source: study),
      ParameterBinding(
        "weighting", \.weighting, "what regularization is multiplied by: a row's number of ratings, its root, or 1",
        source: study),
      ParameterBinding(
        "biasWeighting", \.biasWeighting, "what biasRegularization is multiplied by, likewise", source: study),
      ParameterBinding("biases", \.biases, "whether users and items have biases", source: study),
      ParameterBinding("solver", \.solver, "how a row is solved", source: "exact, and fast up to some 128 factors"),
      ParameterBinding(
        "conjugateGradientSteps", \.conjugateGradientSteps, in: 1...1000, "steps of the solver conjugate-gradient",
        source: "the range that Takacs, Pilaszy and Tikk (2011) found enough"),
      ParameterBinding(
        "initialStandardDeviation", \.initialStandardDeviation, in: 0...1e3,
        "standard deviation of the users' first factors", source: study),
    ]
  }

  /// - Complexity: O(ratings) time and memory, and O((users + items) x factors).
  public func begin(
    _ input: TrainingInput, seed: Seed, options: RunOptions
  ) throws(TrainingError) -> AlternatingLeastSquaresRun {
    try requireValidParameters()
    try input.requireRatings()
    return AlternatingLeastSquaresRun(self, input.ratings, seed: seed, options: options)
  }

  var rowSolver: RowSolver {
    RowSolver(
      regularization: regularization, biasRegularization: biasRegularization, weighting: weighting,
      biasWeighting: biasWeighting, solvesBiases: biases == .joint,
      method: solver == .exact ? .exact : .conjugateGradient(steps: conjugateGradientSteps))
  }
}
