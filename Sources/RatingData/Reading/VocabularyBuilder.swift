import RatingNumerics

/// Finds the distinct identifiers of one column over all pieces, and turns the pieces' codes into dense indices.
struct VocabularyBuilder {
  let vocabulary: Vocabulary
  /// Dense index by number, where the pieces' numbers are small enough for a table.
  private let table: UnsafeMutableBufferPointer<UInt32>?
  /// Dense index by position in a piece's list of distinct codes, one array a piece.
  private let lists: [[UInt32]]

  /// - Parameter columns: one for each piece, with its number of rows and the texts behind its negative codes.
  init(_ columns: [(column: CodeColumn, rows: Int, codes: IdentifierCodes)], threads: Int?) {
    let rows = columns.reduce(0) { $0 + $1.rows }
    let largest = columns.map { $0.column.distinct == nil && $0.rows > 0 ? Int($0.column.largest) : 0 }.max() ?? 0
    let tableSize = largest + 1
    // A table by number, unless the numbers are few and far apart.
    let usesTable = tableSize <= max(1 << 22, 8 * rows)
    var columns = columns
    if !usesTable { for piece in columns.indices { columns[piece].column.list(rows: columns[piece].rows) } }

    let present = Self.present(columns, size: usesTable ? tableSize : 0, threads: threads)
    var numbers: [Int64] = []
    var identifiers: Set<Identifier> = []
    for (column, _, codes) in columns {
      for code in column.distinct ?? [] where code < 0 { identifiers.insert(codes.identifier(code)) }
    }
    for number in 0..<present.count where present[number] != 0 { numbers.append(Int64(number)) }
    present.deallocate()
    var listed: Set<Int64> = []
    for (column, _, _) in columns { for code in column.distinct ?? [] where code >= 0 { listed.insert(code) } }
    if !listed.isEmpty { numbers = listed.union(numbers).sorted() }

    if identifiers.isEmpty {
      vocabulary = Vocabulary(integers: numbers)
    } else {
      vocabulary = Vocabulary(numbers.map { Identifier($0) } + identifiers)
    }

    var indices: [Int64: UInt32] = [:]
    let needsIndices = columns.contains { $0.column.distinct != nil }
    var table: UnsafeMutableBufferPointer<UInt32>?
    if usesTable {
      table = .allocate(capacity: tableSize)
      table!.initialize(repeating: 0)
    }
    for (position, number) in numbers.enumerated() {
      // Numbers come before all text in a vocabulary, so a number's position among numbers is its index.
      if usesTable && number < tableSize { table![Int(number)] = UInt32(position) }
      if needsIndices { indices[number] = UInt32(position) }
    }
    self.table = table
    var lists: [[UInt32]] = []
    for (column, _, codes) in columns {
      var list: [UInt32] = []
      for code in column.distinct ?? [] {
        list.append(code >= 0 ? indices[code]! : UInt32(vocabulary.index(of: codes.identifier(code))!))
      }
      lists.append(list)
    }
    self.lists = lists
    self.columns = columns.map(\.column)
  }

  private let columns: [CodeColumn]

  /// A byte for each number up to `size`, 1 where some direct column has it.
  private static func present(
    _ columns: [(column: CodeColumn, rows: Int, codes: IdentifierCodes)], size: Int, threads: Int?
  ) -> UnsafeMutableBufferPointer<UInt8> {
    // Threads mark tables of their own, which are then put together: the same whatever their number.
    let groups = max(1, min(threads ?? Parallel.availableThreads, columns.count, 16))
    let marks = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: size)
    marks.initialize(repeating: 0)
    guard size > 0 else { return marks }
    nonisolated(unsafe) let columns = columns
    nonisolated(unsafe) let tables = (0..<groups).map { group -> UnsafeMutableBufferPointer<UInt8> in
      if group == 0 { return marks }
      let table = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: size)
      table.initialize(repeating: 0)
      return table
    }
    Parallel.forEach(groups, threads: threads) { group in
      let table = tables[group].baseAddress!
      for piece in stride(from: group, to: columns.count, by: groups) where columns[piece].column.distinct == nil {
        let codes = columns[piece].column.codes
        for row in 0..<columns[piece].rows { table[Int(codes[row])] = 1 }
      }
    }
    for table in tables.dropFirst() {
      for number in 0..<size { marks[number] |= table[number] }
      table.deallocate()
    }
    return marks
  }

  /// Writes the dense indices of a piece's rows to `target`, which may be the piece's own memory.
  func write(piece: Int, rows: Int, to target: UnsafeMutablePointer<UInt32>) {
    let codes = columns[piece].codes
    if columns[piece].distinct != nil {
      lists[piece].withUnsafeBufferPointer { list in
        for row in 0..<rows { target[row] = list[Int(codes[row])] }
      }
    } else {
      let table = table!.baseAddress!
      for row in 0..<rows { target[row] = table[Int(codes[row])] }
    }
  }

  func release() { table?.deallocate() }
}
