import RatingNumerics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The rows of one piece of the input, in columns, before dense indices are known.
///
/// A piece either writes into its part of the final columns, whose room was known beforehand, or into memory of its own
/// that grows.
final class PieceColumns: @unchecked Sendable {
  private(set) var count = 0
  private var capacity: Int
  private let owned: Bool
  private(set) var users: CodeColumn
  private(set) var items: CodeColumn
  private(set) var ratings: UnsafeMutablePointer<Float>
  private(set) var times: UnsafeMutablePointer<UInt32>?
  private(set) var minimum = Float.infinity
  private(set) var maximum = -Float.infinity
  private(set) var lineMap = LineMap()
  /// The texts behind negative codes.
  let codes = IdentifierCodes()
  var log: ProblemLog

  /// A piece that writes from row `offset` of `columns`, where there is room for `capacity` rows.
  init(in columns: RatingColumns, offset: Int, capacity: Int, file: String) {
    owned = false
    self.capacity = capacity
    users = CodeColumn(columns.users + offset)
    items = CodeColumn(columns.items + offset)
    ratings = columns.ratings + offset
    times = columns.times.map { $0 + offset }
    log = ProblemLog(file: file)
  }

  /// A piece that owns its memory.
  init(growing times: Bool, file: String) {
    owned = true
    capacity = 1 << 12
    users = CodeColumn(.allocate(capacity: capacity))
    items = CodeColumn(.allocate(capacity: capacity))
    ratings = .allocate(capacity: capacity)
    self.times = times ? .allocate(capacity: capacity) : nil
    log = ProblemLog(file: file)
  }

  /// Frees memory of its own; the columns are then gone.
  func release() {
    guard owned, capacity > 0 else { return }
    free(users.codes)
    free(items.codes)
    free(ratings)
    free(times)
    capacity = 0
  }

  deinit { release() }

  func append(_ batch: RowBatch) {
    let rows = batch.count
    if count + rows > capacity { grow(to: count + rows) }
    users.append(batch.users, count: rows, at: count)
    items.append(batch.items, count: rows, at: count)
    let target = ratings + count
    let scale = Double(FixedDecimal.unitsPerOne)
    var low = minimum
    var high = maximum
    for row in 0..<rows {
      let rating = Float(Double(batch.values[row]) / scale)
      target[row] = rating
      low = rating < low ? rating : low
      high = rating > high ? rating : high
    }
    minimum = low
    maximum = high
    if let times { (times + count).update(from: batch.times, count: rows) }
    lineMap.append(lines: batch.lines, count: rows, firstRow: count)
    count += rows
  }

  private func grow(to needed: Int) {
    precondition(owned, "a piece of \(capacity) rows got \(needed)")
    capacity = max(needed, capacity * 2)
    func larger<T>(_ pointer: UnsafeMutablePointer<T>) -> UnsafeMutablePointer<T> {
      realloc(pointer, capacity * MemoryLayout<T>.stride)!.assumingMemoryBound(to: T.self)
    }
    users.codes = larger(users.codes)
    items.codes = larger(items.codes)
    ratings = larger(ratings)
    times = times.map(larger)
  }
}

/// One column of identifiers in 32 bits: the numbers themselves while all of them fit, positions in a list of the
/// distinct ones from the first that doesn't.
struct CodeColumn {
  var codes: UnsafeMutablePointer<UInt32>
  /// The largest number, where `distinct` is nil.
  private(set) var largest: UInt32 = 0
  /// The identifier codes that the column's elements are positions in; nil while the elements are the numbers.
  private(set) var distinct: [Int64]?
  private var positions: [Int64: UInt32] = [:]

  init(_ codes: UnsafeMutablePointer<UInt32>) { self.codes = codes }

  mutating func append(_ source: UnsafePointer<Int64>, count: Int, at row: Int) {
    if distinct == nil {
      var all: UInt64 = 0
      var high = largest
      let target = codes + row
      for k in 0..<count {
        let code = UInt64(bitPattern: source[k])
        all |= code
        let narrow = UInt32(truncatingIfNeeded: code)
        target[k] = narrow
        high = narrow > high ? narrow : high
      }
      // The highest number is kept free, because it stands for an unknown identifier elsewhere.
      if all >> 32 == 0 && high < UInt32.max {
        largest = high
        return
      }
      list(rows: row)
    }
    for k in 0..<count { codes[row + k] = position(of: source[k]) }
  }

  /// Makes the elements of the first `rows` rows positions in a list of distinct numbers.
  mutating func list(rows: Int) {
    guard distinct == nil else { return }
    distinct = []
    for row in 0..<rows { codes[row] = position(of: Int64(codes[row])) }
  }

  private mutating func position(of code: Int64) -> UInt32 {
    if let known = positions[code] { return known }
    let new = UInt32(distinct!.count)
    distinct!.append(code)
    positions[code] = new
    return new
  }
}

/// Which line a row came from, kept only where the distance between the two changes.
struct LineMap: Sendable {
  private var starts: [(row: Int, line: Int)] = []
  private var nextRow = 0
  private var nextLine = -1

  mutating func append(lines: UnsafePointer<Int>, count: Int, firstRow: Int) {
    guard count > 0 else { return }
    if lines[0] == nextLine && lines[count - 1] == nextLine + count - 1 {
      nextLine += count
      return
    }
    for k in 0..<count {
      if lines[k] != nextLine { starts.append((firstRow + k, lines[k])) }
      nextLine = lines[k] + 1
    }
  }

  /// The line of a row of the piece.
  func line(ofRow row: Int) -> Int {
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle].row <= row { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return 0 }
    return starts[low - 1].line + row - starts[low - 1].row
  }
}
