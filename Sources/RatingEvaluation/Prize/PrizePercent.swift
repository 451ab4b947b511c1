/// An improvement that was reached, in percent with two decimals; negative where the score is worse than the baseline.
public struct PrizePercent: Sendable, Hashable {
  /// The value in hundredths of a percent.
  public let hundredths: Int128

  /// 100 x (1 - score / baseline), rounded to two decimals. An exact tie goes against the contestant: down.
  ///
  ///     PrizePercent(of: "0.8567", below: "0.9525")   // 10.06
  ///
  /// - Precondition: `baseline` is above 0.
  public init(of score: PrizeDecimal, below baseline: PrizeDecimal) {
    precondition(baseline.units > 0, "a percentage needs a baseline above 0, got \(baseline)")
    let (score, baseline) = (Int128(score.units), Int128(baseline.units))
    // x = numerator / baseline hundredths; half down is the least whole number that is at least x - 1/2.
    let numerator = 2 * 10_000 * (baseline - score) - baseline
    let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: 2 * baseline)
    hundredths = remainder > 0 ? quotient + 1 : quotient
  }

  public var doubleValue: Double { Double(hundredths) / 100 }
}

extension PrizePercent: CustomStringConvertible {
  /// `10.06`, `-0.50`; without the sign of percent.
  public var description: String {
    let magnitude = hundredths.magnitude
    let fraction = magnitude % 100
    return "\(hundredths < 0 ? "-" : "")\(magnitude / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }
}
