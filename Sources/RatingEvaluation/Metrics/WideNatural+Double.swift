extension WideNatural {
  /// The Double nearest to numerator / denominator: correctly rounded, ties to even.
  ///
  /// - Precondition: the denominator is not zero, and the quotient lies between 2^-900 and 2^62, or is zero.
  static func quotient(_ numerator: WideNatural, _ denominator: WideNatural) -> Double {
    if numerator.isZero { return 0 }
    // 62 or 63 digits of the quotient, and one more that tells whether anything follows them: enough to round once.
    let shift = 62 + denominator.bitWidth - numerator.bitWidth
    precondition(shift >= 0, "a quotient of the judge is below 2^62")
    let (digits, rest) = (numerator << shift).dividing(by: denominator)
    return double(digits, exact: rest.isZero, exponent: -shift)
  }

  /// The Double nearest to the square root of numerator / denominator: correctly rounded, ties to even.
  ///
  /// - Precondition: as for `quotient`.
  static func squareRoot(_ numerator: WideNatural, _ denominator: WideNatural) -> Double {
    if numerator.isZero { return 0 }
    var shift = 123 + denominator.bitWidth - numerator.bitWidth
    precondition(shift >= 0, "a quotient of the judge is below 2^62")
    if shift % 2 == 1 { shift += 1 }
    // A quotient of 123 to 125 digits has a root of 62 or 63. Cutting the quotient off doesn't change the whole part
    // of its root: floor(sqrt(floor(x))) = floor(sqrt(x)).
    let (square, rest) = (numerator << shift).dividing(by: denominator)
    let (root, left) = square.squareRoot()
    return double(root, exact: rest.isZero && left.isZero, exponent: -shift / 2)
  }

  /// (digits, and something below 1 where not exact) x 2^exponent.
  private static func double(_ digits: WideNatural, exact: Bool, exponent: Int) -> Double {
    guard let leading = digits.uint64, leading >> 63 == 0 else {
      preconditionFailure("64 bits hold the leading digits and the mark of an inexact rest")
    }
    return Double(sign: .plus, exponent: exponent - 1, significand: Double(leading << 1 | (exact ? 0 : 1)))
  }

  /// numerator / denominator x 10^decimals, rounded half up.
  static func roundedQuotient(_ numerator: WideNatural, _ denominator: WideNatural, decimals: Int) -> WideNatural {
    let scaled = numerator * powerOfTen(decimals) * WideNatural(2)
    return halved(scaled.dividing(by: denominator).quotient)
  }

  /// The square root of numerator / denominator, times 10^decimals, rounded half up.
  ///
  /// The result k is the one whole number with
  /// (2k - 1)^2 denominator <= 4 numerator 10^(2 decimals) < (2k + 1)^2 denominator.
  static func roundedSquareRoot(_ numerator: WideNatural, _ denominator: WideNatural, decimals: Int) -> WideNatural {
    let scaled = numerator * powerOfTen(2 * decimals) * WideNatural(4)
    return halved(scaled.dividing(by: denominator).quotient.squareRoot().root)
  }

  /// Of the whole part of 2x: x rounded half up, floor((floor(2x) + 1) / 2) = floor(x + 1/2).
  private static func halved(_ twice: WideNatural) -> WideNatural {
    (twice + WideNatural(1)).dividing(by: WideNatural(2)).quotient
  }
}
