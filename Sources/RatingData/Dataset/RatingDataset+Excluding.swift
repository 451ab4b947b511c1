extension RatingDataset {
  /// The data set without the ratings of these pairs, in the same order. A pair that it doesn't hold is ignored.
  ///
  /// - Complexity: O(pairs x log pairs + ratings x log pairs).
  public func removing(_ pairs: RatingPairs) -> RatingDataset {
    let unwanted = PairSet(pairs)
    let rows = withUnsafeColumns { columns in
      (0..<columns.ratings.count).filter { !unwanted.contains(user: columns.users[$0], item: columns.items[$0]) }
    }
    return rows.count == count ? self : selecting(rows: rows)
  }

  /// The positions in `pairs`, ascending, of those that this data set holds.
  public func rows(of pairs: RatingPairs) -> [Int] {
    let own = PairSet(self.pairs)
    return (0..<pairs.count).filter { own.contains(user: pairs.users[$0], item: pairs.items[$0]) }
  }
}

/// Pairs of known users and known items, sorted for binary search; times don't count.
struct PairSet {
  private let keys: [UInt64]

  init(_ pairs: RatingPairs) {
    keys = (0..<pairs.count).compactMap { row in
      let (user, item) = (pairs.users[row], pairs.items[row])
      return user == RatingPairs.unknown || item == RatingPairs.unknown ? nil : Self.key(user, item)
    }.sorted()
  }

  private static func key(_ user: UInt32, _ item: UInt32) -> UInt64 { UInt64(user) << 32 | UInt64(item) }

  func contains(user: UInt32, item: UInt32) -> Bool {
    let key = Self.key(user, item)
    var low = 0
    var high = keys.count
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low < keys.count && keys[low] == key
  }
}
