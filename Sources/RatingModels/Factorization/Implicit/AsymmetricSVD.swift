import RatingData
import RatingNumerics

/// Asymmetric SVD: a user is what the user rated, and how; there are no factors of users, by stochastic gradient
/// descent.
///
/// Predicts, with mu the mean and s the standard deviation of the training ratings,
///
///     r(u, i) = mu + s x (b(u) + b(i) + q(i) . w(u))
///     w(u) = |R(u)|^(-1/2) x sum over j in R(u) of (r(u, j) - b(u, j)) / s x c(j) x(j)
///          + |N(u)|^(-1/2) x sum over j in N(u) of c(j) y(j)
///
/// R(u) are the items that u rated in training; N(u) are these, and those of `TrainingInput.questions` where they are
/// given. b(u, j) is the prediction of `DampedBiases` with its defaults, fitted once beforehand. The steps are those of
/// `SVDPlusPlus`, whose c(j) these are, with x(j) beside y(j), at the same rate and regularization, and without p;
/// O(factors) for each rating.
///
/// A new user, or one who rates more, needs no training: the model makes w(u) from the ratings
/// (`AsymmetricFactorModel.userFactors(ofRated:)`). It is a little less accurate than SVD++.
///
/// Source: Koren, "Factorization meets the neighborhood", KDD 2008, doi:10.1145/1401890.1401944, section 4.2.
///
/// Its hyper-parameters are those of `ImplicitDescent`, as if they were its own; `implicitLearningRate`,
/// `implicitRegularization` and `implicitDamping` are for both x and y.
public struct AsymmetricSVD: ImplicitAlgorithm {
  public var descent = ImplicitDescent()

  public init() {}

  public static let name = "asymmetric-svd"
  public static let summary =
    "factorization whose users are the items that they rated, and how: no retraining for new users"
  public static let paper = SVDPlusPlus.paper
  public static var parameters: [ParameterBinding<Self>] {
    parameters(
      of: \.descent,
      documentation: [
        "learningRate": "first epoch's step of the items' factors, in units of the ratings' deviation",
        "implicitLearningRate": "first epoch's step of what rated items add to users",
        "implicitRegularization": "weight of the squared lengths of what rated items add to users",
      ],
      sources: ["as svd++": ["factors", "biasLearningRate", "implicitDamping", "initialStandardDeviation"]])
  }

  /// - Complexity: O(ratings) time and memory, and O((users + items) x factors).
  public func begin(
    _ input: TrainingInput, seed: Seed, options: RunOptions
  ) throws(TrainingError) -> AsymmetricSVDRun {
    try requireValidParameters()
    try input.requireRatings()
    let quiet = RunOptions(threads: options.threads, cancellation: options.cancellation)
    let biases = try DampedBiases().fit(to: TrainingInput(input.ratings), seed: seed, options: quiet)
    return AsymmetricSVDRun(self, input, biases: biases, seed: seed, options: options)
  }
}
