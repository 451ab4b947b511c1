import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Pieces of files whose sizes are known: read side by side, each into its thread's buffer, and placed in their order.
///
/// Files are read with `pread`, never mapped: one that shrinks meanwhile is an error, not a signal that ends the process.
final class FileFeed: PieceFeed, @unchecked Sendable {
  // Unchecked: `place` is touched by one thread at a time (`order`).
  private struct PlannedPart: Sendable {
    var source: Int
    var number: Int
    /// In the source's bytes: the part has the lines that begin here.
    var range: Range<Int>
  }

  let sources: [RatingSource]
  /// What all sources are taken for that haven't been looked at.
  let format: FormatDetector.Detected
  /// What the first source and those of more than one part are, or why they can't be read.
  private let formats: [Int: Result<FormatDetector.Detected, RatingDataError>]
  private let plan: [[PlannedPart]]
  private let options: ReadingOptions
  private let taken = Atomic(0)
  private let order = PieceOrder()
  private var place = TextPlace()

  init(_ sources: [RatingSource], options: ReadingOptions) {
    self.options = options
    var formats: [Int: Result<FormatDetector.Detected, RatingDataError>] = [:]
    // Blocks show by themselves what they are; the parts of any other file must know its columns.
    var firstIsBlocks = false
    var plan: [[PlannedPart]] = []
    var room = 0
    for index in sources.indices {
      let size = sources[index].range.count
      let isLarge = size > RatingReader.pieceSize
      var isCompressed = false
      if index == 0 || isLarge {
        do throws(RatingDataError) {
          let file = try sources[index].opened()
          isCompressed = try Self.isCompressed(sources[index], in: file)
          if !isCompressed && !firstIsBlocks {
            let found = try Self.format(of: sources[index], in: file, options)
            formats[index] = .success(found)
            firstIsBlocks = index == 0 && found.layout == nil
          }
        } catch {
          formats[index] = .failure(error)
        }
      }
      if isLarge && !isCompressed {
        for (number, start) in stride(from: 0, to: size, by: RatingReader.pieceSize).enumerated() {
          let range = start..<min(start + RatingReader.pieceSize, size)
          plan.append([PlannedPart(source: index, number: number, range: range)])
        }
        room = 0
        continue
      }
      let needed = (isLarge ? 0 : size) + FieldScanner.overread
      if needed > room {
        plan.append([])
        room = RatingReader.pieceSize + FieldScanner.overread
      }
      plan[plan.count - 1].append(PlannedPart(source: index, number: 0, range: 0..<size))
      room -= needed
    }
    self.sources = sources
    self.formats = formats
    self.plan = plan
    format =
      formats.sorted { $0.key < $1.key }.lazy.compactMap { try? $0.value.get() }.first
      ?? FormatDetector.Detected(format: .netflixTraining, layout: nil)
  }

  /// The bytes of all sources, on disk.
  var byteCount: Int { sources.reduce(0) { $0 + $1.range.count } }

  /// More rows than the sources can have, where every line is a good one.
  var mostRows: Int {
    // The shortest rows: `1,1,2005-01-01` and `1,1,1`, with their line breaks.
    let shortest = format.layout == nil ? 15 : 6
    return sources.reduce(0) { $0 + $1.range.count / shortest + 1 }
  }

  func name(ofSource source: Int) -> String { sources[source].name }

  func next(_ buffer: PieceBuffer) -> TextPiece? {
    let index = taken.wrappingAdd(1, ordering: .relaxed).oldValue
    guard index < plan.count else { return nil }
    var piece = TextPiece()
    buffer.clear()
    for planned in plan[index] {
      piece.byteCount += planned.range.count
      do throws(RatingDataError) {
        if var part = try load(planned, into: buffer) {
          part.measure()
          piece.parts.append(part)
        }
      } catch {
        piece.failures.append((planned.source, error))
      }
    }
    order.pass(index) {
      for part in piece.parts.indices { piece.parts[part].take(&place) }
    }
    return piece
  }

  /// Reads a part's lines; nil where no line begins in it.
  private func load(_ planned: PlannedPart, into buffer: PieceBuffer) throws(RatingDataError) -> TextPart? {
    let source = sources[planned.source]
    let known = formats[planned.source]
    if case .failure(let error)? = known {
      if planned.number == 0 { throw error }
      return nil
    }
    let free = buffer.free
    // A large file that isn't cut into parts is compressed.
    var isCompressed = planned.range.count > RatingReader.pieceSize
    var lines = LineChunk(start: free.baseAddress!, end: free.baseAddress!, isLast: true)
    if !isCompressed {
      let file = try source.opened()
      if planned.range == 0..<source.range.count {
        lines.end += try read(source, planned.range, from: file, into: free)
        isCompressed =
          source.isWholeFile
          && InputFile.isGzip(UnsafeRawBufferPointer(start: lines.start, count: planned.range.count))
      } else {
        guard let whole = try wholeLines(of: source, in: planned.range, from: file, into: free) else { return nil }
        lines = whole
      }
    }
    var part = TextPart(source: planned.source, name: source.name, number: planned.number, lines: lines)
    part.isCompressed = isCompressed
    part.detected = format
    if isCompressed { return part }
    buffer.take(lines.end - BytePointer(free.baseAddress!))
    if case .success(let detected)? = known {
      (part.detected, part.isAssumed) = (detected, false)
    } else if format.layout != nil {
      // Only blocks show by themselves that they are what they were taken for.
      part.detected = try Self.detect(part.sample, name: source.name, options)
      part.isAssumed = false
    }
    return part
  }

  /// Reads the lines that begin in `range`, with the end of the last of them; nil where none does.
  private func wholeLines(
    of source: RatingSource, in range: Range<Int>, from file: OpenFile, into buffer: UnsafeMutableBufferPointer<UInt8>
  ) throws(RatingDataError) -> LineChunk? {
    let size = source.range.count
    // With the byte before, which may be the line break that lets a line begin at once.
    let lower = max(range.lowerBound - 1, 0)
    let base = buffer.baseAddress!
    func lineBreak(from start: Int, to end: Int) -> Int? {
      memchr(base + start, 10, end - start).map { UnsafeRawPointer($0) - UnsafeRawPointer(base) }
    }
    var count = 0
    func fill(to end: Int) throws(RatingDataError) {
      let rest = UnsafeMutableBufferPointer(rebasing: buffer[count...])
      count += try read(source, (lower + count)..<min(end, size), from: file, into: rest)
    }
    try fill(to: range.upperBound + 256)
    var start = 0
    if range.lowerBound > 0 {
      // In a line that is too long to be one, no other line begins.
      guard let found = lineBreak(from: 0, to: min(count, LineStream.longestLine + 2)) else { return nil }
      start = found + 1
    }
    guard lower + start < range.upperBound else { return nil }
    if range.upperBound < size {
      let last = range.upperBound - 1 - lower
      var end = lineBreak(from: last, to: count)
      if end == nil {
        try fill(to: range.upperBound + LineStream.longestLine + 1)
        end = lineBreak(from: last, to: count)
      }
      if let end { count = end + 1 }
    }
    return LineChunk(start: base + start, end: base + count, isLast: lower + count == size)
  }

  /// Reads all of a range of a source.
  private func read(
    _ source: RatingSource, _ range: Range<Int>, from file: OpenFile, into buffer: UnsafeMutableBufferPointer<UInt8>
  ) throws(RatingDataError) -> Int {
    let wanted = UnsafeMutableBufferPointer(rebasing: buffer[..<range.count])
    let count = try file.read(into: wanted, at: source.range.lowerBound + range.lowerBound)
    try file.checkUnchanged(since: source.stamp)
    guard count == range.count else {
      throw RatingDataError(
        .inputMissing, .unreadableFile, file: source.path,
        "ends after \(source.range.lowerBound + range.lowerBound + count) of \(source.stamp.size) bytes")
    }
    return count
  }

  /// Whether a file of its own is compressed.
  private static func isCompressed(_ source: RatingSource, in file: OpenFile) throws(RatingDataError) -> Bool {
    guard source.isWholeFile else { return false }
    return try withStart(of: source, in: file, size: 2) { InputFile.isGzip(UnsafeRawBufferPointer($0)) }
  }

  private static func format(
    of source: RatingSource, in file: OpenFile, _ options: ReadingOptions
  ) throws(RatingDataError) -> FormatDetector.Detected {
    try withStart(of: source, in: file, size: FormatDetector.sampleSize) { (start) throws(RatingDataError) in
      try detect((start, start.count == source.range.count), name: source.name, options)
    }
  }

  private static func withStart<Value>(
    of source: RatingSource, in file: OpenFile, size: Int,
    _ body: (UnsafeBufferPointer<UInt8>) throws(RatingDataError) -> Value
  ) throws(RatingDataError) -> Value {
    let start = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: min(source.range.count, size))
    defer { start.deallocate() }
    let count = try file.read(into: start, at: source.range.lowerBound)
    return try body(UnsafeBufferPointer(rebasing: start[..<count]))
  }

  static func detect(
    _ sample: (bytes: UnsafeBufferPointer<UInt8>, isWhole: Bool), name: String, _ options: ReadingOptions
  ) throws(RatingDataError) -> FormatDetector.Detected {
    try FormatDetector(file: name, role: .ratings, columns: options.columns).detect(
      sample.bytes, isWhole: sample.isWhole, as: options.format)
  }
}
