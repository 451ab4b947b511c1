extension PrizeCriterion {
  /// Judges the scores of a submission on the criterion's rows, or on all rows where it is not known which those are.
  ///
  /// `Verdict.judgedOn` says which: a caller should warn where it is not the criterion's set.
  public func verdict(for scores: ScoresBySet) -> Verdict {
    if let own = scores[set] { return verdict(for: own, judgedOn: set) }
    return verdict(for: scores.all, judgedOn: .all)
  }

  /// Judges one score.
  ///
  /// - Parameter rows: the rows that the score is over; nil means the criterion's own.
  /// - Complexity: O(1).
  public func verdict(for scores: Scores, judgedOn rows: PrizeSet? = nil) -> Verdict {
    let rounded = scores.roundedRMSE(decimals: decimals)
    let qualifies = rounded <= threshold
    let base = baseline.doubleValue
    let rows = rows ?? set
    return Verdict(
      qualifies: qualifies,
      reason: reason(scores, rounded: rounded, rows: rows),
      judgedOn: rows,
      roundedScore: rounded,
      unroundedScore: scores.rmse,
      percent: PrizePercent(of: rounded, below: baseline),
      percentUnrounded: 100 * (base - scores.rmse) / base)
  }

  private func reason(_ scores: Scores, rounded: PrizeDecimal, rows: PrizeSet) -> String {
    let qualifies = rounded <= threshold
    let shown = scores.unclipped.truncatedRMSE(decimals: min(decimals + 5, PrizeDecimal.mostDecimals))
    let digits = shown.exact ? "\(shown.digits.trimmed)" : "\(shown.digits)..."
    let score =
      shown.exact && shown.digits == rounded
      ? "the RMSE on \(rows.phrase) is \(rounded)"
      : "the RMSE on \(rows.phrase) is \(digits), rounded \(rounded)"
    let comparison = qualifies ? "not above the threshold \(threshold)" : "above the threshold \(threshold)"
    return "\(score), \(comparison); \(improvementReached(rounded, qualifies: qualifies))"
  }

  /// The improvement in words, with what must be said where the percentage alone would mislead.
  private func improvementReached(_ rounded: PrizeDecimal, qualifies: Bool) -> String {
    let percent = PrizePercent(of: rounded, below: baseline)
    let reached =
      rounded <= baseline
      ? "that is \(percent)% below the baseline \(baseline)"
      : "that is above the baseline \(baseline) (\(percent)%)"
    let asked = "\(improvement) is asked"
    let exactly = improvement.isReached(by: rounded, below: baseline)
    if qualifies != exactly {
      return "\(reached); \(asked), and the \(thresholdSource.rawValue) threshold decides"
    }
    if !qualifies, percent.doubleValue >= improvement.percent.doubleValue {
      return "\(reached) in two decimals, but less than the \(improvement) that is asked"
    }
    return "\(reached); \(asked)"
  }
}
