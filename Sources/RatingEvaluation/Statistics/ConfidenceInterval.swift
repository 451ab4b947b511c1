import RatingNumerics

/// How rows may depend on each other, which is what a standard error hangs on.
public enum Clustering: String, Sendable, Hashable, CaseIterable {
  /// Not at all. Wrong for ratings: it understates the standard error of an RMSE about twofold.
  case none
  /// Rows of one user in any way, rows of different users not at all. The usual choice.
  case users
  /// Rows of one item in any way, rows of different items not at all.
  case items
  /// Rows that share a user or an item in any way.
  case usersAndItems = "users-and-items"
}

/// How an interval was made.
public enum IntervalMethod: Sendable, Hashable, CustomStringConvertible {
  /// Estimate -+ t quantile x standard error, by the delta method.
  case delta(Clustering)
  /// Quantiles of the replicates of a bootstrap over users.
  case percentile(UserBootstrap.Scheme)
  /// The same, with their levels corrected for bias and skewness.
  case bca(UserBootstrap.Scheme)
  /// Estimate -+ t quantile x standard error over the folds of a cross-validation, corrected for their overlap.
  case resampledT

  /// `delta method, clustered by users`, `BCa, 10000 multinomial bootstraps over users`, ...
  public var description: String {
    switch self {
    case .delta(.none): "delta method, rows taken as independent"
    case .delta(.users): "delta method, clustered by user"
    case .delta(.items): "delta method, clustered by item"
    case .delta(.usersAndItems): "delta method, clustered by user and by item"
    case .percentile(let scheme): "percentiles of a \(scheme.rawValue) bootstrap over users"
    case .bca(let scheme): "BCa, \(scheme.rawValue) bootstrap over users"
    case .resampledT: "corrected resampled t over folds"
    }
  }
}

/// An estimate and the interval that holds the true value with a given probability.
///
/// The truth is what the same model would reach on endlessly many such users (or rows): the interval says how far a test
/// set of this size may be off, not how the figure would vary with another training seed.
public struct ConfidenceInterval: Sendable, Hashable {
  public var estimate: Double
  public var standardError: Double
  public var lower: Double
  public var upper: Double
  /// The probability, such as 0.95.
  public var level: Double
  public var method: IntervalMethod
  /// The number of independent units: users, items, the smaller of the two where both count, rows or folds.
  public var clusters: Int
  /// The number of rows.
  public var rows: Int
  /// Whether the variance by users and items came out at 0 or below, as the difference of estimates can, and the larger of
  /// the two one-way variances stands in its place.
  public var isGuarded = false

  package init(
    estimate: Double, standardError: Double, lower: Double, upper: Double, level: Double, method: IntervalMethod,
    clusters: Int, rows: Int, isGuarded: Bool = false
  ) {
    self.estimate = estimate
    self.standardError = standardError
    self.lower = lower
    self.upper = upper
    self.level = level
    self.method = method
    self.clusters = clusters
    self.rows = rows
    self.isGuarded = isGuarded
  }

  /// Whether a value lies strictly inside, so that the data doesn't tell on which side of it the truth is.
  public func straddles(_ value: Double) -> Bool { lower < value && value < upper }

  /// What the t quantiles of the delta method are taken with: one less than there are clusters.
  public var degreesOfFreedom: Double { Double(clusters - 1) }

  /// The probability that the true value is at least `target`: P(T <= (estimate - target) / standardError).
  ///
  /// A normal (t) approximation that takes every true value as equally likely beforehand. It knows nothing of how many
  /// submissions were tried on the same answers: the best of many is too good by luck.
  public func probability(atLeast target: Double) -> Double {
    if standardError == 0 { return estimate >= target ? 1 : 0 }
    return StudentT(degreesOfFreedom: degreesOfFreedom).cumulative((estimate - target) / standardError)
  }

  /// The p-value of the hypothesis that the true value is `value`, two-sided; never 0.
  public func pValue(of value: Double = 0) -> Double {
    if standardError == 0 { return estimate == value ? 1 : Double.leastNormalMagnitude }
    let tail = StudentT(degreesOfFreedom: degreesOfFreedom).upperTail(abs(estimate - value) / standardError)
    return min(max(2 * tail, .leastNormalMagnitude), 1)
  }
}
