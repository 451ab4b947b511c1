import RatingData

extension ScoredRows {
  /// The joined rows of a submission's files; nil where there are none of that set, or it is not known which those are.
  public init?(_ judged: JudgedRows, set: PrizeSet = .all) {
    guard judged.count > 0 else { return nil }
    let all = ScoredRows(
      predictions: judged.predictionUnits, answers: judged.answerUnits, users: judged.users, items: judged.items,
      times: judged.times, vocabularies: judged.vocabularies, scale: judged.scale)
    if set == .all {
      self = all
      return
    }
    guard let sets = judged.sets else { return nil }
    let wanted: Int64 = set == .quiz ? 0 : 1
    guard let some = all.selecting(rows: sets.indices.filter { sets[$0] == wanted }) else { return nil }
    self = some
  }
}
