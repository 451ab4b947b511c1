/// One file's values, put where their pairs stand in the reference.
struct PairLookUp {
  /// Stands where a row has no value yet.
  static let missing = Int64.min

  private(set) var values: [Int64]
  private let rows: PairColumns
  private let table: PairTable
  private let role: InputRole
  private let ignoresUnknown: Bool
  private var users: Set<Int64>?
  private var items: Set<Int64> = []
  /// Unknown pairs that would be known with user and item exchanged, and their first lines.
  private var swapped = 0
  private var unknown = ProblemLog(file: "")
  private var repeated = 0
  /// The row that the next pair has, if the file stands in the reference's order.
  private var expected = 0

  init(_ rows: PairColumns, _ table: PairTable, role: InputRole, ignoresUnknown: Bool) {
    self.rows = rows
    self.role = role
    self.ignoresUnknown = ignoresUnknown
    self.table = table
    values = [Int64](repeating: Self.missing, count: rows.count)
  }

  mutating func add(_ batch: RowBatch, log: inout ProblemLog) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: RowBatch.capacity) { found in
      table.find(
        users: batch.users, items: batch.items, count: batch.count, expected: &expected, into: found.baseAddress!)
      for k in 0..<batch.count {
        let row = found[k]
        if row < 0 {
          if !ignoresUnknown { noteUnknown(user: batch.users[k], item: batch.items[k], line: batch.lines[k]) }
        } else if values[row] != Self.missing {
          repeated += 1
          log.record(
            .duplicatePair, line: batch.lines[k],
            "the pair occurs before in this file; give each (user, item) pair once")
        } else {
          values[row] = batch.values[k]
        }
      }
    }
  }

  private mutating func noteUnknown(user: Int64, item: Int64, line: Int) {
    if users == nil {
      users = Set(rows.users)
      items = Set(rows.items)
    }
    if table.row(user: item, item: user) >= 0 { swapped += 1 }
    let reference = RatingFiles.name(rows.input.file)
    if !users!.contains(user) {
      unknown.record(
        .unknownUser, line: line,
        "user '\(rows.codes.identifier(user))' is not in \(reference); predict the pairs that are asked, and no others")
    } else if !items.contains(item) {
      unknown.record(
        .unknownItem, line: line,
        "item '\(rows.codes.identifier(item))' is not in \(reference); predict the pairs that are asked, and no others")
    } else {
      unknown.record(
        .unknownPair, line: line, "the pair is not in \(reference); predict the pairs that are asked, and no others")
    }
  }

  mutating func finish(log: inout ProblemLog) {
    let unreadable = log.errorCount - repeated
    if swapped > 0 && 2 * swapped > unknown.errorCount {
      log.record(
        .swappedColumns, count: swapped, lines: unknown.problems.first?.lines ?? [],
        "the columns of users and items seem to be swapped; write user,item, or name them with --columns")
      return
    }
    log.merge(unknown)
    var first: Int?
    var count = 0
    for row in values.indices where values[row] == Self.missing {
      if first == nil { first = row }
      count += 1
    }
    // Rows that are there but can't be read are not missing too.
    guard let first, count > unreadable else { return }
    let place = "line \(rows.lines.line(ofRow: first)) of \(RatingFiles.name(rows.input.file))"
    switch role {
    case .answers:
      log.record(
        .missingAnswers, count: count, lines: [],
        "\(count) of \(rows.count) questions have no answer, the first at \(place); the answers must hold every question"
      )
    default:
      log.record(
        .missingRows, count: count, lines: [],
        "\(count) of \(rows.count) questions have no row, the first at \(place); every question needs one row")
    }
  }
}
