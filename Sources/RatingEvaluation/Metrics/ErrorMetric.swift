import RatingData
import RatingNumerics

/// RMSE, MSE, MAE, normalized MAE or bias: a figure of the judge's exact sums (`ErrorSums`).
///
/// O(1) memory, O(rows) time; sums are whole numbers, so rows and shards may come in any order.
public struct ErrorMetric: RatingMetric {
  public enum Figure: Sendable, Hashable {
    /// sqrt(sum d^2 / n), with d = prediction - answer.
    case rmse
    /// sum d^2 / n.
    case mse
    /// sum |d| / n.
    case mae
    /// MAE / (highest - lowest rating of the scale): 0 to 1 where predictions lie on the scale.
    case normalizedMAE(width: Double)
    /// sum d / n: positive where predictions are too high.
    case bias
  }

  public let figure: Figure
  /// The sums so far.
  public private(set) var sums = ErrorSums()

  /// - Precondition: a width is above 0.
  public init(_ figure: Figure) {
    if case .normalizedMAE(let width) = figure { precondition(width > 0, "a scale has a width, got \(width)") }
    self.figure = figure
  }

  public var count: Int { sums.count }

  public mutating func add(_ rows: RowSlice) {
    sums.add(predictions: rows.predictions, answers: rows.answers, count: rows.count)
  }

  /// - Precondition: both are of the same figure.
  public mutating func merge(_ other: ErrorMetric) {
    precondition(figure == other.figure, "\(figure) can't be merged with \(other.figure)")
    sums.merge(other.sums)
  }

  public var value: Double? {
    guard count > 0 else { return nil }
    return switch figure {
    case .rmse: sums.rmse
    case .mse: sums.mse
    case .mae: sums.mae
    case .normalizedMAE(let width): sums.mae / width
    case .bias: sums.bias
    }
  }

  public var quickValue: Double? {
    guard count > 0 else { return nil }
    let rows = Double(count)
    let unit = Double(FixedDecimal.unitsPerOne)
    func squares() -> Double {
      (Double(sums.squaresHigh) * 0x1p128 + Double(sums.squaresLow)) / unit / unit / rows
    }
    return switch figure {
    case .rmse: squares().squareRoot()
    case .mse: squares()
    case .mae: Double(sums.absolute) / unit / rows
    case .normalizedMAE(let width): Double(sums.absolute) / unit / rows / width
    case .bias: Double(sums.signed) / unit / rows
    }
  }
}
