import RatingNumerics

/// How far errors spread, and what part of them lies where: exact, and rounded once, as RMSE and MAE are.
extension ErrorSums {
  /// The variance of the errors around their mean, divided by n: MSE - bias^2.
  public var variance: Double { WideNatural.quotient(centredSquares, rows * squareUnits) }

  /// n x the sum of squares - the square of the sum: n^2 x the variance, in units of 10^-30.
  var centredSquares: WideNatural {
    var rest = rows * squares
    let sum = WideNatural(low: signed.magnitude)
    rest -= sum * sum
    return rest
  }

  /// The part of the sum of squared errors of `total` that lies in these rows; 0 where there is none.
  ///
  /// - Precondition: the rows are some of those of `total`.
  func shareOfSquares(in total: ErrorSums) -> Double {
    total.squares.isZero ? 0 : WideNatural.quotient(squares, total.squares)
  }
}
