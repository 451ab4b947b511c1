extension RatingDataset {
  /// A data set from arrays in memory, one element a rating.
  ///
  /// - Parameters:
  ///   - users: what the rows' users are called.
  ///   - items: what the rows' items are called.
  ///   - ratings: finite ratings.
  ///   - times: seconds since 1970-01-01 00:00 UTC.
  ///   - scale: nil infers it from the smallest and the largest rating (`RatingScale.inferred`).
  ///   - vocabularies: where given, the ids' indices come from these, which must hold every id.
  /// - Precondition: the arrays have the same length.
  public init(
    users: [Identifier], items: [Identifier], ratings: [Float], times: [UInt32]? = nil, scale: RatingScale? = nil,
    vocabularies: Vocabularies? = nil
  ) {
    precondition(
      users.count == items.count && items.count == ratings.count && (times.map { $0.count == users.count } ?? true),
      "the columns of a data set have one length, got \(users.count) users, \(items.count) items, "
        + "\(ratings.count) ratings, \(times.map { String($0.count) } ?? "no") times")
    let vocabularies = vocabularies ?? Vocabularies(users: Vocabulary(users), items: Vocabulary(items))
    let columns = RatingColumns.allocate(count: ratings.count, times: times != nil)
    func fill(_ column: UnsafeMutablePointer<UInt32>, _ ids: [Identifier], _ vocabulary: Vocabulary) {
      var known: [Identifier: UInt32] = [:]
      for (row, id) in ids.enumerated() {
        let index = known[id] ?? vocabulary.index(of: id).map(UInt32.init)
        precondition(index != nil, "\(id) (row \(row)) is not in the given vocabulary")
        known[id] = index
        column[row] = index!
      }
    }
    fill(columns.users, users, vocabularies.users)
    fill(columns.items, items, vocabularies.items)
    for (row, rating) in ratings.enumerated() {
      precondition(rating.isFinite, "ratings are finite, got \(rating) in row \(row)")
      columns.ratings[row] = rating
    }
    if let times { for (row, time) in times.enumerated() { columns.times![row] = time } }
    self.init(
      vocabularies: vocabularies,
      scale: scale ?? .inferred(minimum: ratings.min() ?? 1, maximum: ratings.max() ?? 5), columns: columns)
  }

  /// A data set from whole-number ids.
  public init(
    users: [Int], items: [Int], ratings: [Float], times: [UInt32]? = nil, scale: RatingScale? = nil
  ) {
    self.init(
      users: users.map { Identifier(Int64($0)) }, items: items.map { Identifier(Int64($0)) }, ratings: ratings,
      times: times, scale: scale)
  }

  /// A data set from text ids.
  public init(
    users: [String], items: [String], ratings: [Float], times: [UInt32]? = nil, scale: RatingScale? = nil
  ) {
    self.init(
      users: users.map { Identifier($0) }, items: items.map { Identifier($0) }, ratings: ratings, times: times,
      scale: scale)
  }
}

extension RatingScale {
  /// The scale that ratings between these two suggest: the bounds as seen, continuous. One value alone gets room of 1
  /// above it.
  public static func inferred(minimum: Float, maximum: Float) -> RatingScale {
    // Through the shortest decimal text, so that -9.95 stays -9.95.
    func decimal(_ value: Float) -> Double { Double("\(value)") ?? Double(value) }
    let lower = decimal(minimum)
    return RatingScale(lower...(maximum > minimum ? decimal(maximum) : lower + 1))
  }
}
