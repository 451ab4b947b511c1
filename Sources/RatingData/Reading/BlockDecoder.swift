import RatingNumerics

/// Reads the Netflix formats: a line `MovieID:`, then one line for each row of that movie.
final class BlockDecoder: RowDecoder {
  /// What a row's fields are.
  enum Layout: Sendable {
    case user, userDate, userRatingDate, ratingDate, value, set

    init?(_ format: RatingFormat) {
      switch format {
      case .netflixTraining: self = .userRatingDate
      case .netflixQualifying: self = .userDate
      case .netflixProbe: self = .user
      case .netflixPredictions: self = .value
      case .netflixJudging: self = .ratingDate
      case .netflixMembership: self = .set
      default: return nil
      }
    }

    var example: String {
      switch self {
      case .user: "CustomerID"
      case .userDate: "CustomerID,Date"
      case .userRatingDate: "CustomerID,Rating,Date"
      case .ratingDate: "Rating,Date"
      case .value: "one prediction such as 3.4"
      case .set: "quiz or test"
      }
    }
  }

  private static let noItem = BlockState.noItem

  private let layout: Layout
  /// Bit d is 1 where the rating d, of one digit, is in the scale.
  private let allowedDigits: UInt16
  private var block: BlockState
  /// Whether lines of the file follow in another part of it, so that the last block goes on there.
  private let goesOn: Bool
  /// Called at each movie line with the movie before, its line and its number of rows.
  var onBlock: ((_ item: Int64, _ line: Int, _ rows: Int) -> Void)?

  init(
    layout: Layout, role: InputRole, source: ChunkSource, codes: IdentifierCodes, scale: RatingScale?, file: String,
    linesBefore: Int = 0, from block: BlockState = BlockState(), goesOn: Bool = false
  ) {
    self.layout = layout
    self.block = block
    self.goesOn = goesOn
    let fixed = scale.map { FixedScale($0, checksStep: role != .predictions) }
    allowedDigits = (0...9).reduce(into: UInt16(0)) { bits, digit in
      if fixed?.allows(Int64(digit) * FixedDecimal.unitsPerOne) ?? true { bits |= 1 << UInt16(digit) }
    }
    super.init(role: role, source: source, codes: codes, scale: scale, file: file, linesBefore: linesBefore)
  }

  override func decode(from start: BytePointer, to end: BytePointer, into batch: RowBatch) -> BytePointer {
    let newline = UInt8(ascii: "\n")
    let comma = UInt8(ascii: ",")
    let layout = layout
    let lower = scale?.lower ?? Int64.min + 1
    let upper = scale?.upper ?? Int64.max
    let digits = allowedDigits
    let (users, items, values, times, lines) = (batch.users, batch.items, batch.values, batch.times, batch.lines)
    // What changes with every row is held here, and put back for the slow path and at the end.
    var item = block.item
    var line = line
    var rows = batch.count
    var blockStart = rows - block.rows
    var p = start
    while p < end && rows < RowBatch.capacity {
      line &+= 1
      let lineStart = p
      if item != Self.noItem {
        switch layout {
        case .value:
          let value = FieldScanner.decimal(&p)
          if value != FieldScanner.noDecimal && p.pointee == newline {
            if value < lower || value > upper { noteOutside(value, line: line) }
            values[rows] = value
            items[rows] = item
            lines[rows] = line
            rows &+= 1
            p += 1
            continue
          }
        case .ratingDate, .userRatingDate:
          var user = RowBatch.noUser
          if layout == .userRatingDate {
            user = FieldScanner.wholeNumber(&p)
            if user < 0 || p.pointee != comma { break }
            p += 1
          }
          // Whole stars; other ratings take the slow path.
          let digit = p.pointee &- UInt8(ascii: "0")
          if digit <= 9 && (digits &>> UInt16(digit)) & 1 == 1 && p[1] == comma {
            let day = FieldScanner.day(p + 2)
            if day >= 0 && p[12] == newline {
              users[rows] = user
              items[rows] = item
              values[rows] = Int64(digit) &* FixedDecimal.unitsPerOne
              times[rows] = UInt32(truncatingIfNeeded: day &* 86_400)
              lines[rows] = line
              rows &+= 1
              p += 13
              continue
            }
          }
        case .userDate:
          let user = FieldScanner.wholeNumber(&p)
          if user >= 0 && p.pointee == comma {
            let day = FieldScanner.day(p + 1)
            if day >= 0 && p[11] == newline {
              users[rows] = user
              items[rows] = item
              values[rows] = 0
              times[rows] = UInt32(truncatingIfNeeded: day &* 86_400)
              lines[rows] = line
              rows &+= 1
              p += 12
              continue
            }
          }
        case .user:
          let user = FieldScanner.wholeNumber(&p)
          if user >= 0 && p.pointee == newline {
            users[rows] = user
            items[rows] = item
            values[rows] = 0
            lines[rows] = line
            rows &+= 1
            p += 1
            continue
          }
        case .set:
          let word = FieldScanner.load8(p) & 0xFF_FFFF_FFFF
          if word == Self.quizLine || word == Self.testLine {
            values[rows] = word == Self.quizLine ? 0 : 1
            items[rows] = item
            lines[rows] = line
            rows &+= 1
            p += 5
            continue
          }
        }
      }
      batch.count = rows
      (self.line, block.rows) = (line, rows - blockStart)
      guard let (content, next) = slowLine(at: lineStart, end: end) else { return abandon(at: end) }
      if !decodeSlowly(content, into: batch) { return abandon(at: end) }
      p = next
      (item, rows) = (block.item, batch.count)
      blockStart = rows - block.rows
    }
    batch.count = rows
    (self.line, block.rows) = (line, rows - blockStart)
    return p
  }

  /// The rows of a training set are written where they belong at once: a hundred million of them are read this way.
  override func decode(
    from start: BytePointer, to end: BytePointer, into columns: PieceColumns, by batch: RowBatch
  ) -> BytePointer {
    guard layout == .userRatingDate, columns.users.distinct == nil, let times = columns.times else {
      return super.decode(from: start, to: end, into: columns, by: batch)
    }
    var p = start
    while p < end && columns.users.distinct == nil {
      if block.item != Self.noItem {
        let first = columns.count
        let target = TrainingLines.Target(
          users: columns.users.codes + first, ratings: columns.ratings + first, times: times + first,
          capacity: columns.capacity - first)
        let (rows, largest) = TrainingLines.decode(from: &p, to: end, ratings: allowedDigits, into: target)
        columns.take(rows: rows, item: block.item, line: line + 1, largestUser: largest)
        line += rows
        block.rows += rows
        if p >= end { break }
      }
      // A movie line, or what is no regular row.
      line += 1
      guard let (content, next) = slowLine(at: p, end: end) else { return abandon(at: end) }
      let goesOn = decodeSlowly(content, into: batch)
      columns.append(batch)
      batch.count = 0
      if !goesOn { return abandon(at: end) }
      p = next
    }
    return p
  }

  /// `quiz` and `test` with their line breaks, as the five low bytes of a number.
  private static let quizLine: UInt64 = 0x0A_7A_69_75_71
  private static let testLine: UInt64 = 0x0A_74_73_65_74

  override func finishBlocks() { if !goesOn { endBlock() } }

  private func endBlock() {
    guard block.item != Self.noItem, !block.isHeadless else { return }
    if block.rows == 0 {
      log.record(
        .emptyBlock, line: block.headerLine,
        "movie \(block.item) has no rows; a movie line is followed by at least one row (\(layout.example))")
    }
    onBlock?(block.item, block.headerLine, block.rows)
  }

  /// A movie line, or a row that is irregular; false where decoding can't go on.
  private func decodeSlowly(_ content: UnsafeBufferPointer<UInt8>, into batch: RowBatch) -> Bool {
    if content.isEmpty {
      bad(.blankLine, content, "the line is blank; expected \(layout.example) or a movie line such as 123:")
      return true
    }
    if content.contains(0) {
      log.record(.binaryData, line: line, "the line has zero bytes: this is not a text file")
      return false
    }
    if content.last == UInt8(ascii: ":") {
      if let number = wholeNumber(UnsafeBufferPointer(rebasing: content.dropLast())) {
        endBlock()
        block = BlockState(item: number, headerLine: line)
      } else {
        bad(.badHeader, content, "\(quoted(content)) is not a movie line; expected a whole number and a colon")
      }
      return true
    }
    if block.item == Self.noItem {
      bad(
        .rowBeforeHeader, content,
        "the row stands before the first movie line; the file must start with one, such as 1:")
      // Named once; the rows of a file without any movie line are all the same mistake.
      block.item = 0
      block.isHeadless = true
    }
    let (user, value, time) = row(content)
    // A row that can't be read keeps its place.
    batch.append(
      user: user ?? (layout == .value || layout == .ratingDate || layout == .set ? RowBatch.noUser : 0),
      item: block.item,
      value: value ?? 0, time: time ?? 0, line: line)
    block.rows += 1
    return true
  }

  private func row(_ content: UnsafeBufferPointer<UInt8>) -> (user: Int64?, value: Int64?, time: UInt32?) {
    let fields = content.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map {
      UnsafeBufferPointer(rebasing: $0).trimmingSpaces
    }
    func wrongCount(_ expected: Int) -> Bool {
      if fields.count == expected { return false }
      bad(
        .fieldCount, content,
        "the row has \(fields.count) field\(fields.count == 1 ? "" : "s"); expected \(layout.example)")
      return true
    }
    switch layout {
    case .value:
      if fields.count == 2, fields.allSatisfy({ $0.count > 0 && $0.allSatisfy { $0 &- 48 <= 9 } }) {
        bad(.decimalComma, content, "\(quoted(content)) has a decimal comma; write a decimal point")
        return (nil, nil, nil)
      }
      if wrongCount(1) { return (nil, nil, nil) }
      let value = slowValue(fields[0], content)
      if let value { _ = checkScale(value, content) }
      return (nil, value, nil)
    case .ratingDate:
      if wrongCount(2) { return (nil, nil, nil) }
      let value = slowValue(fields[0], content)
      if let value { _ = checkScale(value, content) }
      return (nil, value, date(fields[1], content))
    case .userRatingDate:
      if wrongCount(3) { return (nil, nil, nil) }
      let user = identifier(fields[0], content)
      // A rating that is a customer number beside a customer number that is a rating: the columns are swapped.
      if let scale, let user, let second = wholeNumber(fields[1]), user <= FixedDecimal.limit,
        scale.allows(user * FixedDecimal.unitsPerOne),
        second > FixedDecimal.limit || scale.isFarAbove(second * FixedDecimal.unitsPerOne)
      {
        bad(.swappedColumns, content, "customer and rating seem to be swapped; expected \(layout.example)")
        return (nil, nil, nil)
      }
      let value = slowValue(fields[1], content)
      if let value { _ = checkScale(value, content) }
      return (user, value, date(fields[2], content))
    case .userDate:
      if wrongCount(2) { return (nil, nil, nil) }
      return (identifier(fields[0], content), nil, date(fields[1], content))
    case .user:
      if wrongCount(1) { return (nil, nil, nil) }
      return (identifier(fields[0], content), nil, nil)
    case .set:
      switch String(decoding: fields[fields.count - 1], as: UTF8.self).lowercased() {
      case "quiz": return (nil, 0, nil)
      case "test": return (nil, 1, nil)
      default:
        bad(.badSet, content, "the row is neither quiz nor test")
        return (nil, nil, nil)
      }
    }
  }

  private func identifier(_ field: UnsafeBufferPointer<UInt8>, _ content: UnsafeBufferPointer<UInt8>) -> Int64? {
    if let number = wholeNumber(field) { return number }
    bad(.badIdentifier, content, "\(quoted(field)) is not a customer number; expected \(layout.example)")
    return nil
  }

  private func date(_ field: UnsafeBufferPointer<UInt8>, _ content: UnsafeBufferPointer<UInt8>) -> UInt32? {
    if let day = TimeText.day(field) { return UInt32(day * 86_400) }
    bad(.badDate, content, "\(quoted(field)) is not a date; expected YYYY-MM-DD such as 2005-12-31")
    return nil
  }

  private func wholeNumber(_ field: UnsafeBufferPointer<UInt8>) -> Int64? {
    guard field.count > 0, field.count <= 18, field.allSatisfy({ $0 &- 48 <= 9 }) else { return nil }
    return field.reduce(0) { $0 * 10 + Int64($1 &- 48) }
  }
}
