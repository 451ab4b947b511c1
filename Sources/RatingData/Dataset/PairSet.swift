/// The distinct pairs of a known user and a known item among some pairs; times don't count.
struct PairSet {
  /// The items of user u are `items[starts[u]..<starts[u + 1]]`, ascending.
  private let starts: [Int]
  private let items: [UInt32]
  /// A bit is set where a pair of the set has that hash: most others are told by one look at memory that is near.
  private let filter: [UInt64]
  private let shift: Int

  init(_ pairs: RatingPairs) {
    var keys = (0..<pairs.count).compactMap { row -> UInt64? in
      let (user, item) = (pairs.users[row], pairs.items[row])
      return user == RatingPairs.unknown || item == RatingPairs.unknown ? nil : Self.key(user, item)
    }
    keys.sort()
    keys = keys.indices.compactMap { $0 > 0 && keys[$0] == keys[$0 - 1] ? nil : keys[$0] }
    var starts = [Int](repeating: 0, count: (keys.last.map { Int($0 >> 32) + 1 } ?? 0) + 1)
    for key in keys { starts[Int(key >> 32) + 1] += 1 }
    for user in starts.indices.dropFirst() { starts[user] += starts[user - 1] }
    self.starts = starts
    items = keys.map { UInt32(truncatingIfNeeded: $0) }
    // 8 to 16 bits a pair: one of 8 other pairs at most is looked up.
    let bits = UInt64.bitWidth - max(8 * keys.count, 64).leadingZeroBitCount
    shift = UInt64.bitWidth - bits
    var filter = [UInt64](repeating: 0, count: (1 << bits) / UInt64.bitWidth)
    for key in keys {
      let hash = Self.hash(key) >> shift
      filter[Int(hash / 64)] |= 1 << (hash % 64)
    }
    self.filter = filter
  }

  private static func key(_ user: UInt32, _ item: UInt32) -> UInt64 { UInt64(user) << 32 | UInt64(item) }

  /// The upper bits of a product by an odd number near 2^64 / golden ratio (Knuth, The Art of Computer Programming 3, 6.4), once
  /// the key's halves are mixed.
  private static func hash(_ key: UInt64) -> UInt64 {
    let mixed = (key ^ key >> 29) &* 0x9E37_79B9_7F4A_7C15
    return (mixed ^ mixed >> 32) &* 0x9E37_79B9_7F4A_7C15
  }

  var count: Int { items.count }

  /// A number in `0..<count` for a pair of the set, nil for another one.
  func position(user: UInt32, item: UInt32) -> Int? {
    let hash = Self.hash(Self.key(user, item)) >> shift
    guard filter[Int(hash / 64)] >> (hash % 64) & 1 == 1, Int(user) < starts.count - 1 else { return nil }
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
