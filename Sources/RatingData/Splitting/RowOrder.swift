import RatingNumerics

/// Cuts rows into parts of given sizes along the order of a key, without sorting them all.
///
/// Rows are counted by the 16 highest bits of their key; only those that share these bits with a cut are sorted. Equal
/// keys keep the order of rows.
///
/// Complexity: O(rows), and two calls of `key` for each.
enum RowOrder {
  /// The part, from 0, of each row: the first `sizes[0]` rows in the order of `key` are part 0, and so on.
  ///
  /// - Precondition: `sizes` adds up to `count`, and there are at most 65,535.
  static func parts(count: Int, sizes: [Int], key: (Int) -> UInt64) -> [UInt16] {
    precondition(
      sizes.reduce(0, +) == count && sizes.count <= 65_535,
      "the parts' sizes add up to the number of rows, \(count), got \(sizes.reduce(0, +))")
    var buckets = [Int](repeating: 0, count: 1 << 16)
    for row in 0..<count { buckets[Int(key(row) >> 48)] += 1 }
    // For each bucket the part that its first row is in, and whether a later row of it is in another.
    var ends: [Int] = []
    for size in sizes { ends.append((ends.last ?? 0) + size) }
    func part(at place: Int) -> Int { ends.firstIndex { place < $0 } ?? 0 }
    var partOfBucket = [UInt16](repeating: 0, count: buckets.count)
    var isCut = [Bool](repeating: false, count: buckets.count)
    var starts = [Int](repeating: 0, count: buckets.count)
    var place = 0
    for bucket in buckets.indices where buckets[bucket] > 0 {
      starts[bucket] = place
      let first = part(at: place)
      partOfBucket[bucket] = UInt16(first)
      isCut[bucket] = part(at: place + buckets[bucket] - 1) != first
      place += buckets[bucket]
    }
    var undecided: [(key: UInt64, row: Int)] = []
    var parts = [UInt16](repeating: 0, count: count)
    for row in 0..<count {
      let key = key(row)
      let bucket = Int(key >> 48)
      if isCut[bucket] { undecided.append((key, row)) } else { parts[row] = partOfBucket[bucket] }
    }
    undecided.sort { ($0.key, $0.row) < ($1.key, $1.row) }
    var previous = -1
    var next = 0
    for (key, row) in undecided {
      let bucket = Int(key >> 48)
      if bucket != previous { next = starts[bucket] }
      previous = bucket
      parts[row] = UInt16(part(at: next))
      next += 1
    }
    return parts
  }

  /// A random number that belongs to a pair of user and item.
  static func randomKey(seed: Seed, purpose: StreamPurpose, user: UInt32, item: UInt32) -> UInt64 {
    var stream = RandomStream(seed: seed, purpose: purpose, index: UInt64(user) << 32 | UInt64(item))
    return stream.next()
  }
}
