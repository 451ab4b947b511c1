/// Reads one entity a line: its id and the cells of its columns.
final class FeatureDecoder: LineDecoder {
  private let layout: FeatureLayout
  private let side: FeatureTable.Side
  private let vocabulary: Vocabulary
  private(set) var columns: [FeatureColumn]
  /// The rows that could be read, and those among them whose id the vocabulary lacks.
  private(set) var rows = 0
  private(set) var skippedRows = 0
  /// The line of each entity; 0 where it has none.
  private var lines: [Int]
  private var skippedIDs: Set<Identifier> = []
  /// Fields with doubled quotes inside, of the current line.
  private let unquoted = UnsafeMutablePointer<UInt8>.allocate(capacity: LineStream.longestLine)

  init(
    _ layout: FeatureLayout, side: FeatureTable.Side, vocabulary: Vocabulary, source: ChunkSource, file: String
  ) {
    self.layout = layout
    self.side = side
    self.vocabulary = vocabulary
    columns = layout.columns.map { FeatureColumn($0, entities: vocabulary.count) }
    lines = [Int](repeating: 0, count: vocabulary.count)
    super.init(source, file: file)
  }

  deinit { unquoted.deallocate() }

  /// The number of ids of the vocabulary that have no row.
  var idsWithoutRow: Int { lines.count { $0 == 0 } }

  override func take(_ content: UnsafeBufferPointer<UInt8>) {
    if content.isEmpty { return bad(.blankLine, content, "the line is blank; expected \(layout.description)") }
    if line == 1 && layout.hasHeader { return }
    let fields = DelimitedDecoder.fields(
      of: content, delimiter: layout.delimiter, unquoted: unquoted, quotes: layout.quotes)
    guard let fields else {
      return bad(.badQuoting, content, "a quoted field has no end on its line; a field can't hold a line break")
    }
    guard fields.count == layout.fieldNames.count else {
      return bad(
        .fieldCount, content,
        "the row has \(fields.count) field\(fields.count == 1 ? "" : "s"); expected \(layout.description)")
    }
    let cells = layout.columns.map { cell($0, fields, content) }
    guard let entity = entity(fields[0].trimmingSpaces, content) else { return }
    rows += 1
    guard entity >= 0 else {
      skippedRows += 1
      return
    }
    for (column, cell) in cells.enumerated() where !cell.isEmpty { columns[column].set(entity, cell, line: line) }
  }

  /// The dense index of a row's id, -1 where the vocabulary lacks it; nil after noting what is wrong with it.
  private func entity(_ field: UnsafeBufferPointer<UInt8>, _ content: UnsafeBufferPointer<UInt8>) -> Int? {
    if field.isEmpty {
      bad(.missingValue, content, "the id is missing; expected \(layout.description)")
      return nil
    }
    guard let text = String(validating: field, as: UTF8.self) else {
      bad(.badIdentifier, content, "the id is not valid UTF-8 text; save the file as UTF-8")
      return nil
    }
    let id = Identifier(text)
    let entity = vocabulary.index(of: id)
    if entity.map({ lines[$0] != 0 }) ?? skippedIDs.contains(id) {
      let place = entity.map { " on line \(lines[$0])" } ?? ""
      bad(
        .duplicateID, content,
        "\(side.singular) \(quoted(field)) has a row before\(place); give each id one row, with several values in a cell as"
          + " a|b")
      return nil
    }
    if let entity { lines[entity] = line } else { skippedIDs.insert(id) }
    return entity ?? -1
  }

  /// What a row says in a column, empty where it says nothing, or something wrong that is then noted.
  private func cell(
    _ column: FeatureLayout.Column, _ fields: [UnsafeBufferPointer<UInt8>], _ content: UnsafeBufferPointer<UInt8>
  ) -> String {
    let field = fields[column.field].trimmingSpaces
    if field.isEmpty { return "" }
    switch column.rule {
    case .cell, .category: return FeatureText.decoded(field)
    case .firstCharacter: return String(FeatureText.decoded(field).prefix(1))
    case .number:
      let text = FeatureText.decoded(field)
      if FeatureText.number(text) != nil { return text }
      bad(.notANumber, content, "\(quoted(field)) is not a number; expected the \(column.name), or nothing")
    case .yearOfDate:
      if let year = FeatureText.year(ofDate: field) { return year }
      bad(.badDate, content, "\(quoted(field)) is not a date; expected one such as 01-Jan-1995, or nothing")
    case .yearOfTitle: return FeatureText.year(ofTitle: field) ?? ""
    case .genres: return field.elementsEqual("(no genres listed)".utf8) ? "" : FeatureText.decoded(field)
    case .flags(let names): return flagged(names, fields[column.field...], content)
    }
    return ""
  }

  /// The names of the flags that are 1, as a cell with several values.
  private func flagged(
    _ names: [String], _ fields: ArraySlice<UnsafeBufferPointer<UInt8>>, _ content: UnsafeBufferPointer<UInt8>
  ) -> String {
    var cell = ""
    for (name, field) in zip(names, fields) {
      guard field.count == 1, field[0] | 1 == UInt8(ascii: "1") else {
        bad(.badFlag, content, "\(quoted(field)) is neither 0 nor 1, where the line says whether it is \(name)")
        return ""
      }
      if field[0] == UInt8(ascii: "1") { cell += cell.isEmpty ? name : "|" + name }
    }
    return cell
  }
}
