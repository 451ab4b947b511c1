extension RatingDataset {
  /// The ratings whose user and item are both in these vocabularies, in their indices and in the same order; the scale
  /// stays what it was. For ratings from another file that a run is to be validated on.
  ///
  /// - Complexity: O(ratings + ids x log ids).
  public func restricted(to target: Vocabularies) -> RatingDataset {
    let moved = reindexed(to: target)
    let unknown = RatingPairs.unknown
    let rows = moved.ratings.indices.filter { moved.pairs.users[$0] != unknown && moved.pairs.items[$0] != unknown }
    let columns = RatingColumns.allocate(count: rows.count, times: hasTimes)
    for (position, row) in rows.enumerated() {
      columns.users[position] = moved.pairs.users[row]
      columns.items[position] = moved.pairs.items[row]
      columns.ratings[position] = moved.ratings[row]
      if let times = moved.pairs.times { columns.times![position] = times[row] }
    }
    return RatingDataset(vocabularies: target, scale: scale, columns: columns)
  }
}
