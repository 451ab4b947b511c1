import RatingNumerics

/// Confidence intervals for RMSEs, differences and improvements on one test set.
///
///     let rows = try ErrorRows(predictions: [mine, theirs], answers: answers, users: users)
///     let inference = ErrorInference(rows)
///     try inference.interval(for: .rmse(0))              // 0.8865 -+ 0.0231
///     try inference.interval(for: .improvement(0, over: 1))
///
/// By the delta method: a statistic f of mean squared errors deviates from its true value by the mean over rows of
/// psi = f_a (a - mean a) + f_b (b - mean b), with a, b the squared errors of a row and f_a, f_b the derivatives of f. The
/// variance of that mean is
///
/// - where rows are independent: n / (n - 1) sum psi^2 / n^2;
/// - where users are: G / (G - 1) sum over users of (sum of their psi)^2 / n^2;
/// - where rows that share a user or an item are not: V(users) + V(items) - V(rows), for every row is a pair of its own.
///
/// Intervals are estimate -+ t quantile x standard error, with one degree of freedom less than there are clusters (for
/// users and items the smaller number). A difference and an improvement are paired: what both models find hard cancels.
///
/// Sources: Cameron, Gelbach and Miller, "Robust inference with multiway clustering", JBES 29 (2011),
/// doi:10.1198/jbes.2010.07136; Liang and Zeger, Biometrika 73 (1986), doi:10.1093/biomet/73.1.13.
public struct ErrorInference: Sendable {
  /// Squared errors by user.
  public let users: ClusterSums
  /// Squared errors by item, where items are known.
  public let items: ClusterSums?
  /// models x models: the sum over rows of the products of deviations from the mean squared errors.
  private let products: [Double]

  /// - Complexity: O(rows x models^2) time, O(users + items) memory that is kept.
  public init(_ rows: ErrorRows) {
    users = ClusterSums(byUser: rows)
    items = ClusterSums(byItem: rows)
    let models = rows.models
    var products = [Double](repeating: 0, count: models * models)
    for a in 0..<models {
      for b in 0...a {
        let sum = Self.product(rows.squaredErrors[a], users.means[a], rows.squaredErrors[b], users.means[b])
        products[a * models + b] = sum
        products[b * models + a] = sum
      }
    }
    self.products = products
  }

  private static func product(_ a: [Double], _ meanA: Double, _ b: [Double], _ meanB: Double) -> Double {
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        // Four sums, so that an addition need not wait for the one before.
        var sums = (0.0, 0.0, 0.0, 0.0)
        var row = 0
        while row + 4 <= a.count {
          sums.0 += (a[row] - meanA) * (b[row] - meanB)
          sums.1 += (a[row + 1] - meanA) * (b[row + 1] - meanB)
          sums.2 += (a[row + 2] - meanA) * (b[row + 2] - meanB)
          sums.3 += (a[row + 3] - meanA) * (b[row + 3] - meanB)
          row += 4
        }
        while row < a.count {
          sums.0 += (a[row] - meanA) * (b[row] - meanB)
          row += 1
        }
        return (sums.0 + sums.1) + (sums.2 + sums.3)
      }
    }
  }

  public var rows: Int { users.rows }
  public var models: Int { users.models }
  public func rmse(_ model: Int) -> Double { users.value(of: .rmse(model)) }

  /// The correlation of two models' squared errors over rows; nil where one of them is the same on every row.
  public func correlation(_ a: Int, _ b: Int) -> Double? {
    let scale = (products[a * models + a] * products[b * models + b]).squareRoot()
    return scale > 0 ? min(max(products[a * models + b] / scale, -1), 1) : nil
  }

  /// The interval that holds the true value with probability `level`.
  ///
  /// - Parameters:
  ///   - clustering: which rows may depend on each other.
  ///   - level: above 0 and below 1.
  /// - Throws: `too-few-clusters` where there are fewer than 2, or where items are not known and asked for.
  /// - Complexity: O(users), O(users + items), or O(1) for rows taken as independent.
  public func interval(
    for statistic: ErrorStatistic, clustering: Clustering = .users, level: Double = 0.95
  ) throws(EvaluationError) -> ConfidenceInterval {
    precondition(level > 0 && level < 1, "a confidence level is above 0 and below 1, got \(level)")
    let estimate = users.value(of: statistic)
    guard estimate.isFinite else {
      throw EvaluationError(.notANumber, "an improvement over an RMSE of 0 has no value; compare with another baseline")
    }
    let (variance, clusters, isGuarded) = try variance(of: statistic, clustering)
    let error = variance.squareRoot()
    let reach = StudentT(degreesOfFreedom: Double(clusters - 1)).quantile(0.5 + level / 2) * error
    return ConfidenceInterval(
      estimate: estimate, standardError: error, lower: estimate - reach, upper: estimate + reach, level: level,
      method: .delta(clustering), clusters: clusters, rows: rows, isGuarded: isGuarded)
  }

  private func variance(
    of statistic: ErrorStatistic, _ clustering: Clustering
  ) throws(EvaluationError) -> (variance: Double, clusters: Int, isGuarded: Bool) {
    func check(_ count: Int, _ unit: String) throws(EvaluationError) {
      if count < 2 {
        throw EvaluationError(
          .tooFewClusters, "an interval needs at least 2 \(unit), got \(count); how much they differ can't be known")
      }
    }
    func sumsByItem() throws(EvaluationError) -> ClusterSums {
      guard let items else {
        throw EvaluationError(.tooFewClusters, "clustering by item needs the item of every row, and none were given")
      }
      try check(items.count, "items")
      return items
    }
    switch clustering {
    case .none:
      try check(rows, "rows")
      return (rowVariance(of: statistic), rows, false)
    case .users:
      try check(users.count, "users")
      return (users.variance(of: statistic), users.count, false)
    case .items:
      let items = try sumsByItem()
      return (items.variance(of: statistic), items.count, false)
    case .usersAndItems:
      let items = try sumsByItem()
      try check(users.count, "users")
      let byUser = users.variance(of: statistic)
      let byItem = items.variance(of: statistic)
      let both = byUser + byItem - rowVariance(of: statistic)
      let clusters = min(users.count, items.count)
      return both > 0 ? (both, clusters, false) : (max(byUser, byItem), clusters, true)
    }
  }

  /// n / (n - 1) x the sum of psi^2 / n^2, from the products.
  private func rowVariance(of statistic: ErrorStatistic) -> Double {
    let (a, second) = statistic.models
    let means = users.means(for: statistic)
    let slopes = statistic.slopes(means.0, means.1)
    var sum = slopes.first * slopes.first * products[a * models + a]
    if let b = second {
      sum += slopes.second * slopes.second * products[b * models + b]
      sum += 2 * slopes.first * slopes.second * products[a * models + b]
    }
    // Rounding can leave a difference of equal models a little below 0.
    return max(sum, 0) / (Double(rows - 1) * Double(rows))
  }

  /// The smallest true value that a test set of this size finds to differ from 0 with probability `power`:
  /// (t quantile of 1 - alpha / 2 + t quantile of power) x standard error.
  ///
  /// - Parameters:
  ///   - power: how likely it is to be found, usually 0.8.
  ///   - alpha: how likely a difference is found where there is none, usually 0.05.
  /// - Throws: as `interval`.
  public func smallestDetectable(
    _ statistic: ErrorStatistic, clustering: Clustering = .users, power: Double = 0.8, alpha: Double = 0.05
  ) throws(EvaluationError) -> Double {
    precondition(power > 0 && power < 1, "a power is above 0 and below 1, got \(power)")
    precondition(alpha > 0 && alpha < 1, "an alpha is above 0 and below 1, got \(alpha)")
    let (variance, clusters, _) = try variance(of: statistic, clustering)
    let t = StudentT(degreesOfFreedom: Double(clusters - 1))
    return (t.quantile(1 - alpha / 2) + t.quantile(power)) * variance.squareRoot()
  }
}
