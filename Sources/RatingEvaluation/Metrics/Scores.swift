import RatingNumerics

/// How accurate predictions are on one set of rows: as they are, and, where the rating scale is known, with those
/// outside it moved to its nearest bound.
///
/// Prizes are judged on the unclipped figures: clipping is the contestant's business.
public struct Scores: Sendable, Hashable {
  /// The exact sums over the predictions as they are.
  public let unclipped: ErrorSums
  /// The exact sums over the clipped predictions; nil where no scale is known.
  public let clipped: ErrorSums?

  /// - Throws: `no-rows` where the sums are over no rows, `lengths-differ` where the two are over different numbers.
  public init(unclipped: ErrorSums, clipped: ErrorSums? = nil) throws(EvaluationError) {
    guard unclipped.count > 0 else {
      throw EvaluationError(.noRows, "there are no rows, and nothing has no score")
    }
    if let clipped, clipped.count != unclipped.count {
      throw EvaluationError(
        .lengthsDiffer,
        "clipped and unclipped scores are over the same rows, got \(clipped.count) and \(unclipped.count)")
    }
    self.unclipped = unclipped
    self.clipped = clipped
  }

  /// The number of rows.
  public var count: Int { unclipped.count }
  /// The root mean squared error, the nearest Double to it.
  public var rmse: Double { unclipped.rmse }
  /// The mean squared error.
  public var mse: Double { unclipped.mse }
  /// The mean absolute error.
  public var mae: Double { unclipped.mae }
  /// The mean of prediction - answer: positive where predictions are too high.
  public var bias: Double { unclipped.bias }
  /// The RMSE of the clipped predictions.
  public var rmseClipped: Double? { clipped?.rmse }
  /// The MAE of the clipped predictions.
  public var maeClipped: Double? { clipped?.mae }

  /// The RMSE rounded half up, decided in whole numbers; see `ErrorSums.roundedRMSE(decimals:)`.
  public func roundedRMSE(decimals: Int = PrizeCriterion.defaultDecimals) -> PrizeDecimal {
    unclipped.roundedRMSE(decimals: decimals)
  }
}

extension Scores: CustomStringConvertible {
  /// `RMSE 0.903696 (clipped 0.903696), MAE 0.766667, 3 rows`.
  public var description: String {
    let clippedText = clipped.map { " (clipped \($0.roundedRMSE(decimals: 6)))" } ?? ""
    return "RMSE \(unclipped.roundedRMSE(decimals: 6))\(clippedText), MAE \(unclipped.roundedMAE(decimals: 6)), "
      + "\(count) \(count == 1 ? "row" : "rows")"
  }
}
