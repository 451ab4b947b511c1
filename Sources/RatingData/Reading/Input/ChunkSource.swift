/// Whole lines of one file, or of a part of it, from first to last.
final class ChunkSource {
  private enum Origin {
    case mapped(InputFile)
    case stream(LineStream)
    /// Memory of the caller's, and what ended it.
    case memory(ReadFailure?)
  }

  private let origin: Origin
  private var pending: [LineChunk] = []
  private var tail: UnsafeMutablePointer<UInt8>?

  /// The lines of a stream. The stream must be started.
  init(_ stream: LineStream) { origin = .stream(stream) }

  /// Lines in memory, which must stay as long as this object.
  init(_ chunk: LineChunk, failure: ReadFailure?) {
    origin = .memory(failure)
    pending = [chunk]
  }

  /// The lines of `range` of a mapped file. `range` starts at the start of a line, and ends behind a line break or at
  /// the end of the file.
  init(_ file: InputFile, bytes: UnsafeRawBufferPointer, range: Range<Int>) {
    origin = .mapped(file)
    let base = bytes.baseAddress!.assumingMemoryBound(to: UInt8.self)
    let isLast = range.upperBound == bytes.count
    let safe = bytes.count - FieldScanner.overread
    if range.upperBound <= safe {
      pending = [LineChunk(start: base + range.lowerBound, end: base + range.upperBound, isLast: isLast)]
      return
    }
    // The last lines are copied, so that looking a few bytes behind them stays inside memory of ours.
    var cut = max(range.lowerBound, safe)
    while cut > range.lowerBound && base[cut - 1] != UInt8(ascii: "\n") { cut -= 1 }
    let wanted = range.upperBound - cut
    let kept = min(wanted, LineStream.longestLine + FieldScanner.overread + 1)
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: kept + FieldScanner.overread)
    copy.update(from: base + cut, count: kept)
    (copy + kept).update(repeating: 0, count: FieldScanner.overread)
    tail = copy
    if cut > range.lowerBound {
      pending.append(LineChunk(start: base + range.lowerBound, end: base + cut, isLast: false))
    }
    // More than that can only be one line that is too long: the decoder sees it by its missing end.
    pending.append(LineChunk(start: copy, end: copy + kept, isLast: kept == wanted))
    pending.reverse()
  }

  deinit { tail?.deallocate() }

  /// The chunk that `next()` will return.
  func peek() -> LineChunk? {
    let chunk = next()
    if let chunk { pending.append(chunk) }
    return chunk
  }

  /// The next chunk, or nil after the last. The chunk before becomes invalid.
  func next() -> LineChunk? {
    if let chunk = pending.popLast() { return chunk }
    switch origin {
    case .mapped, .memory: return nil
    case .stream(let stream): return stream.next()
    }
  }

  /// What went wrong below the level of lines; known after the last chunk.
  var failure: ReadFailure? {
    switch origin {
    case .mapped: nil
    case .stream(let stream): stream.failure
    case .memory(let failure): failure
    }
  }
}
