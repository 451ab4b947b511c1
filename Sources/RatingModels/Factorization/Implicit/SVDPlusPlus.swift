import RatingData
import RatingNumerics

/// SVD++: matrix factorization that also learns from who rated what, by stochastic gradient descent.
///
/// Predicts, with mu the mean and s the standard deviation of the training ratings,
///
///     r(u, i) = mu + s x (b(u) + b(i) + q(i) . (p(u) + |N(u)|^(-1/2) x sum over j in N(u) of c(j) y(j)))
///     c(j) = (m(j) / (m(j) + implicitDamping))^(1/2)
///
/// N(u) are the items that u rated in training, whatever the rating, and those of `TrainingInput.questions` where they
/// are given; m(j) counts the users u with j in N(u). c(j) is ours: without it (`implicitDamping` 0) an item that few
/// users rated stands for these users, who are then learned by heart. Learning happens in units of s, so that the same
/// settings suit any rating scale.
///
/// The step for one rating with error e, all with the values from before it, w(u) being the sum in parentheses:
///
///     p(u) += rate x (e x q(i) - regularization x p(u))
///     q(i) += rate x (e x w(u) - itemRegularization x q(i))
///     y(j) += implicitRate x (e x |N(u)|^(-1/2) x c(j) x q(i) - implicitRegularization x y(j))    for every j in N(u)
///     b(u) += biasRate x (e - biasRegularization / n(u) x b(u))                            b(i) likewise
///
/// where n counts the training ratings of the user or item; a bias is thus damped as by `biasRegularization` more
/// ratings without a residual. (The biases' decay is taken implicitly, so that it can't overshoot, and their rate is
/// at least 1 / (n + biasRegularization), so that those of few ratings arrive too.)
///
/// All y(j) of a user move in parallel, so their sum is followed as one more vector while the user's ratings pass, and
/// the y(j) take their steps once, at the end: the same numbers up to rounding, at a cost of O(factors) for each rating
/// instead of O(|N(u)| x factors). The ratings are therefore visited user by user, the users in a new random order in
/// each epoch, on one thread.
///
/// Source: Koren, "Factorization meets the neighborhood", KDD 2008, doi:10.1145/1401890.1401944, section 4.1.
///
/// Its hyper-parameters are those of `ImplicitDescent`, as if they were its own, and one more.
public struct SVDPlusPlus: ImplicitAlgorithm {
  public var descent = ImplicitDescent()
  /// The weight of the squared lengths of the users' own factors p for each rating, at least 0.
  public var regularization = 0.12

  public init() {}

  public static let name = "svd++"
  public static let summary = "biased-mf whose users are also what they rated, whatever the rating"
  public static let paper =
    "Koren, Factorization meets the neighborhood, KDD 2008, doi:10.1145/1401890.1401944"
  public static var parameters: [ParameterBinding<Self>] {
    let own = ParameterBinding<Self>(
      "regularization", \.regularization, in: 0...1e6, "weight of the users' squared lengths for each rating",
      source: "five-fold cross-validation inside ml-100k u1.base (DefaultsStudy)")
    let shared = parameters(of: \.descent)
    let place = shared.firstIndex { $0.parameter.name == "itemRegularization" }!
    return shared[..<place] + [own] + shared[place...]
  }

  /// - Complexity: O(ratings) time and memory, and O((users + items) x factors).
  public func begin(
    _ input: TrainingInput, seed: Seed, options: RunOptions
  ) throws(TrainingError) -> SVDPlusPlusRun {
    try requireValidParameters()
    try input.requireRatings()
    return SVDPlusPlusRun(self, input, seed: seed, options: options)
  }
}
