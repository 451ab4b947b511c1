/// Rows cut into blocks by the keys that they are sorted or grouped by.
struct RowBlocks {
  typealias Key = RowOrderEvidence.Key

  /// The keys, the outermost first.
  private(set) var keys: [Key] = []
  /// The ends of the blocks, ascending; the last is the number of rows.
  private(set) var ends: [Int]
  /// Whether the blocks themselves stand in an order that their keys explain.
  private(set) var isOrdered = true

  /// - Precondition: there is a row.
  init(_ columns: UnsafeRatingColumns) {
    let count = columns.users.count
    ends = [count]
    // Sorted by a key, inside blocks of the keys before, as long as there is one.
    while let key = Key.allCases.first(where: { !keys.contains($0) && isSorted(columns, by: $0) }) {
      keys.append(key)
      divide(Self.column(columns, key)!)
      if ends.count == count { break }
    }
    guard keys.isEmpty else { return }
    // In blocks of one user or one item, which stand in no order.
    for key in [Key.user, .item] where isGrouped(Self.column(columns, key)!) {
      var divided = self
      divided.divide(Self.column(columns, key)!)
      // Blocks of single rows are no blocks.
      guard divided.ends.count * 2 <= count else { continue }
      self = divided
      keys = [key]
      isOrdered = false
      while let inner = Key.allCases.first(where: { !keys.contains($0) && isSorted(columns, by: $0) }) {
        keys.append(inner)
        divide(Self.column(columns, inner)!)
      }
      return
    }
  }

  private static func column(_ columns: UnsafeRatingColumns, _ key: Key) -> UnsafeBufferPointer<UInt32>? {
    switch key {
    case .user: columns.users
    case .item: columns.items
    case .time: columns.times
    }
  }

  /// Whether the column ascends in every block, or descends in every block, and says more than the blocks do.
  private func isSorted(_ columns: UnsafeRatingColumns, by key: Key) -> Bool {
    guard let column = Self.column(columns, key) else { return false }
    var (ascends, descends) = (true, true)
    var start = 0
    for end in ends {
      for row in (start + 1)..<max(end, start + 1) {
        if column[row] < column[row - 1] { ascends = false }
        if column[row] > column[row - 1] { descends = false }
      }
      if !ascends && !descends { return false }
      start = end
    }
    // A constant column sorts nothing.
    return ascends != descends
  }

  /// Whether the rows of each value stand together.
  private func isGrouped(_ column: UnsafeBufferPointer<UInt32>) -> Bool {
    var seen = [Bool](repeating: false, count: Int(column.max() ?? 0) + 1)
    for row in column.indices where row == 0 || column[row] != column[row - 1] {
      if seen[Int(column[row])] { return false }
      seen[Int(column[row])] = true
    }
    return true
  }

  /// Cuts the blocks where the column changes.
  private mutating func divide(_ column: UnsafeBufferPointer<UInt32>) {
    var divided: [Int] = []
    var start = 0
    for end in ends {
      for row in (start + 1)..<max(end, start + 1) where column[row] != column[row - 1] { divided.append(row) }
      divided.append(end)
      start = end
    }
    ends = divided
  }

  /// Whether more than 1 in 20 neighbours inside blocks have the same user or the same item, without that being a key.
  func neighboursShareKeys(_ columns: UnsafeRatingColumns) -> Bool {
    var (shared, all) = (0, 0)
    var start = 0
    let (users, items) = (!keys.contains(.user), !keys.contains(.item))
    for end in ends {
      for row in (start + 1)..<max(end, start + 1) {
        all += 1
        if users && columns.users[row] == columns.users[row - 1]
          || items && columns.items[row] == columns.items[row - 1]
        {
          shared += 1
        }
      }
      start = end
    }
    return shared * 20 > all
  }

  /// The correlation of the blocks' positions and mean ratings; nothing where there are too few blocks.
  func blockCorrelation(_ ratings: UnsafeBufferPointer<Float>) -> [RowOrderEvidence.Test] {
    guard ends.count >= RowOrderCheck.fewestRows else { return [] }
    var means: [Float] = []
    var start = 0
    for end in ends {
      means.append(Float(ratings[start..<end].reduce(0.0) { $0 + Double($1) } / Double(end - start)))
      start = end
    }
    let codes = means.withUnsafeBufferPointer { RatingCodesOfRows($0) }
    var scratch = RankScratch(codes.count)
    guard let rho = scratch.correlation(codes.codes[...]) else { return [] }
    return [RowOrderCheck.test(.blockCorrelation, effect: rho, z: rho * Double(means.count - 1).squareRoot())]
  }
}

/// Ratings as the ranks of their distinct values.
struct RatingCodesOfRows {
  let codes: [UInt32]
  /// The number of distinct values.
  let count: Int

  init(_ ratings: UnsafeBufferPointer<Float>) {
    var known: [Float: UInt32] = [:]
    var last: (Float, UInt32)?
    // Numbered as they come, then by value.
    var codes = ratings.map { rating -> UInt32 in
      if let last, last.0 == rating { return last.1 }
      let code = known[rating] ?? UInt32(known.count)
      known[rating] = code
      last = (rating, code)
      return code
    }
    var ranks = [UInt32](repeating: 0, count: known.count)
    for (rank, entry) in known.sorted(by: { $0.key < $1.key }).enumerated() { ranks[Int(entry.value)] = UInt32(rank) }
    for row in codes.indices { codes[row] = ranks[Int(codes[row])] }
    self.codes = codes
    count = known.count
  }
}

/// Spearman's correlation of position and value, for one block after another.
struct RankScratch {
  private var counts: [Int]
  private var before: [Int]

  init(_ distinct: Int) {
    counts = [Int](repeating: 0, count: distinct)
    before = counts
  }

  /// nil where all values are the same.
  mutating func correlation(_ codes: ArraySlice<UInt32>) -> Double? {
    let m = codes.count
    for code in codes { counts[Int(code)] += 1 }
    let present = m < counts.count ? Array(Set(codes)).sorted() : nil
    defer {
      if let present {
        for code in present { counts[Int(code)] = 0 }
      } else {
        for code in counts.indices { counts[code] = 0 }
      }
    }
    var place = 0
    var ties = 0.0
    func visit(_ code: Int) {
      let t = Double(counts[code])
      before[code] = place
      place += counts[code]
      ties += t * t * t - t
    }
    if let present { for code in present { visit(Int(code)) } } else { for code in counts.indices { visit(code) } }
    let size = Double(m)
    let cube = size * size * size - size
    guard cube > ties else { return nil }
    let middle = (size + 1) / 2
    var sum = 0.0
    for (position, code) in codes.enumerated() {
      let rank = Double(before[Int(code)]) + Double(counts[Int(code)] + 1) / 2
      sum += (Double(position + 1) - middle) * (rank - middle)
    }
    return 12 * sum / (cube * (cube - ties)).squareRoot()
  }
}
