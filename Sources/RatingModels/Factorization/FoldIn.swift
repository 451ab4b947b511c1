import RatingData
import RatingNumerics

/// How users and items are added to a fitted factor model without training it again: each new row is the exact solution
/// of a regularized least squares problem in which the other side of the model stands still.
///
/// With y = r - mean - bias of the other side, for each of the row's n ratings of a known user or item, and q that one's
/// factors, the row's bias b and factors x minimize, in units of the training ratings' standard deviation,
///
///     sum of (y - b - q . x)^2 + v x biasRegularization x b^2 + w x regularization x |x|^2
///
/// where v and w are each n, its square root or 1.
///
/// That is what training minimizes too, so its settings are the ones to use: `FoldIn(provenance)` takes them from a model
/// file, and `FoldIn(algorithm)` from a recipe.
public struct FoldIn: Sendable, Hashable {
  /// Which rows are added.
  public enum Side: String, Sendable, Hashable, CaseIterable {
    /// Users, given the model's items.
    case users
    /// Items, given the model's users.
    case items
    /// Users, given the model's items, and then items, given all users, the new ones among them.
    case both
  }

  /// What becomes of users and items that the model has learned already, where the ratings name them.
  public enum KnownRows: String, Sendable, Hashable, CaseIterable {
    /// They stay as they are.
    case keep
    /// They are solved again, from the given ratings alone: give all that there are of them.
    case replace
  }

  /// The weight of the factors' squared length, at least 0.
  public var regularization: Double
  /// The weight of the squared bias, at least 0.
  public var biasRegularization: Double
  /// What `regularization` is multiplied by: the row's number of ratings, the root of that, or 1.
  public var weighting: RidgeWeighting
  /// What `biasRegularization` is multiplied by.
  public var biasWeighting: RidgeWeighting
  /// Whether rows have a bias.
  public var biases: AlternatingLeastSquares.Biases

  public init(
    regularization: Double, biasRegularization: Double, weighting: RidgeWeighting,
    biasWeighting: RidgeWeighting, biases: AlternatingLeastSquares.Biases = .joint
  ) {
    self.regularization = regularization
    self.biasRegularization = biasRegularization
    self.weighting = weighting
    self.biasWeighting = biasWeighting
    self.biases = biases
  }

  /// The settings that the recipe learns with.
  public init(_ algorithm: AlternatingLeastSquares) {
    self.init(
      regularization: algorithm.regularization, biasRegularization: algorithm.biasRegularization,
      weighting: algorithm.weighting, biasWeighting: algorithm.biasWeighting, biases: algorithm.biases)
  }

  /// The settings that the recipe learns with: the penalty of factors counts for every rating. Biases, new items' too,
  /// have the penalty that the recipe has for users, however many their ratings; where that is 0, the one for every rating.
  public init(_ algorithm: BiasedMatrixFactorization) {
    let isDamped = algorithm.userBiasDamping > 0
    self.init(
      regularization: algorithm.regularization,
      biasRegularization: isDamped ? algorithm.userBiasDamping : algorithm.biasRegularization, weighting: .count,
      biasWeighting: isDamped ? .plain : .count, biases: algorithm.usesUserBiases ? .joint : .none)
  }

  /// The settings of the recipe that made a saved model.
  ///
  /// - Throws: `unknownAlgorithm` where it is neither `als` nor `biased-mf`, and what `AlgorithmRegistry.algorithm` throws.
  public init(_ provenance: ModelProvenance) throws(TrainingError) {
    let values = provenance.parameters.map { (name: $0.name, text: $0.value) }
    switch provenance.algorithm {
    case AlternatingLeastSquares.name: self.init(try AlternatingLeastSquares.make(values))
    case BiasedMatrixFactorization.name: self.init(try BiasedMatrixFactorization.make(values))
    default:
      throw TrainingError(
        .unknownAlgorithm, message: "users and items can't be folded into a model of \(provenance.algorithm)",
        remedy: "train one of \(AlternatingLeastSquares.name) or \(BiasedMatrixFactorization.name)")
    }
  }

  /// Throws `invalidParameter` where a weight is negative or not finite.
  func requireValid() throws(TrainingError) {
    for (name, value) in [("regularization", regularization), ("biasRegularization", biasRegularization)]
    where !(value.isFinite && value >= 0) {
      throw TrainingError(
        .invalidParameter, message: "\(name) of a fold-in is \(value), expected a number of at least 0",
        remedy: "take the value that the model was trained with")
    }
  }

  /// In the unit of the ratings, for a model whose training ratings had this standard deviation s: the factors of both
  /// sides are then scaled by the square root of s, so that s^2 |p|^2 = s |s^(1/2) p|^2.
  func rowSolver(deviation: Double) -> RowSolver {
    RowSolver(
      regularization: regularization * deviation, biasRegularization: biasRegularization, weighting: weighting,
      biasWeighting: biasWeighting, solvesBiases: biases == .joint, method: .exact)
  }
}

/// A model with rows folded in, and what was done.
public struct FoldInResult<Model: SavableModel>: Sendable {
  public var model: Model
  /// Users that the model had not learned, and has now.
  public var addedUsers = 0
  /// Items that the model had not learned, and has now.
  public var addedItems = 0
  /// Known users that were solved again (`FoldIn.KnownRows.replace`).
  public var replacedUsers = 0
  /// Known items that were solved again.
  public var replacedItems = 0
  /// Ratings that were learned from.
  public var usedRatings = 0
  /// Ratings that were not: of rows that were kept, and of users or items that the other side doesn't know.
  public var ignoredRatings = 0
}
