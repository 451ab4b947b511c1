#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Puts rows that come in any order into order of item, in bounded memory.
///
/// Rows are dealt to buckets, each a range of items. While there is one bucket it stays in memory; otherwise buckets go
/// to a temporary file without a name, in pieces, and come back one at a time. Rows of one item keep the order in which
/// they came.
///
/// Memory: one bucket of about `rowsPerBucket` rows twice, and a piece for each bucket. Complexity: O(rows).
final class ItemOrder {
  static let defaultRowsPerBucket = 4_000_000
  private static let piece = 16_384

  private let items: Int
  private let itemsPerBucket: Int
  private var buckets: [[PrizeRow]]
  private var spilled: [[(offset: Int, count: Int)]]
  private var file: UnsafeMutablePointer<FILE>?
  private var written = 0

  /// - Parameters:
  ///   - items: item ids are in 1...`items`.
  ///   - rows: about how many will come.
  init(items: Int, rows: Int, rowsPerBucket: Int = defaultRowsPerBucket) throws(RatingDataError) {
    self.items = items
    let count = min(max((rows + rowsPerBucket - 1) / rowsPerBucket, 1), max(items, 1))
    itemsPerBucket = max((items + count - 1) / count, 1)
    buckets = Array(repeating: [], count: count)
    spilled = Array(repeating: [], count: count)
    if count > 1 {
      file = tmpfile()
      if file == nil { throw Self.failure() }
    }
  }

  deinit { if let file { fclose(file) } }

  func append(_ rows: [PrizeRow]) throws(RatingDataError) {
    for row in rows {
      let bucket = Int(row.item - 1) / itemsPerBucket
      buckets[bucket].append(row)
      if file != nil && buckets[bucket].count >= Self.piece { try spill(bucket) }
    }
  }

  /// Calls `body` with each item from 1 on and its rows, of which there may be none. Ends the object's use.
  func forEachItem(_ body: (Int, ArraySlice<PrizeRow>) throws(RatingDataError) -> Void) throws(RatingDataError) {
    for bucket in buckets.indices {
      let firstItem = bucket * itemsPerBucket + 1
      let lastItem = min(firstItem + itemsPerBucket - 1, items)
      guard firstItem <= lastItem else { break }
      let rows = try load(bucket)
      // A counting sort, which keeps the order of an item's rows.
      var starts = [Int](repeating: 0, count: lastItem - firstItem + 2)
      for row in rows { starts[Int(row.item) - firstItem + 1] += 1 }
      for item in 1..<starts.count { starts[item] += starts[item - 1] }
      var next = starts
      let sorted = [PrizeRow](unsafeUninitializedCapacity: rows.count) { buffer, count in
        for row in rows {
          let item = Int(row.item) - firstItem
          (buffer.baseAddress! + next[item]).initialize(to: row)
          next[item] += 1
        }
        count = rows.count
      }
      for item in firstItem...lastItem {
        try body(item, sorted[starts[item - firstItem]..<starts[item - firstItem + 1]])
      }
    }
  }

  private func spill(_ bucket: Int) throws(RatingDataError) {
    let count = buckets[bucket].count
    let done = buckets[bucket].withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
    if done != count * MemoryLayout<PrizeRow>.stride { throw Self.failure() }
    spilled[bucket].append((written, count))
    written += done
    buckets[bucket].removeAll(keepingCapacity: true)
  }

  private func load(_ bucket: Int) throws(RatingDataError) -> [PrizeRow] {
    defer { buckets[bucket] = [] }
    if spilled[bucket].isEmpty { return buckets[bucket] }
    try spill(bucket)
    let stride = MemoryLayout<PrizeRow>.stride
    let total = spilled[bucket].reduce(0) { $0 + $1.count }
    var failed = false
    let rows = [PrizeRow](unsafeUninitializedCapacity: total) { buffer, loaded in
      for piece in spilled[bucket] {
        let wanted = piece.count * stride
        guard fseek(file, piece.offset, SEEK_SET) == 0, fread(buffer.baseAddress! + loaded, 1, wanted, file) == wanted
        else {
          failed = true
          return
        }
        loaded += piece.count
      }
    }
    if failed { throw Self.failure() }
    return rows
  }

  private static func failure() -> RatingDataError {
    RatingDataError(
      .cannotWrite,
      [
        Problem(
          .error, "cannot-write", file: "temporary file",
          message: "can't be written or read back: \(String(cString: strerror(errno))); check that the system's folder "
            + "for temporary files is writable and has room for 12 bytes a rating")
      ])
  }
}
