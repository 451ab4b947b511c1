extension SyntheticPrize {
  /// The set in memory, divided into training, probe, quiz and test; no file is needed.
  ///
  /// Rows stand in the order of `rows(ofUsers:)`; times are the days' first seconds.
  ///
  /// - Complexity: O(rows); 17 bytes a row.
  public func prizeSplit(threads: Int? = nil) -> PrizeSplit {
    let ids = (0..<parameters.users).map { userID($0) }
    let sorted = ids.sorted()
    var indices = [UInt32](repeating: 0, count: parameters.largestUserID + 1)
    for (index, id) in sorted.enumerated() { indices[Int(id)] = UInt32(index) }
    let vocabularies = Vocabularies(
      users: Vocabulary(integers: sorted.map(Int64.init)),
      items: Vocabulary(integers: (1...parameters.items).map(Int64.init)))
    let columns = RatingColumns.allocate(count: parameters.ratings, times: true)
    var parts: [PrizeRow.Part] = []
    parts.reserveCapacity(parameters.ratings)
    forEachPiece(threads: threads) { rows in
      for row in rows {
        let place = parts.count
        columns.users[place] = indices[Int(row.user)]
        columns.items[place] = row.item - 1
        columns.ratings[place] = Float(row.stars)
        columns.times![place] = UInt32(row.day) * 86_400
        parts.append(row.part)
      }
    }
    return PrizeSplit(
      RatingDataset(vocabularies: vocabularies, scale: .wholeStars, columns: columns), parts: parts)
  }
}
