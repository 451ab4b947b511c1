import RatingNumerics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The rows of one part of the input, in columns, before dense indices are known.
///
/// They stand in their place in the final columns, or in memory of their own.
final class PieceColumns: @unchecked Sendable {
  private(set) var count = 0
  let capacity: Int
  /// The first row in the final columns; nil in memory of their own.
  let offset: Int?
  private var memory: UnsafeMutableRawPointer?
  var users: CodeColumn
  private(set) var items: Items
  let ratings: UnsafeMutablePointer<Float>
  let times: UnsafeMutablePointer<UInt32>?
  private(set) var minimum = Float.infinity
  private(set) var maximum = -Float.infinity
  var lineMap = LineMap()
  /// The texts behind negative codes.
  let codes = IdentifierCodes()
  var log: ProblemLog

  /// The items of rows: each of its own, or one for all rows of a block.
  enum Items {
    case codes(CodeColumn)
    case runs(ItemRuns)
  }

  /// Columns from row `offset` of `room`, for `capacity` rows.
  init(in room: ColumnRoom, offset: Int, capacity: Int, blocks: Bool, file: String) {
    self.capacity = capacity
    self.offset = offset
    users = CodeColumn(room.users + offset)
    items = blocks ? .runs(ItemRuns()) : .codes(CodeColumn(room.items + offset))
    ratings = room.ratings + offset
    times = room.times.map { $0 + offset }
    log = ProblemLog(file: file)
  }

  /// Columns for `capacity` rows in memory of their own.
  init(capacity: Int, times hasTimes: Bool, blocks: Bool, file: String) {
    self.capacity = capacity
    offset = nil
    let room = max(capacity, 1)
    let memory = malloc(4 * room * 4)!
    self.memory = memory
    func column(_ number: Int) -> UnsafeMutableRawPointer { memory + 4 * room * number }
    users = CodeColumn(column(0).bindMemory(to: UInt32.self, capacity: room))
    items = blocks ? .runs(ItemRuns()) : .codes(CodeColumn(column(1).bindMemory(to: UInt32.self, capacity: room)))
    ratings = column(2).bindMemory(to: Float.self, capacity: room)
    times = hasTimes ? column(3).bindMemory(to: UInt32.self, capacity: room) : nil
    log = ProblemLog(file: file)
  }

  /// Frees memory of their own; the columns are then gone.
  func release() {
    free(memory)
    memory = nil
  }

  deinit { release() }

  /// Adds the rows of a batch, as far as there is room: good lines always have room.
  func append(_ batch: RowBatch) {
    let rows = min(batch.count, capacity - count)
    guard rows > 0 else { return }
    users.append(batch.users, count: rows, at: count)
    switch items {
    case .codes(var column):
      items = .runs(ItemRuns())
      column.append(batch.items, count: rows, at: count)
      items = .codes(column)
    case .runs(var runs):
      items = .runs(ItemRuns())
      for row in 0..<rows { runs.append(batch.items[row], atRow: count + row) }
      items = .runs(runs)
    }
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

  /// Takes rows that a decoder has written behind the others itself: `rows` of one item, from line `line` on.
  func take(rows: Int, item: Int64, line: Int, largestUser: UInt32) {
    guard rows > 0 else { return }
    users.take(largest: largestUser)
    if case .runs(var runs) = items {
      items = .runs(ItemRuns())
      runs.append(item, atRow: count)
      items = .runs(runs)
    }
    lineMap.append(line: line, count: rows, firstRow: count)
    count += rows
  }
}

/// The items of block files: one for each run of rows.
struct ItemRuns {
  private(set) var runs: [(row: Int, item: Int64)] = []

  mutating func append(_ item: Int64, atRow row: Int) {
    if runs.last?.item != item { runs.append((row, item)) }
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

  /// Notes numbers that were written as themselves.
  ///
  /// - Precondition: `distinct` is nil, and `largest` is less than the highest number.
  mutating func take(largest: UInt32) { self.largest = max(self.largest, largest) }

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
  var starts: [(row: Int, line: Int)] = []
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

  /// Adds rows that stand on lines one behind the other.
  mutating func append(line: Int, count: Int, firstRow: Int) {
    if line != nextLine { starts.append((firstRow, line)) }
    nextLine = line + count
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
