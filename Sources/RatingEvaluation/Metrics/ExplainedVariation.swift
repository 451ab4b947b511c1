import RatingNumerics

/// R2 or explained variance: what part of the answers' variation the predictions account for. 1 is perfect.
///
///     R2                 = 1 - sum d^2 / sum (y - mean y)^2
///     explained variance = 1 - sum (d - mean d)^2 / sum (y - mean y)^2
///
/// with d = prediction - answer and y the answers. R2 is 0 for predicting the mean answer, and negative for what is worse;
/// explained variance forgives a constant bias, so that it is at least R2. Neither exists where all answers are equal.
///
/// O(1) memory, O(rows) time; computed from whole numbers and rounded once, so that a rating scale far from 0 costs no
/// digits.
public struct ExplainedVariation: RatingMetric {
  public enum Figure: Sendable, Hashable {
    case r2
    case explainedVariance
  }

  public let figure: Figure
  private var errors = ErrorSums()
  /// The answers, as errors of predicting 0.
  private var answers = ErrorSums()

  public init(_ figure: Figure) { self.figure = figure }

  public var count: Int { errors.count }

  public mutating func add(_ rows: RowSlice) {
    errors.add(predictions: rows.predictions, answers: rows.answers, count: rows.count)
    for row in 0..<rows.count { answers.add(error: rows.answers[row]) }
  }

  /// - Precondition: both are of the same figure.
  public mutating func merge(_ other: ExplainedVariation) {
    precondition(figure == other.figure, "\(figure) can't be merged with \(other.figure)")
    errors.merge(other.errors)
    answers.merge(other.answers)
  }

  public var value: Double? {
    guard let (left, whole) = parts else { return nil }
    if left > whole { return -WideNatural.quotient(left.minus(whole), whole) }
    return WideNatural.quotient(whole.minus(left), whole)
  }

  public var quickValue: Double? {
    guard let (left, whole) = parts else { return nil }
    return left > whole
      ? -(left.minus(whole).approximate / whole.approximate) : whole.minus(left).approximate / whole.approximate
  }

  /// n x the variation that is left, and n x that of the answers, in one unit; nil where the answers have none.
  private var parts: (left: WideNatural, whole: WideNatural)? {
    guard count > 0 else { return nil }
    let whole = answers.centredSquares
    if whole.isZero { return nil }
    return (figure == .r2 ? errors.rows * errors.squares : errors.centredSquares, whole)
  }
}

extension WideNatural {
  /// - Precondition: `other` is not larger.
  fileprivate func minus(_ other: WideNatural) -> WideNatural {
    var rest = self
    rest -= other
    return rest
  }

  /// Within some units in the last place.
  fileprivate var approximate: Double { limbs.reversed().reduce(0) { $0 * 0x1p64 + Double($1) } }
}
