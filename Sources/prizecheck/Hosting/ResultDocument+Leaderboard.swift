import RatingBench

/// What a leaderboard shows: plain numbers by name.
extension ResultDocument {
  /// The figures of one set of rows; the improvement and the verdict stand with the rows that they were judged on.
  ///
  /// - `n`, `rmse`, `mae`, and `rmse_clipped` where the scale is known.
  /// - `improvement`: in percent below the baseline, with two decimals, as it is announced; `improvement_lower` and
  ///   `improvement_upper`: its 95% interval, where it is known whose the rows are.
  /// - `qualifies`: 1 or 0.
  func figures(of set: PrizeSet) -> [(key: String, value: JSON)] {
    guard let scores = scores[set] else { return [] }
    var figures: [(key: String, value: JSON)] = [
      ("n", .integer(scores.count)), ("rmse", .number(scores.rmse)), ("mae", .number(scores.mae)),
    ]
    if let clipped = scores.rmseClipped { figures.append(("rmse_clipped", .number(clipped))) }
    guard let verdict, judgedOn == set else { return figures }
    figures.append(("improvement", .number(verdict.percent.doubleValue)))
    if let interval = significance?.interval {
      figures.append(("improvement_lower", .number(interval.lower)))
      figures.append(("improvement_upper", .number(interval.upper)))
    }
    figures.append(("qualifies", .integer(verdict.qualifies ? 1 : 0)))
    return figures
  }

  /// The sets to tell apart: quiz and test where it is known which those are, else all rows; all rows too where they
  /// decide.
  var leaderboardSets: [PrizeSet] {
    let parts = [PrizeSet.quiz, .test].filter { scores[$0] != nil }
    return parts.isEmpty || judgedOn == .all ? [.all] + parts : parts
  }

  /// All figures in one object: those of the rows that decide (or else of all rows, or of the quiz where no more is told)
  /// under their own names, those of the others as `quiz_rmse`, `test_rmse`.
  var leaderboard: JSON {
    let main = [judgedOn, .all, .quiz].compactMap { $0 }.first { scores[$0] != nil } ?? .all
    let others = leaderboardSets.filter { $0 != main }
    return .object(
      figures(of: main)
        + others.flatMap { set in figures(of: set).map { (key: "\(set.rawValue)_\($0.key)", value: $0.value) } })
  }
}
