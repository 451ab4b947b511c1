/// The place of a submission among others: the smaller rounded score first and, of equal ones, the earlier.
///
/// Two Netflix submissions of 0.856704 (18:18:28) and 0.856714 (18:38:22) both round to 0.8567: the first won, by twenty
/// minutes. The unrounded scores play no part.
public struct PrizeStanding: Sendable, Hashable, Comparable {
  /// The score, rounded as the criterion says: `Verdict.roundedScore`.
  public let roundedScore: PrizeDecimal
  /// When it was submitted, in seconds since 1970-01-01 00:00 UTC.
  public let submitted: Int64

  public init(roundedScore: PrizeDecimal, submitted: Int64) {
    self.roundedScore = roundedScore
    self.submitted = submitted
  }

  /// Whether `a` ranks before `b`.
  public static func < (a: PrizeStanding, b: PrizeStanding) -> Bool {
    (a.roundedScore, a.submitted) < (b.roundedScore, b.submitted)
  }
}
