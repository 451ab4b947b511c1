import RatingNumerics

extension RatingDataset {
  private static let rowsInPiece = 1 << 18

  /// The data set without the ratings of these pairs, in the same order. A pair that it doesn't hold is ignored.
  ///
  /// - Complexity: O(pairs x log pairs + ratings x log(pairs of one user)), in parallel.
  public func removing(_ pairs: RatingPairs) -> RatingDataset {
    let unwanted = PairSet(pairs)
    let size = Self.rowsInPiece
    let pieces = (0..<(count + size - 1) / size).map { $0 * size..<min(($0 + 1) * size, count) }
    return withUnsafeColumns { source in
      nonisolated(unsafe) let source = source
      // The rows that stay, as stretches between those that go.
      let kept = Parallel.map(pieces.count) { piece -> [Range<Int>] in
        var stretches: [Range<Int>] = []
        var first = pieces[piece].lowerBound
        for row in pieces[piece] where unwanted.position(user: source.users[row], item: source.items[row]) != nil {
          if first < row { stretches.append(first..<row) }
          first = row + 1
        }
        if first < pieces[piece].upperBound { stretches.append(first..<pieces[piece].upperBound) }
        return stretches
      }
      var starts = [0]
      for stretches in kept { starts.append(starts.last! + stretches.reduce(0) { $0 + $1.count }) }
      guard starts.last! < count else { return self }
      let rest = RatingColumns.allocate(count: starts.last!, times: hasTimes)
      let targets = starts
      Parallel.forEach(pieces.count) { piece in
        var target = targets[piece]
        for stretch in kept[piece] {
          func copy<Value>(_ column: UnsafeBufferPointer<Value>, _ to: UnsafeMutablePointer<Value>) {
            (to + target).update(from: column.baseAddress! + stretch.lowerBound, count: stretch.count)
          }
          copy(source.users, rest.users)
          copy(source.items, rest.items)
          copy(source.ratings, rest.ratings)
          if let times = source.times { copy(times, rest.times!) }
          target += stretch.count
        }
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
