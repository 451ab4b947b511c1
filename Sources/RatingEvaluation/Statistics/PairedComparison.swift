import RatingNumerics

/// Is model a better than model b, on the same rows?
///
///     let comparison = try PairedComparison(a: squaredErrorsA, b: squaredErrorsB, users: users)
///     try comparison.difference()                 // RMSE a - RMSE b with its 95% interval, clustered by user
///     try comparison.improvement()                // by how many percent a is below b
///     comparison.permutationTest(seed: 1).pValue
///     comparison.wilcoxon.pValue
///
/// Everything is paired: what both models find hard cancels. Two intervals that overlap prove nothing about a difference.
public struct PairedComparison: Sendable {
  public let inference: ErrorInference
  public let a: Int
  public let b: Int

  /// - Parameters:
  ///   - a: squared errors of the first model, row by row.
  ///   - b: those of the second.
  ///   - users: the user of each row; `ErrorRows` says more.
  ///   - items: the item of each row, for `clustering: .usersAndItems`.
  /// - Throws: as `ErrorRows`.
  public init(a: [Double], b: [Double], users: [UInt32], items: [UInt32]? = nil) throws(EvaluationError) {
    self.init(ErrorInference(try ErrorRows(squaredErrors: [a, b], users: users, items: items)), 0, over: 1)
  }

  /// Compares two of the models that an inference is about.
  ///
  /// - Precondition: it is about both.
  public init(_ inference: ErrorInference, _ a: Int, over b: Int) {
    precondition(
      0..<inference.models ~= a && 0..<inference.models ~= b,
      "models \(a) and \(b) are among \(inference.models), counted from 0")
    self.inference = inference
    self.a = a
    self.b = b
  }

  /// RMSE a - RMSE b: negative where a is better.
  ///
  /// - Throws: `too-few-clusters`.
  public func difference(
    clustering: Clustering = .users, level: Double = 0.95
  ) throws(EvaluationError) -> ConfidenceInterval {
    try inference.interval(for: .difference(a, b), clustering: clustering, level: level)
  }

  /// 100 (1 - RMSE a / RMSE b), in percent: positive where a is better.
  ///
  /// - Throws: `too-few-clusters`; `not-a-number` where b makes no error.
  public func improvement(
    clustering: Clustering = .users, level: Double = 0.95
  ) throws(EvaluationError) -> ConfidenceInterval {
    try inference.interval(for: .improvement(a, over: b), clustering: clustering, level: level)
  }

  /// The correlation of the squared errors over rows; nil where one model's never vary.
  public var correlation: Double? { inference.correlation(a, b) }

  /// For each user the sum over its rows of squared error a - squared error b.
  public var differencesOfUsers: [Double] {
    let users = inference.users
    return (0..<users.count).map { users.sum(ofModel: a, inCluster: $0) - users.sum(ofModel: b, inCluster: $0) }
  }

  /// Whether the models could be exchanged user by user: see `SignFlipTest`.
  public func permutationTest(
    replicates: Int = 10_000, seed: Seed, threads: Int? = nil
  ) -> SignFlipTest {
    SignFlipTest(differencesOfUsers, replicates: replicates, seed: seed, threads: threads)
  }

  /// Whether users whom a serves better are as many, and as far ahead, as those whom b does: Wilcoxon's signed-rank test
  /// on the users' differences in mean squared error, each user counting alike.
  public var wilcoxon: WilcoxonSignedRank {
    let differences = differencesOfUsers
    let users = inference.users
    return WilcoxonSignedRank(differences.indices.map { differences[$0] / Double(users.rows(ofCluster: $0)) })
  }
}
