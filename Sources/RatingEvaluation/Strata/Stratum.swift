import RatingNumerics

/// Rows that have something in common, such as a user with few ratings in training, and the error on them.
public struct Stratum: Sendable, Hashable {
  /// What the rows have in common, in words: `10-29`, `4`, `1998-04`.
  public let label: String
  /// The exact error sums over the rows.
  public let sums: ErrorSums
  /// The part of the sum of squared errors of all rows that lies here, 0...1; 0 where no row has an error.
  public let shareOfSquaredError: Double
  /// The part of all rows that lies here, 0...1.
  public let shareOfRows: Double

  init(label: String, sums: ErrorSums, of total: ErrorSums) {
    self.label = label
    self.sums = sums
    shareOfSquaredError = sums.shareOfSquares(in: total)
    shareOfRows = Double(sums.count) / Double(total.count)
  }

  /// The number of rows, at least 1.
  public var count: Int { sums.count }
  public var rmse: Double { sums.rmse }
  public var mae: Double { sums.mae }
  /// The mean of prediction - answer: positive where predictions are too high.
  public var bias: Double { sums.bias }
}

/// All rows, told apart by one property.
///
/// The strata depend on the answers and on the training ratings, never on the predictions: those of two submissions for
/// the same answers are the same rows, in the same order, and can be compared one by one.
public struct StratumGroup: Sendable, Hashable {
  public enum Property: String, Sendable, Hashable, CaseIterable {
    /// By the number of ratings that the user has in training.
    case userActivity = "user-activity"
    /// By the number of ratings that the item has in training.
    case itemActivity = "item-activity"
    /// By whether the user and the item have ratings in training.
    case coldStart = "cold-start"
    /// By the true rating.
    case rating
    /// By when the rating was given.
    case time
  }

  public let property: Property
  /// A heading, such as `ratings of the user in training`.
  public let title: String
  /// Those that have rows, in the order of the property. Their counts add up to all rows, their shares to 1.
  public let strata: [Stratum]
}
