#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Puts rows that come in any order into order of item, in bounded memory.
///
/// Rows are dealt to buckets, each a range of items. While there is one bucket it stays in memory; otherwise buckets go
/// to a temporary file without a name, in pieces, and come back one at a time (`SortedBuckets`). Rows of one item keep
/// the order in which they came.
///
/// Memory: a piece for each bucket, 200 KB. Complexity: O(rows).
final class ItemOrder {
  static let defaultRowsPerBucket = 2_000_000
  private static let piece = 16_384

  private let items: Int
  private let itemsPerBucket: Int
  private var buckets: [[PrizeRow]]
  private var spilled: [[SortedBuckets.Piece]]
  private let file: TemporaryFile?
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
    file = count > 1 ? try TemporaryFile() : nil
    if count > 1 { for bucket in buckets.indices { buckets[bucket].reserveCapacity(Self.piece) } }
  }

  func append(_ rows: [PrizeRow]) throws(RatingDataError) {
    guard let file else {
      buckets[0].append(contentsOf: rows)
      return
    }
    for row in rows {
      let bucket = Int(row.item - 1) / itemsPerBucket
      buckets[bucket].append(row)
      if buckets[bucket].count == Self.piece { try spill(bucket, to: file) }
    }
  }

  /// All rows that came. Ends the object's use.
  func sorted() throws(RatingDataError) -> SortedBuckets {
    if let file { for bucket in buckets.indices { try spill(bucket, to: file) } }
    defer { buckets = [] }
    return SortedBuckets(
      items: items, itemsPerBucket: itemsPerBucket, inMemory: file == nil ? buckets[0] : [], pieces: spilled, file: file
    )
  }

  private func spill(_ bucket: Int, to file: TemporaryFile) throws(RatingDataError) {
    let rows = buckets[bucket]
    if rows.isEmpty { return }
    try file.write(rows, at: written)
    spilled[bucket].append(.init(offset: written, count: rows.count))
    written += rows.count * MemoryLayout<PrizeRow>.stride
    buckets[bucket].removeAll(keepingCapacity: true)
  }
}

/// The rows of an `ItemOrder`, a bucket at a time, on any thread.
struct SortedBuckets: Sendable {
  struct Piece {
    var offset: Int
    var count: Int
  }

  fileprivate let items: Int
  fileprivate let itemsPerBucket: Int
  /// The only bucket, where there is no file.
  fileprivate let inMemory: [PrizeRow]
  fileprivate let pieces: [[Piece]]
  fileprivate let file: TemporaryFile?

  var count: Int { pieces.count }

  /// Calls `body` with each item of a bucket, ascending, and its rows, of which there may be none.
  ///
  /// - Complexity: O(rows of the bucket), and twice their memory.
  func forEachItem(
    ofBucket bucket: Int, _ body: (Int, ArraySlice<PrizeRow>) throws(RatingDataError) -> Void
  ) throws(RatingDataError) {
    let firstItem = bucket * itemsPerBucket + 1
    let lastItem = min(firstItem + itemsPerBucket - 1, items)
    guard firstItem <= lastItem else { return }
    // A counting sort, which keeps the order of an item's rows.
    var starts = [Int](repeating: 0, count: lastItem - firstItem + 2)
    let sorted: [PrizeRow]
    do {
      let rows = try load(bucket)
      for row in rows { starts[Int(row.item) - firstItem + 1] += 1 }
      for item in 1..<starts.count { starts[item] += starts[item - 1] }
      var next = starts
      sorted = [PrizeRow](unsafeUninitializedCapacity: rows.count) { buffer, count in
        for row in rows {
          let item = Int(row.item) - firstItem
          (buffer.baseAddress! + next[item]).initialize(to: row)
          next[item] += 1
        }
        count = rows.count
      }
    }
    for item in firstItem...lastItem {
      try body(item, sorted[starts[item - firstItem]..<starts[item - firstItem + 1]])
    }
  }

  private func load(_ bucket: Int) throws(RatingDataError) -> [PrizeRow] {
    guard let file else { return inMemory }
    let total = pieces[bucket].reduce(0) { $0 + $1.count }
    var failure: RatingDataError?
    let rows = [PrizeRow](unsafeUninitializedCapacity: total) { buffer, loaded in
      do throws(RatingDataError) {
        for piece in pieces[bucket] {
          try file.read(
            UnsafeMutableRawBufferPointer(
              start: buffer.baseAddress! + loaded, count: piece.count * MemoryLayout<PrizeRow>.stride), at: piece.offset
          )
          loaded += piece.count
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
    return rows
  }
}

/// A file without a name, in the system's folder for temporary files, that goes with the process.
private final class TemporaryFile: @unchecked Sendable {
  // Unchecked: the pointer is used for its descriptor alone, whose reads and writes say where.
  private let file: UnsafeMutablePointer<FILE>

  init() throws(RatingDataError) {
    guard let file = tmpfile() else { throw Self.failure() }
    self.file = file
  }

  deinit { fclose(file) }

  func write(_ rows: [PrizeRow], at offset: Int) throws(RatingDataError) {
    let isWritten = rows.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let n = pwrite(fileno(file), bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
        if n < 0 && errno == EINTR { continue }
        if n <= 0 { return false }
        done += n
      }
      return true
    }
    if !isWritten { throw Self.failure() }
  }

  func read(_ bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws(RatingDataError) {
    var done = 0
    while done < bytes.count {
      let n = pread(fileno(file), bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
      if n < 0 && errno == EINTR { continue }
      if n <= 0 { throw Self.failure() }
      done += n
    }
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
