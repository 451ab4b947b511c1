import RatingNumerics

/// The ratings that occur in a data set, as a table of at most 65,536, so that 16 bits name one.
///
/// A data set of more different ratings than that is rounded to the nearest of 65,536 levels at equal distances from
/// the lowest to the highest rating: off by at most 1/131,070 of their range.
struct RatingCodes: Sendable {
  static let most = 1 << 16

  /// In rising order.
  let values: [Float]
  /// From the bits of a rating to its place in `values`; nil where ratings are rounded to levels.
  private let places: FloatTable?

  /// Whether every rating is in `values`, none rounded to a level.
  var isExact: Bool { places != nil }

  /// - Complexity: O(ratings), in parallel.
  init(_ ratings: UnsafeBufferPointer<Float>, threads: Int?) {
    nonisolated(unsafe) let ratings = ratings
    let pieces = Parallel.rowPieces(ratings.count, threads: threads)
    let tables = Parallel.map(pieces.count, threads: threads) { piece in
      var table = FloatTable()
      table.insert(UnsafeBufferPointer(rebasing: ratings[pieces[piece]]), most: Self.most)
      return table
    }
    var table = tables.first ?? FloatTable()
    for other in tables.dropFirst() where table.count <= Self.most {
      for key in other.keys { table.insert(key) }
    }
    if table.count <= Self.most {
      values = table.keys.sorted()
      for (place, value) in values.enumerated() { table.set(value, to: UInt16(place)) }
      places = table
    } else {
      var (lowest, highest) = (ratings[0], ratings[0])
      for rating in ratings {
        lowest = min(lowest, rating)
        highest = max(highest, rating)
      }
      let step = (Double(highest) - Double(lowest)) / Double(Self.most - 1)
      values = (0..<Self.most).map { Float(Double(lowest) + Double($0) * step) }
      places = nil
    }
  }

  /// The place of a rating of the data set in `values`.
  func code(_ rating: Float) -> UInt16 { withCoder { $0.code(rating) } }

  /// Calls `body` with what codes one rating after the other; it is valid during the call only.
  @inline(__always)
  func withCoder<Result>(_ body: (Coder) -> Result) -> Result {
    if let places {
      return places.withReader { body(Coder(places: $0, lowest: 0, highest: 0)) }
    }
    return body(Coder(places: nil, lowest: Double(values[0]), highest: Double(values[Self.most - 1])))
  }

  struct Coder {
    fileprivate let places: FloatTable.Reader?
    fileprivate let lowest: Double
    fileprivate let highest: Double

    @inline(__always)
    func code(_ rating: Float) -> UInt16 {
      if let places { return places.placed[places.slot(rating.bitPattern)] }
      return UInt16(((Double(rating) - lowest) / (highest - lowest) * Double(RatingCodes.most - 1)).rounded())
    }
  }
}

/// A hash table from numbers to places: open addressing, at most half full.
private struct FloatTable: Sendable {
  // No finite rating has these bits.
  private static let empty = UInt32.max
  private var bits = [UInt32](repeating: empty, count: 64)
  private var placed = [UInt16](repeating: 0, count: 64)
  private(set) var count = 0

  var keys: [Float] { bits.filter { $0 != Self.empty }.map(Float.init(bitPattern:)) }

  /// The table in memory.
  struct Reader {
    let bits: UnsafePointer<UInt32>
    let placed: UnsafePointer<UInt16>
    let mask: Int
    let shift: UInt32

    @inline(__always)
    func holds(_ key: UInt32) -> Bool { bits[slot(key)] == key }

    /// Where a key is, or would be.
    @inline(__always)
    func slot(_ key: UInt32) -> Int {
      // The product's high bits: the low ones of usual ratings, whose bits end with zeros, are all the same.
      var slot = Int((key &* 0x9E37_79B1) &>> shift)
      while bits[slot] != key && bits[slot] != FloatTable.empty { slot = (slot + 1) & mask }
      return slot
    }
  }

  @inline(__always)
  func withReader<Result>(_ body: (Reader) -> Result) -> Result {
    bits.withUnsafeBufferPointer { bits in
      placed.withUnsafeBufferPointer { placed in
        body(
          Reader(
            bits: bits.baseAddress!, placed: placed.baseAddress!, mask: bits.count - 1,
            shift: UInt32(bits.count.leadingZeroBitCount + 1 - 32)))
      }
    }
  }

  mutating func set(_ value: Float, to place: UInt16) {
    placed[withReader { $0.slot(value.bitPattern) }] = place
  }

  mutating func insert(_ value: Float) {
    let slot = withReader { $0.slot(value.bitPattern) }
    if bits[slot] == value.bitPattern { return }
    bits[slot] = value.bitPattern
    count += 1
    if 2 * count > bits.count { grow() }
  }

  /// Inserts ratings until all of them are in the table or it holds more than `most`.
  mutating func insert(_ ratings: UnsafeBufferPointer<Float>, most: Int) {
    var row = 0
    while count <= most {
      row = withReader { reader in
        var row = row
        while row < ratings.count, reader.holds(ratings[row].bitPattern) { row &+= 1 }
        return row
      }
      guard row < ratings.count else { return }
      insert(ratings[row])
    }
  }

  private mutating func grow() {
    let keys = bits.filter { $0 != Self.empty }
    bits = [UInt32](repeating: Self.empty, count: 2 * bits.count)
    placed = [UInt16](repeating: 0, count: bits.count)
    for key in keys { bits[withReader { $0.slot(key) }] = key }
  }
}
