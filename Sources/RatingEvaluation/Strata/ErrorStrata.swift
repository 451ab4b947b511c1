import RatingData
import RatingNumerics

/// Where the error sits: the rows told apart by how active their users and items were in training, whether these were
/// seen there at all, the true rating and the time, with the error of each part and its share of all squared error.
///
///     let strata = try ErrorStrata(predictions: model.predict(test.pairs).values, answers: test, training: train)
///     for group in strata.groups { for stratum in group.strata { print(group.title, stratum.label, stratum.rmse) } }
///
/// Bins have bounds of their own, which depend on no data: two test sets' tables have the same rows.
///
/// - Activity: 0, then 1-2, 3-9, 10-29, 30-99, 100-299 and so on, two bins for each power of ten.
/// - Rating: each value that occurs, or ten bins of equal width over the scale where more than 20 do.
/// - Time: calendar months (UTC), or years where the rows span more than 24 months; where all lie in one month, fifths of
///   equal size, as far as equal times allow.
public struct ErrorStrata: Sendable, Hashable {
  /// One for each property that is known: without `training` neither activity nor cold start, without times no time.
  public let groups: [StratumGroup]
  /// The exact error sums of all rows.
  public let total: ErrorSums
  /// What moving predictions into the scale gains; nil where no scale is known.
  public let clipping: ClippingGain?

  /// - Parameters:
  ///   - predictions: one for each row of `answers`, in their order.
  ///   - training: what the predictions were learned from; its users and items are matched by their identifiers.
  /// - Throws: `no-rows`, `lengths-differ`, `not-a-number` (NaN, infinite or outside -1000...1000).
  /// - Complexity: O(rows + training ratings + ids x log ids), in parallel; the result doesn't depend on the threads.
  public init(
    predictions: [Double], answers: RatingDataset, training: RatingDataset? = nil, threads: Int? = nil
  ) throws(EvaluationError) {
    self.init(
      try ScoredRows(predictions: predictions, answers: answers, threads: threads), training: training,
      threads: threads)
  }

  /// The strata of rows that are at hand already.
  ///
  /// - Parameter training: used where the rows say whom and what they are about.
  /// - Complexity: as above.
  public init(_ rows: ScoredRows, training: RatingDataset? = nil, threads: Int? = nil) {
    let total = rows.errorSums(threads: threads)
    let cut = StratumCut(rows: rows, total: total, threads: threads)
    var groups: [StratumGroup] = []
    if let training, let vocabularies = rows.vocabularies, let users = rows.users, let items = rows.items {
      let activity = TrainingActivity(training, vocabularies: vocabularies)
      groups.append(cut.byActivity(.userActivity, of: users, counts: activity.users))
      groups.append(cut.byActivity(.itemActivity, of: items, counts: activity.items))
      groups.append(cut.byColdStart(users: users, items: items, activity))
    }
    groups.append(cut.byRating())
    if let times = rows.times { groups.append(cut.byTime(times)) }
    self.groups = groups
    self.total = total
    clipping = rows.scale.map { ClippingGain(rows, scale: $0, unclipped: total, threads: threads) }
  }

  /// The group of a property, where there is one.
  public subscript(property: StratumGroup.Property) -> StratumGroup? { groups.first { $0.property == property } }
}

/// How many training ratings each user and each item of some vocabularies has.
struct TrainingActivity {
  let users: [Int]
  let items: [Int]

  init(_ training: RatingDataset, vocabularies: Vocabularies) {
    func counts(
      _ column: UnsafeBufferPointer<UInt32>, _ own: Vocabulary, _ wanted: Vocabulary
    ) -> [Int] {
      var counts = [Int](repeating: 0, count: own.count)
      counts.withUnsafeMutableBufferPointer { counts in for index in column { counts[Int(index)] += 1 } }
      if own == wanted { return counts }
      return (0..<wanted.count).map { position in own.index(of: wanted[position]).map { counts[$0] } ?? 0 }
    }
    (users, items) = training.withUnsafeColumns { columns in
      (
        counts(columns.users, training.vocabularies.users, vocabularies.users),
        counts(columns.items, training.vocabularies.items, vocabularies.items)
      )
    }
  }
}
