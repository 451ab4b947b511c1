extension RatingDataset {
  /// The data set without the ratings of these pairs, in the same order. A pair that it doesn't hold is ignored.
  ///
  /// - Complexity: O(pairs x log pairs + ratings x log(pairs of one user)).
  public func removing(_ pairs: RatingPairs) -> RatingDataset {
    let unwanted = PairSet(pairs)
    return withUnsafeColumns { source in
      var kept = 0
      let keep = source.ratings.indices.map { row in
        let isKept = unwanted.position(user: source.users[row], item: source.items[row]) == nil
        kept += isKept ? 1 : 0
        return isKept
      }
      guard kept < count else { return self }
      let rest = RatingColumns.allocate(count: kept, times: hasTimes)
      var target = 0
      for row in keep.indices where keep[row] {
        rest.users[target] = source.users[row]
        rest.items[target] = source.items[row]
        rest.ratings[target] = source.ratings[row]
        if let times = source.times { rest.times![target] = times[row] }
        target += 1
      }
      return RatingDataset(vocabularies: vocabularies, scale: scale, columns: rest)
    }
  }

  /// The positions in `pairs`, ascending, of those that this data set holds.
  ///
  /// - Complexity: O(pairs x log pairs + ratings x log(pairs of one user)).
  public func rows(of pairs: RatingPairs) -> [Int] {
    let asked = PairSet(pairs)
    var isHeld = [Bool](repeating: false, count: asked.count)
    withUnsafeColumns { columns in
      for row in columns.ratings.indices {
        if let position = asked.position(user: columns.users[row], item: columns.items[row]) { isHeld[position] = true }
      }
    }
    return (0..<pairs.count).filter { row in
      asked.position(user: pairs.users[row], item: pairs.items[row]).map { isHeld[$0] } ?? false
    }
  }
}

/// The distinct pairs of a known user and a known item among some pairs; times don't count.
struct PairSet {
  /// The items of user u are `items[starts[u]..<starts[u + 1]]`, ascending.
  private let starts: [Int]
  private let items: [UInt32]

  init(_ pairs: RatingPairs) {
    let keys = Set(
      (0..<pairs.count).compactMap { row -> UInt64? in
        let (user, item) = (pairs.users[row], pairs.items[row])
        return user == RatingPairs.unknown || item == RatingPairs.unknown ? nil : UInt64(user) << 32 | UInt64(item)
      }
    ).sorted()
    var starts = [Int](repeating: 0, count: (keys.last.map { Int($0 >> 32) + 1 } ?? 0) + 1)
    for key in keys { starts[Int(key >> 32) + 1] += 1 }
    for user in starts.indices.dropFirst() { starts[user] += starts[user - 1] }
    self.starts = starts
    items = keys.map { UInt32(truncatingIfNeeded: $0) }
  }

  var count: Int { items.count }

  /// A number in `0..<count` for a pair of the set, nil for another one.
  func position(user: UInt32, item: UInt32) -> Int? {
    guard Int(user) < starts.count - 1 else { return nil }
    var low = starts[Int(user)]
    let end = starts[Int(user) + 1]
    var high = end
    while low < high {
      let middle = (low + high) / 2
      if items[middle] < item { low = middle + 1 } else { high = middle }
    }
    return low < end && items[low] == item ? low : nil
  }
}
