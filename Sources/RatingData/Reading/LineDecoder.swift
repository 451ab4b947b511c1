/// Reads files whose lines are no ratings, one line after the other; subclasses know what the lines hold.
class LineDecoder: RowDecoder {
  init(_ source: ChunkSource, file: String) {
    super.init(role: .ratings, source: source, codes: IdentifierCodes(), scale: nil, file: file, linesBefore: 0)
  }

  /// Reads every line; none of them makes a row of a batch.
  final func decodeAll() { _ = fill(RowBatch()) }

  /// Called for each line, without its line break, which may be blank.
  func take(_ content: UnsafeBufferPointer<UInt8>) { preconditionFailure("a decoder knows its format") }

  final override func decode(from start: BytePointer, to end: BytePointer, into batch: RowBatch) -> BytePointer {
    var p = start
    while p < end {
      line += 1
      guard let (content, next) = slowLine(at: p, end: end) else { return abandon(at: end) }
      if content.contains(0) {
        log.record(.binaryData, line: line, "the line has zero bytes: this is not a text file")
        return abandon(at: end)
      }
      take(content)
      p = next
    }
    return p
  }
}
