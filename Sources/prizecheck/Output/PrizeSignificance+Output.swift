import RatingBench

extension PrizeSignificance {
  /// The object `significance` of a result.
  var json: JSON {
    .object([
      "level": .number(interval.level),
      "lower": .number(interval.lower),
      "upper": .number(interval.upper),
      "standard_error": .number(interval.standardError),
      "users": .integer(interval.clusters),
      "method": .string(interval.method.description),
      "target": .number(target),
      "probability": .number(probability),
      "undecided": .bool(isUndecided),
    ])
  }

  /// On one line: the interval, the probability, and what they are from.
  var sentence: String {
    "95% interval of the improvement: \(Decimals.text(interval.lower, digits: 2))% to "
      + "\(Decimals.text(interval.upper, digits: 2))%; the true one reaches \(Decimals.text(target, digits: 2))% with "
      + "probability \(probabilityText) (\(Decimals.grouped(interval.clusters)) users, clustered by user)."
  }

  /// Two decimals, and never 0 or 1, which no test set can tell.
  private var probabilityText: String {
    if probability < 0.005 { return "below 0.01" }
    if probability > 0.995 { return "above 0.99" }
    return Decimals.text(probability, digits: 2)
  }

  static let undecidedNote =
    "UNDECIDED: the target lies inside the interval; other users might have turned the verdict."
}
