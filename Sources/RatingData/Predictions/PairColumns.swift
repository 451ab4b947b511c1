import RatingNumerics

/// Rows of users and items as identifier codes, in file order.
struct PairColumns: @unchecked Sendable {
  var users: [Int64] = []
  var items: [Int64] = []
  /// Values in units of 10^-15, where they were asked for.
  var values: [Int64] = []
  var times: [UInt32]?
  var lines = LineMap()
  var codes: IdentifierCodes
  var input: InputReport
  var warnings: [Problem] = []

  var count: Int { items.count }

  /// Reads all rows of a file or a folder.
  static func read(
    _ path: String, role: InputRole, options: ReadingOptions, codes: IdentifierCodes = IdentifierCodes(),
    scale: RatingScale? = nil
  ) throws(RatingDataError) -> PairColumns {
    var result: PairColumns?
    let (input, warnings) = try RowStream.forEachBatch(
      of: path, role: role, options: options, codes: codes, scale: scale
    ) { batch, detected in
      if result == nil {
        result = PairColumns(
          codes: codes, input: InputReport(role: role, file: path, format: detected.format, bytes: 0, sha256: nil))
        if detected.hasTimes { result!.times = [] }
      }
      result!.append(batch, values: role.wantsValues || role == .membership)
    }
    guard var result else { throw RatingDataError(.badData, .noRows, file: path, "the file has no rows") }
    result.input = input
    result.warnings = warnings
    return result
  }

  private mutating func append(_ batch: RowBatch, values wantsValues: Bool) {
    lines.append(lines: batch.lines, count: batch.count, firstRow: count)
    users.append(contentsOf: UnsafeBufferPointer(start: batch.users, count: batch.count))
    items.append(contentsOf: UnsafeBufferPointer(start: batch.items, count: batch.count))
    if wantsValues { values.append(contentsOf: UnsafeBufferPointer(start: batch.values, count: batch.count)) }
    if times != nil { times!.append(contentsOf: UnsafeBufferPointer(start: batch.times, count: batch.count)) }
  }

  /// Dense indices of identifier codes; `RatingPairs.unknown` where the vocabulary lacks one.
  func indices(of column: [Int64], in vocabulary: Vocabulary) -> [UInt32] {
    var known: [Int64: UInt32] = [:]
    return column.map { code in
      if let index = known[code] { return index }
      let index = vocabulary.index(of: codes.identifier(code)).map(UInt32.init) ?? RatingPairs.unknown
      known[code] = index
      return index
    }
  }

  /// Writes one value a row: blocks where the rows came from blocks, else CSV, which has room for more columns.
  func write(
    values: [Double], more columns: [QuestionSet.Column] = [], to path: String
  ) throws(RatingDataError) {
    let file = try OutputFile(path)
    var text = ByteText()
    if input.format.isBlocks {
      var item: Int64?
      var line = 0
      for row in 0..<count {
        // A movie that has two blocks gets two: its second movie line is what lies between the lines of its rows.
        let before = line
        line = lines.line(ofRow: row)
        if items[row] != item || line != before + 1 {
          item = items[row]
          text.append(items[row])
          text.append(":\n")
        }
        text.append(decimal: values[row])
        text.append("\n")
        if text.bytes.count > 1 << 16 { try text.flush(to: file) }
      }
    } else {
      // Rows with an id alone have it in the item's place.
      let isKeyed = input.format == .keyedCSV
      text.append(isKeyed ? "id,prediction" : "user,item,prediction")
      for column in columns {
        text.append(",")
        text.append(field: column.name)
      }
      text.append("\n")
      for row in 0..<count {
        if !isKeyed {
          append(users[row], to: &text)
          text.append(",")
        }
        append(items[row], to: &text)
        text.append(",")
        text.append(decimal: values[row])
        for column in columns {
          text.append(",")
          text.append(decimal: column.values[row])
        }
        text.append("\n")
        if text.bytes.count > 1 << 16 { try text.flush(to: file) }
      }
    }
    try text.flush(to: file)
    try file.commit()
  }

  private func append(_ code: Int64, to text: inout ByteText) {
    if code >= 0 {
      text.append(code)
    } else {
      text.append(field: codes.identifier(code).description)
    }
  }
}
