/// Whether a score qualifies for a prize, and the figures that decided it.
public struct Verdict: Sendable, Hashable {
  /// Whether the rounded score is at most the threshold.
  public let qualifies: Bool
  /// A sentence with the numbers that were compared.
  public let reason: String
  /// The rows whose score was judged.
  public let judgedOn: PrizeSet
  /// The RMSE that was compared: rounded half up to the criterion's decimals.
  public let roundedScore: PrizeDecimal
  /// The RMSE before rounding.
  public let unroundedScore: Double
  /// The improvement of the rounded score over the baseline: what is announced.
  public let percent: PrizePercent
  /// The improvement of the unrounded score over the baseline, in percent.
  public let percentUnrounded: Double
}

extension Verdict: CustomStringConvertible {
  /// `qualifies: ` or `does not qualify: `, and the reason.
  public var description: String { "\(qualifies ? "qualifies" : "does not qualify"): \(reason)" }
}
