import RatingNumerics

/// Whole lines of one source, in memory, and where they stand.
struct TextPart {
  /// The number of the source, and its name as problems have it.
  var source: Int
  var name: String
  /// The number of the part in its source, from 0.
  var number = 0
  var lines: LineChunk
  /// Whether its first line is the source's first, and whether nothing comes behind it.
  var isFirst: Bool { number == 0 }
  var isLast: Bool { lines.isLast }
  /// What ended the source before its end.
  var failure: ReadFailure?
  /// Its format, which is that of the sources before where it wasn't looked at (`isAssumed`).
  var detected = FormatDetector.Detected(format: .netflixTraining, layout: nil)
  var isAssumed = true
  /// Compressed data whose lines are not in memory: the file is to be streamed.
  var isCompressed = false

  // What `measure` finds out.
  private(set) var lineCount = 0
  /// The number of rows, where every line is a good one.
  private(set) var rowCount = 0
  private var lastHeader: BlockState.LastHeader?
  /// Where the first line stands.
  private(set) var place = TextPlace()

  init(source: Int, name: String, number: Int, lines: LineChunk) {
    self.source = source
    self.name = name
    self.number = number
    self.lines = lines
  }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: lines.start, count: lines.end - lines.start) }

  /// The start of the source, from which its format can be told.
  ///
  /// - Precondition: `isFirst`.
  var sample: (bytes: UnsafeBufferPointer<UInt8>, isWhole: Bool) {
    let count = min(lines.end - lines.start, FormatDetector.sampleSize)
    return (UnsafeBufferPointer(start: lines.start, count: count), isLast && count == lines.end - lines.start)
  }

  /// Counts lines and rows.
  mutating func measure() {
    guard !isCompressed else { return }
    lineCount = LineCut.count(bytes)
    if let layout = detected.layout {
      rowCount = max(lineCount - (isFirst && layout.hasHeader ? 1 : 0), 0)
    } else {
      // A good movie line has one colon, a good row none.
      rowCount = max(lineCount - Kernels.count(UInt8(ascii: ":"), in: bytes), 0)
      if !isLast { lastHeader = BlockState.LastHeader(in: bytes) }
    }
  }

  /// Takes its place behind the parts before, and moves `place` behind it.
  mutating func take(_ place: inout TextPlace) {
    if isFirst { place = TextPlace(row: place.row) }
    self.place = place
    if detected.layout == nil && !isLast {
      place.block = place.block.after(lastHeader, lines: lineCount, firstLine: place.line + 1)
    }
    place.row += rowCount
    place.line += lineCount
  }
}

/// Where a line stands: how many rows of the whole input come before it, how many lines of its source, and in which block.
struct TextPlace: Sendable {
  var row = 0
  var line = 0
  var block = BlockState()
}

/// The parts that one thread works on together: many small files, or some of a large one.
struct TextPiece {
  var parts: [TextPart] = []
  /// Sources that can't be read, by number.
  var failures: [(source: Int, error: RatingDataError)] = []
  /// The bytes on disk that were read for it.
  var byteCount = 0
}

/// Where pieces come from. Any number of threads may ask.
protocol PieceFeed: AnyObject, Sendable {
  /// The next piece, in `buffer`, whose content before is lost; nil behind the last.
  func next(_ buffer: PieceBuffer) -> TextPiece?
  /// The name of a source as problems have it; to be asked for when all pieces were taken.
  func name(ofSource source: Int) -> String
}

/// Memory for a piece, used again for the next.
final class PieceBuffer {
  /// Room for a piece, for the end of its last line, and for the gaps between small files.
  static let capacity = RatingReader.pieceSize + LineStream.longestLine + (1 << 12)

  private let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
  private var used = 0

  deinit { memory.deallocate() }

  func clear() { used = 0 }

  /// What is free, but for the gap behind it.
  var free: UnsafeMutableBufferPointer<UInt8> {
    UnsafeMutableBufferPointer(start: memory + used, count: Self.capacity - used - FieldScanner.overread)
  }

  /// Keeps the first `count` bytes of what is free, with zeros behind them, so that no line seems to go on.
  func take(_ count: Int) {
    (memory + used + count).update(repeating: 0, count: FieldScanner.overread)
    used += count + FieldScanner.overread
  }
}
