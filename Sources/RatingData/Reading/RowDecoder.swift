import RatingNumerics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Turns the lines of one file, or of a part of it, into batches of rows, and notes what is wrong with them.
///
/// Subclasses know a format. They read a regular line in one go and leave every other line to a slow path that says
/// exactly what is wrong. A bad row of a block format still takes its place in the batch, so that the rows behind it
/// stay aligned with the questions.
class RowDecoder {
  let role: InputRole
  let source: ChunkSource
  let codes: IdentifierCodes
  var log: ProblemLog
  /// The number of lines before the current one.
  var line: Int
  /// Rows that were appended to batches.
  var rowCount = 0
  /// What values must lie in: an error in ratings and answers, a warning in predictions; nil checks nothing.
  var scale: FixedScale?

  private var chunk: LineChunk?
  private var cursor: BytePointer?
  private var ended = false
  private var outside: (count: Int, lines: [Int], first: Int64) = (0, [], 0)
  /// Whether decoding was given up before the end of the file: what is missing then says nothing.
  private(set) var stoppedEarly = false

  init(
    role: InputRole, source: ChunkSource, codes: IdentifierCodes, scale: RatingScale?, file: String, linesBefore: Int
  ) {
    self.role = role
    self.source = source
    self.codes = codes
    self.scale = scale.map { FixedScale($0, checksStep: role != .predictions) }
    self.log = ProblemLog(file: file)
    self.line = linesBefore
  }

  /// Appends rows to `batch` until it is full or the lines end; false where they have ended and nothing was added.
  final func fill(_ batch: RowBatch) -> Bool {
    let before = batch.count
    while batch.count < RowBatch.capacity && !ended {
      if cursor == nil {
        chunk = source.next()
        guard let chunk else {
          finish()
          break
        }
        cursor = chunk.start
      }
      let added = batch.count
      cursor = decode(from: cursor!, to: chunk!.end, into: batch)
      rowCount += batch.count - added
      if cursor! >= chunk!.end { cursor = nil }
    }
    return batch.count > before
  }

  /// Adds all rows of the lines to `columns`, and everything that is wrong with them to its log.
  final func fill(_ columns: PieceColumns) {
    let batch = RowBatch()
    while !ended {
      chunk = source.next()
      guard let chunk else {
        finish()
        break
      }
      var cursor = chunk.start
      while cursor < chunk.end && !ended {
        cursor = decode(from: cursor, to: chunk.end, into: columns, by: batch)
      }
    }
    rowCount = columns.count
    columns.log.merge(log)
  }

  /// Decodes lines until the chunk ends; returns where it stopped. `batch` is empty before and afterwards.
  func decode(
    from start: BytePointer, to end: BytePointer, into columns: PieceColumns, by batch: RowBatch
  ) -> BytePointer {
    let stop = decode(from: start, to: end, into: batch)
    columns.append(batch)
    batch.count = 0
    return stop
  }

  /// Decodes lines until the chunk ends or the batch is full; returns where it stopped.
  func decode(from start: BytePointer, to end: BytePointer, into batch: RowBatch) -> BytePointer {
    preconditionFailure("a decoder knows its format")
  }

  /// Called once behind the last line.
  func finishBlocks() {}

  private func finish() {
    guard !ended else { return }
    ended = true
    if let failure = source.failure {
      stoppedEarly = true
      Self.record(failure, in: &log)
    }
    finishBlocks()
    logOutside()
  }

  static func record(_ failure: ReadFailure, in log: inout ProblemLog) { log.record(failure.code, failure.message) }

  /// Ends decoding here: what follows makes no sense any more.
  final func abandon(at end: BytePointer) -> BytePointer {
    ended = true
    stoppedEarly = true
    logOutside()
    return end
  }

  // MARK: - The slow path's tools

  /// One line without its line break. nil where the line is too long to be one, which ends the decoding.
  final func slowLine(at start: BytePointer, end: BytePointer) -> (
    content: UnsafeBufferPointer<UInt8>, next: BytePointer
  )? {
    let window = min(end - start, LineStream.longestLine + 1)
    let found = memchr(start, 10, window).map { BytePointer($0.assumingMemoryBound(to: UInt8.self)) }
    var stop = found ?? end
    if found == nil && (window > LineStream.longestLine || chunk?.isLast != true) {
      log.record(
        .lineTooLong, line: line,
        "the line is longer than \(LineStream.longestLine) bytes; is this a text file?")
      return nil
    }
    if found == nil, let failure = source.failure {
      // What can't be read on cut this line off: it is no line of the file.
      Self.record(failure, in: &log)
      return nil
    }
    if found == nil { log.record(.noFinalNewline, as: .warning, line: line, "the last line has no line break") }
    if stop > start && stop[-1] == UInt8(ascii: "\r") {
      log.record(.carriageReturns, as: .warning, line: line, "lines end in CR LF; read as LF")
      stop -= 1
    }
    var content = UnsafeBufferPointer(start: start, count: stop - start)
    if line == 1 && content.count >= 3 && content[0] == 0xEF && content[1] == 0xBB && content[2] == 0xBF {
      log.record(.byteOrderMark, as: .warning, line: line, "the file starts with a byte order mark; ignored")
      content = UnsafeBufferPointer(rebasing: content[3...])
    }
    return (content, found.map { $0 + 1 } ?? end)
  }

  /// Whether the line at `start` is the last of the file and lacks its line break: a sign that the file was cut off.
  final func isUnfinished(_ content: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let chunk, chunk.isLast else { return false }
    return content.baseAddress! + content.count == chunk.end
  }

  /// Notes a line that can't be read; on the unfinished last line that is a truncated line.
  final func bad(_ code: ProblemCode, _ content: UnsafeBufferPointer<UInt8>, _ message: @autoclosure () -> String) {
    if isUnfinished(content) {
      log.record(.truncatedLine, line: line, "the last line is incomplete (\(message())); the file seems to be cut off")
    } else {
      log.record(code, line: line, message())
    }
  }

  /// A field as messages quote it. Answers are never quoted.
  final func quoted(_ field: UnsafeBufferPointer<UInt8>) -> String {
    if role == .answers || role == .membership { return "the field" }
    return "'\(printable(field))'"
  }

  /// At most 40 bytes of text, control characters replaced.
  final func printable(_ field: UnsafeBufferPointer<UInt8>) -> String {
    let text = String(decoding: field.prefix(40), as: UTF8.self)
    let clean = String(
      String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? "\u{FFFD}" : $0 }))
    return field.count > 40 ? clean + "..." : clean
  }

  /// A value in units of 10^-15, or nil after noting what is wrong with it.
  final func slowValue(_ field: UnsafeBufferPointer<UInt8>, _ content: UnsafeBufferPointer<UInt8>) -> Int64? {
    let field = field.trimmingSpaces
    guard field.count > 0 else {
      bad(.missingValue, content, "a \(valueName) is missing; every row needs one number")
      return nil
    }
    var cursor = field.baseAddress!
    let end = cursor + field.count
    let (value, outcome) = FixedDecimal.scan(&cursor, end: end)
    if cursor < end || outcome == .malformed {
      let word = String(decoding: field.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }, as: UTF8.self)
        .lowercased()
      if ["nan", "inf", "infinity", "null", "na", "none"].contains(word) {
        bad(.notFinite, content, "the \(valueName) is \(word), which is no finite number; give every row a number")
      } else if field.contains(UInt8(ascii: ",")) {
        bad(.decimalComma, content, "\(quoted(field)) has a decimal comma; write a decimal point")
      } else {
        bad(.notANumber, content, "\(quoted(field)) is not a number; expected a \(valueName) such as 3.4")
      }
      return nil
    }
    if outcome == .outOfRange {
      bad(.outOfRange, content, "\(quoted(field)) lies outside -1000...1000; no rating scale reaches that far")
      return nil
    }
    if outcome == .rounded {
      log.record(
        .roundedDigits, as: .warning, line: line,
        "a number has more than \(FixedDecimal.fractionDigits) fractional digits and was rounded half to even")
    }
    return value.units
  }

  /// Counts a prediction that lies outside the scale, which is no error. There may be many of them, in regular rows: they
  /// are put into the log at the end.
  final func noteOutside(_ value: Int64, line: Int) {
    if outside.count == 0 { outside.first = value }
    outside.count += 1
    if outside.count <= Problem.listedLines { outside.lines.append(line) }
  }

  private func logOutside() {
    guard outside.count > 0, let scale else { return }
    log.record(
      .outOfScale, as: .warning, count: outside.count, lines: outside.lines,
      "prediction \(FixedDecimal(units: outside.first)) lies outside the scale \(scale.scale); it is judged as written")
    outside = (0, [], 0)
  }

  /// Whether the value may stand; notes it where it lies outside the scale.
  final func checkScale(_ value: Int64, _ content: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let scale, !scale.allows(value) else { return true }
    let shown = role == .answers ? "a rating" : "\(valueName) \(FixedDecimal(units: value))"
    if role == .predictions {
      noteOutside(value, line: line)
      return true
    }
    bad(
      .outOfScale, content,
      "\(shown) is outside the scale \(scale.scale)\(scale.stepText); pass --rating-scale if another scale is intended")
    return false
  }

  final var valueName: String { role == .predictions ? "prediction" : "rating" }
}

/// A rating scale in units of 10^-15.
struct FixedScale {
  let scale: RatingScale
  let lower: Int64
  let upper: Int64
  /// 0 for a continuous scale, or where steps aren't checked.
  let step: Int64

  init(_ scale: RatingScale, checksStep: Bool) {
    self.scale = scale
    lower = FixedDecimal(scale.lower)?.units ?? Int64.min
    upper = FixedDecimal(scale.upper)?.units ?? Int64.max
    step = checksStep ? scale.step.flatMap { FixedDecimal($0)?.units } ?? 0 : 0
  }

  @inline(__always)
  func allows(_ value: Int64) -> Bool {
    value >= lower && value <= upper && (step == 0 || (value &- lower) % step == 0)
  }

  /// Whether the value is more likely another column's than a rating with a slip: over ten times the highest rating.
  func isFarAbove(_ value: Int64) -> Bool { value / 10 > max(upper, FixedDecimal.unitsPerOne) }

  var stepText: String { step == 0 ? "" : " in steps of \(FixedDecimal(units: step))" }
}

extension UnsafeBufferPointer<UInt8> {
  /// Without the spaces around it.
  var trimmingSpaces: UnsafeBufferPointer<UInt8> {
    var (low, high) = (0, count)
    while low < high && self[low] == UInt8(ascii: " ") { low += 1 }
    while high > low && self[high - 1] == UInt8(ascii: " ") { high -= 1 }
    return UnsafeBufferPointer(rebasing: self[low..<high])
  }
}
