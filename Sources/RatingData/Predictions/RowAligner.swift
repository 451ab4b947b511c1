#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One file of a join by position: its decoder, and the batch that is being consumed.
final class PositionalStream {
  let decoder: RowDecoder
  let batch = RowBatch()
  fileprivate(set) var position = 0
  /// The movie lines that were passed, for the comparison of files that don't agree.
  private(set) var blocks = BlockIndex()

  init(_ decoder: RowDecoder) {
    self.decoder = decoder
    (decoder as? BlockDecoder)?.onBlock = { [unowned self] in blocks.append(item: $0, line: $1, rows: $2) }
  }

  fileprivate var available: Int { batch.count - position }

  fileprivate func refill() {
    batch.count = 0
    position = 0
    _ = decoder.fill(batch)
  }

  fileprivate func drain() {
    repeat { refill() } while batch.count > 0
  }
}

/// Walks several files in step, row by row, as long as their movies agree.
enum RowAligner {
  /// Calls `body` with the number of rows that all streams have next; `stream.rows` are then where they lie.
  ///
  /// - Returns: whether every row of every stream had its partners. Where not, all streams were still read to their
  ///   end, so that each has noted its own problems.
  static func align(_ streams: [PositionalStream], _ body: (Int) -> Void) -> Bool {
    let first = streams[0]
    var aligned = true
    while aligned {
      for stream in streams where stream.available == 0 { stream.refill() }
      let rows = streams.reduce(Int.max) { min($0, $1.available) }
      if rows == 0 {
        aligned = streams.allSatisfy { $0.available == 0 }
        break
      }
      for stream in streams.dropFirst() {
        let same = memcmp(
          first.batch.items + first.position, stream.batch.items + stream.position, rows * MemoryLayout<Int64>.stride)
        if same != 0 { aligned = false }
      }
      guard aligned else { break }
      body(rows)
      for stream in streams { stream.position += rows }
    }
    for stream in streams { stream.drain() }
    return aligned
  }
}

extension PositionalStream {
  var users: UnsafePointer<Int64> { UnsafePointer(batch.users + position) }
  var items: UnsafePointer<Int64> { UnsafePointer(batch.items + position) }
  var values: UnsafePointer<Int64> { UnsafePointer(batch.values + position) }
  var times: UnsafePointer<UInt32> { UnsafePointer(batch.times + position) }
  var lines: UnsafePointer<Int> { UnsafePointer(batch.lines + position) }
}

/// The movies of a block file in order, with the line and the number of rows of each. Bounded: a file with more than
/// `limit` movies is compared by its first ones.
struct BlockIndex {
  static let limit = 1 << 20

  private(set) var items: [Int64] = []
  private(set) var lines: [Int] = []
  private(set) var rows: [Int] = []

  mutating func append(item: Int64, line: Int, rows: Int) {
    guard items.count < Self.limit else { return }
    items.append(item)
    lines.append(line)
    self.rows.append(rows)
  }

  /// Whether the movie lines and the numbers of rows are the same.
  func agrees(with other: BlockIndex) -> Bool { items == other.items && rows == other.rows }

  /// Notes in `log` how the blocks of a file differ from the reference's.
  func compare(with reference: BlockIndex, referenceFile: String, in log: inout ProblemLog) {
    var positions: [Int64: Int] = [:]
    for (position, item) in reference.items.enumerated() where positions[item] == nil { positions[item] = position }
    var seen = Set<Int64>()
    var last = -1
    var differs = false
    func count(_ rows: Int) -> String { rows == 1 ? "1 row" : "\(rows) rows" }
    var same = 0
    while same < min(items.count, reference.items.count) && items[same] == reference.items[same] { same += 1 }
    for (position, item) in items.enumerated() {
      // As far as the movie lines agree, a movie is compared with the one at its place.
      guard let expected = position < same ? position : positions[item] else {
        differs = true
        log.record(
          .extraRows, line: lines[position],
          "movie \(item) is not in \(referenceFile); the movie lines must be the same, in the same order")
        continue
      }
      if !seen.insert(item).inserted && position >= same {
        differs = true
        log.record(
          .wrongOrder, line: lines[position],
          "movie \(item) has a movie line before; write the movies once, in the order of \(referenceFile)")
        continue
      }
      if expected < last {
        differs = true
        log.record(
          .wrongOrder, line: lines[position],
          "movie \(item) stands in another place than in \(referenceFile); keep the order of the questions")
        continue
      }
      last = expected
      let wanted = reference.rows[expected]
      if rows[position] < wanted {
        differs = true
        log.record(
          .missingRows, line: lines[position],
          "movie \(item) has \(count(rows[position])) where \(referenceFile) has \(wanted); every question needs one row"
        )
      } else if rows[position] > wanted {
        differs = true
        log.record(
          .extraRows, line: lines[position],
          "movie \(item) has \(count(rows[position])) where \(referenceFile) has \(wanted); give one row for each question"
        )
      }
    }
    let missing = reference.items.filter { !seen.contains($0) }
    if let first = missing.first {
      differs = true
      log.record(
        .missingRows, count: missing.count, lines: [],
        missing.count == 1
          ? "movie \(first) of \(referenceFile) is missing; every question needs one row"
          : "\(missing.count) movies of \(referenceFile) are missing, the first of them \(first);"
            + " every question needs one row")
    }
    if !differs {
      log.record(.wrongOrder, "the movies do not stand in the order of \(referenceFile)")
    }
  }
}
