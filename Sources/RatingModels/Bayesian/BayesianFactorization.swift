import RatingData
import RatingNumerics

/// A Bayesian factorization machine: predictions are averaged over draws of all parameters from their posterior, by Gibbs
/// sampling. No learning rate, no regularization to choose: priors are drawn too.
///
/// A rating has one row on each side: its user u, its item i and, in designs that have them, its day (UTC) and its session
/// (ours: a stretch of `sessionMinutes` of the user). With s the biases and P the factors of a row,
///
///     eta = c + the sum of s over the rating's rows + the sum of P . P over every two of them
///     P(u) = sum of x v        s(u) = sum of x w + (|P(u)|^2 - sum of x^2 |v|^2) / 2
///
/// where the sums go over what makes up the row: its own v and w with x = 1; in designs that say so, those of each of the n
/// items that the user rated, x = n^(-1/2); likewise those of the users who rated the item; and side information
/// (`TrainingInput.userFeatures` and `itemFeatures`). This is a factorization machine over all these features.
///
/// Likelihood `gaussian`: rating ~ N(mu + d eta, d^2 / alpha), mu and d the mean and standard deviation of the training
/// ratings. `ordered-probit`: a latent z ~ N(eta, 1) lies between the cut-points of the rating's star.
///
/// Priors: v_f ~ N(mean_f, 1 / precision_f) and w likewise, for every group and factor f with precision ~ Gamma(1/2, rate
/// 1/2), mean ~ N(0, 1 / precision); alpha ~ Gamma(1/2, 1/2); c ~ N(0, 1); the cut-points as in `OrderedProbit`. With a
/// full covariance, the v of users and of items have a mean vector and a precision matrix (Gaussian-Wishart).
///
/// A sweep draws every row's own w and v jointly, rows in parallel; features of rows that share ratings depend on each
/// other and are drawn one after the other, each with its w and v in blocks of 16. Any scan order leaves the posterior as
/// it is; joint draws need fewer sweeps than one factor after the other. After the first `burnIn` sweeps draws are
/// over-relaxed: with m the conditional mean and L L^T the conditional covariance of a row x,
///
///     x <- m - a (x - m) + (1 - a^2)^(1/2) L z,   z ~ N(0, 1)
///
/// which leaves the same posterior and averages out several times sooner than independent draws (a = 0), because what
/// one sweep draws too high the next one draws too low (Adler 1981).
///
/// Sources: Rendle, "Factorization machines with libFM", ACM TIST 3 (2012), doi:10.1145/2168752.2168771; Rendle, "Scaling
/// factorization machines to relational data", VLDB 2013, doi:10.14778/2535573.2488340; Rendle, Zhang and Koren, "On the
/// difficulty of evaluating baselines", 2019, arXiv:1905.01395; Salakhutdinov and Mnih, "Bayesian probabilistic matrix
/// factorization using Markov chain Monte Carlo", ICML 2008, doi:10.1145/1390156.1390267; Adler, "Over-relaxation method
/// for the Monte Carlo evaluation of the partition function for multiquadratic actions", Physical Review D 23 (1981),
/// doi:10.1103/PhysRevD.23.2901.
public struct BayesianFactorization<Design: BayesianDesign>: RegisteredAlgorithm, IterativeAlgorithm {
  public enum Likelihood: String, Sendable, Codable, CaseIterable {
    /// The rating is the model's number and normal noise.
    case gaussian
    /// The rating is the cell between cut-points in which the model's number and normal noise fall.
    case orderedProbit = "ordered-probit"
  }

  public enum Covariance: String, Sendable, Codable, CaseIterable {
    /// Factors are independent in the prior.
    case diagonal
    /// Users' and items' own factors have a precision matrix.
    case full
  }

  /// The length of the factor vectors, 1...1024.
  public var factors: Int
  /// How often everything is drawn, at least 1.
  public var sweeps: Int
  /// Sweeps that are not averaged, because they still depend on where the chain began; at least 0.
  public var burnIn: Int
  /// Every so many sweeps after these, a sample is kept, and predictions average over the samples kept; 0 chooses by the
  /// size of a sample: the least t for which one has at most 0.5 MiB x t^2.
  public var thinning: Int
  /// Independent chains, each of `sweeps` sweeps, that are drawn in parallel; at least 1.
  public var chains: Int
  public var likelihood: Likelihood
  public var covariance: Covariance
  /// Whether rows have biases.
  public var biases: Bool
  /// The length of a session in minutes, in designs that have sessions, 1...527040.
  public var sessionMinutes: Int
  /// How far rows and features are drawn to the other side of their conditional mean, a in 0...0.99: 0 is plain Gibbs
  /// sampling. From `burnIn` on.
  public var overrelaxation: Double
  /// The standard deviation of the first factors, above 0.
  public var initialStandardDeviation: Double

  public init(
    factors: Int = 10, sweeps: Int = 512, burnIn: Int = 16, thinning: Int = 0, chains: Int = 1,
    likelihood: Likelihood = .gaussian, covariance: Covariance = Design.isMatrixNormal ? .full : .diagonal,
    biases: Bool = !Design.isMatrixNormal, sessionMinutes: Int = 3,
    overrelaxation: Double = 0.95, initialStandardDeviation: Double = 0.1
  ) {
    self.factors = factors
    self.sweeps = sweeps
    self.burnIn = burnIn
    self.thinning = thinning
    self.chains = chains
    self.likelihood = likelihood
    self.covariance = covariance
    self.biases = biases
    self.sessionMinutes = sessionMinutes
    self.overrelaxation = overrelaxation
    self.initialStandardDeviation = initialStandardDeviation
  }

  public init() { self.init(factors: 10) }

  public static var usesSideFeatures: Bool { true }
  public static var usesQuestions: Bool { Design.usersHaveItems || Design.itemsHaveUsers }

  public static var name: String { Design.name }
  public static var summary: String { Design.summary }
  public static var paper: String {
    Design.isMatrixNormal
      ? "Salakhutdinov and Mnih, Bayesian probabilistic matrix factorization using Markov chain Monte Carlo, ICML 2008, "
        + "doi:10.1145/1390156.1390267"
      : "Rendle, Zhang and Koren, On the difficulty of evaluating baselines, 2019, arXiv:1905.01395"
  }
  public static var parameters: [ParameterBinding<Self>] {
    [
      ParameterBinding(
        "factors", \.factors, in: 1...1024, "length of the factor vectors",
        source: "6 to 16 differ little on ml-100k; larger data wants more"),
      ParameterBinding(
        "sweeps", \.sweeps, in: 1...1_000_000, "how often everything is drawn", source: "Rendle, Zhang and Koren (2019)"
      ),
      ParameterBinding(
        "burnIn", \.burnIn, in: 0...1_000_000, "first sweeps that are not averaged",
        source: "the RMSE of single draws is level by then on MovieLens data"),
      ParameterBinding(
        "thinning", \.thinning, in: 0...1_000_000, "sweeps from one sample that is kept to the next; 0 chooses by size",
        source: "all on ml-100k, where one of four costs 0.0005 of RMSE; fewer where models would be large"),
      ParameterBinding("chains", \.chains, in: 1...64, "independent chains", source: "one"),
      ParameterBinding("likelihood", \.likelihood, "what a rating is around the model", source: "fits any scale"),
      ParameterBinding(
        "covariance", \.covariance, "whether users' and items' factors have a precision matrix", source: "the paper's"),
      ParameterBinding("biases", \.biases, "whether users, items and all else have biases", source: "the paper's"),
    ]
      + (Design.hasSessions
        ? [
          ParameterBinding(
            "sessionMinutes", \.sessionMinutes, in: 1...TimeBiasModel.largestSessionMinutes,
            "length of a user's session",
            source: "cross-validation inside ml-100k u1.base: 1 to 3 are equal, 5 and more are worse")
        ] : []) + [
        ParameterBinding(
          "overrelaxation", \.overrelaxation, in: 0...0.99, "how far draws go to the other side of their mean",
          source: "three folds inside ml-100k u1.base: 0.9 to 0.98 are better than less"),
        ParameterBinding(
          "initialStandardDeviation", \.initialStandardDeviation, in: 0...1e3,
          "standard deviation of the first factors",
          source: "Rendle, Zhang and Koren (2019)"),
      ]
  }

  /// - Throws: `missingTimes` where the design has days and the ratings have no times; `invalidParameter` where the
  ///   ordered probit likelihood meets more than 64 different ratings; among others.
  /// - Complexity: O(ratings) time; 8 to 12 bytes for each rating on each side, 4 x factors for each feature, and with
  ///   features 4 x factors^2 for each row.
  public func begin(
    _ input: TrainingInput, seed: Seed, options: RunOptions
  ) throws(TrainingError) -> BayesianRun<Design> {
    try requireValidParameters()
    try input.requireRatings()
    if (Design.hasDays || Design.hasSessions) && !input.ratings.hasTimes { throw .missingTimes(Self.name) }
    return try BayesianRun(self, input, seed: seed, options: options)
  }
}

/// Users and items.
public typealias BayesianMatrixFactorization = BayesianFactorization<BayesianDesigns.MatrixFactorization>
/// Users with the items that they rated, and items.
public typealias BayesianSVDPlusPlus = BayesianFactorization<BayesianDesigns.SVDPlusPlus>
/// Users, items and days.
public typealias BayesianTimeSVD = BayesianFactorization<BayesianDesigns.TimeSVD>
/// Users with the items that they rated, items, and days.
public typealias BayesianTimeSVDPlusPlus = BayesianFactorization<BayesianDesigns.TimeSVDPlusPlus>
/// Users with the items that they rated, items with the users who rated them, and days.
public typealias BayesianTimeSVDPlusPlusFlipped = BayesianFactorization<BayesianDesigns.TimeSVDPlusPlusFlipped>
/// `BayesianTimeSVDPlusPlusFlipped` with sessions of the user.
public typealias BayesianSessions = BayesianFactorization<BayesianDesigns.Sessions>
/// Bayesian probabilistic matrix factorization.
public typealias BPMF = BayesianFactorization<BayesianDesigns.Probabilistic>
