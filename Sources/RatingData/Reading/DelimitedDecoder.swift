import RatingNumerics

/// Reads one row a line: fields between delimiters, in the order that the layout says.
final class DelimitedDecoder: RowDecoder {
  private let layout: DelimitedLayout
  /// What a row with a value that isn't wanted (a rating in a file of questions) has instead.
  private let readsValues: Bool
  private let isMembership: Bool
  /// Fields with doubled quotes inside, of the current line.
  private let unquoted = UnsafeMutablePointer<UInt8>.allocate(capacity: LineStream.longestLine)

  init(
    layout: DelimitedLayout, role: InputRole, source: ChunkSource, codes: IdentifierCodes, scale: RatingScale?,
    file: String, linesBefore: Int = 0
  ) {
    self.layout = layout
    readsValues = layout.hasValues && role.wantsValues
    isMembership = role == .membership
    super.init(role: role, source: source, codes: codes, scale: scale, file: file, linesBefore: linesBefore)
  }

  deinit { unquoted.deallocate() }

  override func decode(from start: BytePointer, to end: BytePointer, into batch: RowBatch) -> BytePointer {
    let newline = UInt8(ascii: "\n")
    let delimiter = layout.delimiter.first
    let delimiterLength = layout.delimiter.length
    let lower = scale?.lower ?? Int64.min + 1
    let upper = scale?.upper ?? Int64.max
    let step = scale?.step ?? 0
    let readsValues = readsValues
    let isMembership = isMembership
    let isPredictions = role == .predictions
    return layout.roles.withUnsafeBufferPointer { roles -> BytePointer in
      let last = roles.count - 1
      var p = start
      rows: while p < end && batch.count < RowBatch.capacity {
        line &+= 1
        let lineStart = p
        if line > 1 || !layout.hasHeader {
          var user: Int64 = 0
          var item: Int64 = 0
          var value: Int64 = 0
          var time: UInt32 = 0
          var isOutside = false
          var column = 0
          fields: while true {
            switch roles[column] {
            case .user:
              user = FieldScanner.wholeNumber(&p)
              if user < 0 { break fields }
            case .item:
              item = FieldScanner.wholeNumber(&p)
              if item < 0 { break fields }
            case .value:
              if readsValues {
                value = FieldScanner.decimal(&p)
                if value < lower || value > upper {
                  if !isPredictions || value == FieldScanner.noDecimal { break fields }
                  isOutside = true
                } else if step != 0 && (value &- lower) % step != 0 {
                  break fields
                }
              } else {
                if isMembership { break fields }
                while p.pointee != delimiter && p.pointee > newline { p += 1 }
              }
            case .time:
              let seconds = FieldScanner.wholeNumber(&p)
              if seconds < 0 || seconds > Int64(UInt32.max) { break fields }
              time = UInt32(truncatingIfNeeded: seconds)
            case .ignored:
              while p.pointee != delimiter && p.pointee > newline && p.pointee != UInt8(ascii: "\"") { p += 1 }
            }
            if column == last {
              if p.pointee != newline || p >= end { break fields }
              p += 1
              if isOutside { noteOutside(value, line: line) }
              batch.append(user: user, item: item, value: value, time: time, line: line)
              continue rows
            }
            if p.pointee != delimiter { break fields }
            p += delimiterLength
            column &+= 1
          }
        }
        guard let (content, next) = slowLine(at: lineStart, end: end) else { return abandon(at: end) }
        if !decodeSlowly(content, into: batch) { return abandon(at: end) }
        p = next
      }
      return p
    }
  }

  /// The header, or a row that is irregular; false where decoding can't go on.
  private func decodeSlowly(_ content: UnsafeBufferPointer<UInt8>, into batch: RowBatch) -> Bool {
    if line == 1 && layout.hasHeader && !content.isEmpty { return true }
    if content.isEmpty {
      bad(.blankLine, content, "the line is blank; expected \(layout.description)")
      return true
    }
    if content.contains(0) {
      log.record(.binaryData, line: line, "the line has zero bytes: this is not a text file")
      return false
    }
    guard let fields = split(content) else { return true }
    if fields.count != layout.roles.count {
      bad(
        .fieldCount, content,
        "the row has \(fields.count) field\(fields.count == 1 ? "" : "s"); expected \(layout.description)")
      return true
    }
    var user: Int64? = layout.isKeyed ? 0 : nil
    var item: Int64?
    var value: Int64? = readsValues || isMembership ? nil : 0
    var time: UInt32? = layout.hasTimes ? nil : 0
    for (role, field) in zip(layout.roles, fields) {
      switch role {
      case .user: user = identifier(field, "user", content)
      case .item: item = identifier(field, layout.isKeyed ? "id" : "item", content)
      case .value:
        if isMembership {
          value = set(field, content)
        } else if readsValues {
          value = slowValue(field, content)
        }
      case .time: time = self.time(field, content)
      case .ignored: break
      }
    }
    guard let user, let item, let value, let time else { return true }
    if readsValues {
      if let scale, !scale.allows(value), role != .predictions, !layout.isKeyed, user >= 0, user <= FixedDecimal.limit,
        scale.allows(user * FixedDecimal.unitsPerOne), scale.isFarAbove(value)
      {
        bad(
          .swappedColumns, content,
          "rating and user seem to be swapped; expected \(layout.description); name the columns with --columns")
        return true
      }
      if !checkScale(value, content) { return true }
    }
    batch.append(user: user, item: item, value: value, time: time, line: line)
    return true
  }

  /// The fields of a line, quotes removed; nil after noting bad quoting.
  private func split(_ content: UnsafeBufferPointer<UInt8>) -> [UnsafeBufferPointer<UInt8>]? {
    guard
      let fields = DelimitedDecoder.fields(of: content, delimiter: layout.delimiter, unquoted: unquoted)
    else {
      bad(.badQuoting, content, "a quoted field has no end on its line; a field can't hold a line break")
      return nil
    }
    return fields
  }

  /// The fields of a line; a field in double quotes may hold delimiters. nil where a quoted field does not end.
  ///
  /// - Parameter unquoted: where fields with doubled quotes inside are put, with single ones; room for a line. Without it
  ///   they stay doubled.
  /// - Parameter quotes: whether double quotes mean anything; between tabs they never do.
  static func fields(
    of content: UnsafeBufferPointer<UInt8>, delimiter: DelimitedLayout.Delimiter,
    unquoted: UnsafeMutablePointer<UInt8>? = nil, quotes: Bool = true
  ) -> [UnsafeBufferPointer<UInt8>]? {
    var fields: [UnsafeBufferPointer<UInt8>] = []
    var used = 0
    let quote = UInt8(ascii: "\"")
    let quotes = quotes && delimiter != .byte(UInt8(ascii: "\t"))
    var position = 0
    while true {
      var fieldEnd = position
      if quotes, position < content.count, content[position] == quote {
        fieldEnd = position + 1
        while fieldEnd < content.count {
          if content[fieldEnd] == quote {
            if fieldEnd + 1 < content.count, content[fieldEnd + 1] == quote {
              fieldEnd += 1
            } else {
              break
            }
          }
          fieldEnd += 1
        }
        guard fieldEnd < content.count else { return nil }
        let field = UnsafeBufferPointer(rebasing: content[(position + 1)..<fieldEnd])
        if let unquoted, field.contains(quote) {
          let start = unquoted + used
          var length = 0
          var source = 0
          while source < field.count {
            start[length] = field[source]
            length += 1
            source += field[source] == quote ? 2 : 1
          }
          used += length
          fields.append(UnsafeBufferPointer(start: start, count: length))
        } else {
          fields.append(field)
        }
        fieldEnd += 1
        guard fieldEnd == content.count || isDelimiter(content, at: fieldEnd, delimiter) else { return nil }
      } else {
        while fieldEnd < content.count, !isDelimiter(content, at: fieldEnd, delimiter) { fieldEnd += 1 }
        fields.append(UnsafeBufferPointer(rebasing: content[position..<fieldEnd]))
      }
      if fieldEnd >= content.count { break }
      position = fieldEnd + delimiter.length
    }
    return fields
  }

  private static func isDelimiter(
    _ content: UnsafeBufferPointer<UInt8>, at position: Int, _ delimiter: DelimitedLayout.Delimiter
  ) -> Bool {
    guard content[position] == delimiter.first else { return false }
    return delimiter != .doubleColon || (position + 1 < content.count && content[position + 1] == UInt8(ascii: ":"))
  }

  private func identifier(
    _ field: UnsafeBufferPointer<UInt8>, _ what: String, _ content: UnsafeBufferPointer<UInt8>
  ) -> Int64? {
    let field = field.trimmingSpaces
    if field.isEmpty {
      bad(.missingValue, content, "the \(what) is missing; expected \(layout.description)")
      return nil
    }
    if field.count <= 18, field.allSatisfy({ $0 &- 48 <= 9 }), field[0] != UInt8(ascii: "0") || field.count == 1 {
      return field.reduce(0) { $0 * 10 + Int64($1 &- 48) }
    }
    if let code = codes.code(field) { return code }
    bad(.badIdentifier, content, "the \(what) is not valid UTF-8 text; save the file as UTF-8")
    return nil
  }

  private func set(_ field: UnsafeBufferPointer<UInt8>, _ content: UnsafeBufferPointer<UInt8>) -> Int64? {
    switch String(decoding: field.trimmingSpaces, as: UTF8.self).lowercased() {
    // Kaggle's words for the same.
    case "quiz", "public": return 0
    case "test", "private": return 1
    default:
      bad(.badSet, content, "the row is neither quiz nor test (nor Public or Private)")
      return nil
    }
  }

  private func time(_ field: UnsafeBufferPointer<UInt8>, _ content: UnsafeBufferPointer<UInt8>) -> UInt32? {
    if let seconds = TimeText.seconds(field.trimmingSpaces) { return seconds }
    bad(
      .badTime, content,
      "\(quoted(field)) is not a time; expected seconds since 1970 (up to 2106), or YYYY-MM-DD with or without HH:MM:SS"
    )
    return nil
  }
}
