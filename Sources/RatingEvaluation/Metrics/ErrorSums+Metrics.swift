import RatingNumerics

/// The metrics of exact sums. With errors d = prediction - answer over n rows:
///
///     MSE  = sum d^2 / n        RMSE = sqrt(MSE)
///     MAE  = sum |d| / n        bias = sum d / n
///
/// Each Double is the one nearest to the exact value (rounded once, at the end), so that it depends on the rows alone:
/// not on their order, on how they were cut into parts, or on the number of threads.
///
/// All need at least one row, and all take constant time.
extension ErrorSums {
  /// The mean squared error.
  public var mse: Double { WideNatural.quotient(squares, squareUnits) }

  /// The root mean squared error.
  public var rmse: Double { WideNatural.squareRoot(squares, squareUnits) }

  /// The mean absolute error.
  public var mae: Double { WideNatural.quotient(WideNatural(low: absolute), units) }

  /// The mean error, prediction - answer: positive where the predictions are too high.
  public var bias: Double {
    let magnitude = WideNatural.quotient(WideNatural(low: signed.magnitude), units)
    return signed < 0 ? -magnitude : magnitude
  }

  /// The RMSE rounded to `decimals` decimals, half up (against the contestant), decided in whole numbers.
  ///
  /// An RMSE of exactly 0.85725 gives 0.8573 at four decimals, as does every value from there up to, but not
  /// including, 0.85735.
  ///
  /// - Precondition: `decimals` is in 0...15.
  public func roundedRMSE(decimals: Int) -> PrizeDecimal {
    PrizeDecimal(
      WideNatural.roundedSquareRoot(squares, squareUnits, decimals: PrizeDecimal.checked(decimals)), decimals: decimals)
  }

  /// The MAE rounded to `decimals` decimals, half up, decided in whole numbers.
  ///
  /// - Precondition: `decimals` is in 0...15.
  public func roundedMAE(decimals: Int) -> PrizeDecimal {
    PrizeDecimal(
      WideNatural.roundedQuotient(WideNatural(low: absolute), units, decimals: PrizeDecimal.checked(decimals)),
      decimals: decimals)
  }

  /// The first digits of the RMSE, cut off and not rounded, and whether they are all of it.
  ///
  /// What a sentence about rounding may show: 0.857249999 must not be shown as 0.85725.
  func truncatedRMSE(decimals: Int) -> (digits: PrizeDecimal, exact: Bool) {
    let scaled = squares * WideNatural.powerOfTen(2 * PrizeDecimal.checked(decimals))
    let (square, rest) = scaled.dividing(by: squareUnits)
    let (root, left) = square.squareRoot()
    return (PrizeDecimal(root, decimals: decimals), rest.isZero && left.isZero)
  }

  /// The sum of squares in units of 10^-30.
  var squares: WideNatural { WideNatural(low: squaresLow, high: squaresHigh) }

  /// n x 10^15.
  private var units: WideNatural { rows * WideNatural.powerOfTen(FixedDecimal.fractionDigits) }

  /// n x 10^30.
  var squareUnits: WideNatural { rows * WideNatural.powerOfTen(2 * FixedDecimal.fractionDigits) }

  var rows: WideNatural {
    precondition(count > 0, "a score needs at least 1 row, got \(count)")
    return WideNatural(UInt64(count))
  }
}
