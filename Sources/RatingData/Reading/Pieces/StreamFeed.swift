import Synchronization

/// Pieces of bytes that come one behind the other: a pipe, a compressed file, or a compressed tar file.
///
/// Whoever asks for a piece expands it, while the other threads decode theirs.
final class StreamFeed: PieceFeed, @unchecked Sendable {
  // Unchecked: the lock guards everything that changes.
  private enum Bytes {
    case single(ExpandedBytes)
    case tar(TarWalker)
  }

  let file: OpenFile
  private let options: ReadingOptions
  private let hashes: Bool
  private let lock = Mutex(())
  private var bytes: Bytes?
  private var tarSource: ByteSource?
  /// The paths of the members of a tar file that are ratings.
  private(set) var members: [String] = []
  /// The source that is being read, and its number.
  private var source = -1
  private var number = 0
  private var place = TextPlace()
  /// What was left behind the last line break.
  private var rest: [UInt8] = []
  /// The start of the source, where its format is to be told from it: as much of it as of a plain file, though its last line
  /// be cut.
  private var start: [UInt8] = []
  private var sourceHasEnded = true
  private var hasEnded = false
  private var format: FormatDetector.Detected?
  private var bytesBefore = 0

  /// - Parameter hashes: whether the SHA-256 of the file is made meanwhile.
  init(_ file: OpenFile, isTar: Bool, options: ReadingOptions, hashes: Bool) {
    self.file = file
    self.options = options
    self.hashes = hashes
    if isTar {
      let source = ByteSource(file, hashes: hashes)
      tarSource = source
      bytes = .tar(TarWalker(source, descends: true))
    }
  }

  func name(ofSource source: Int) -> String {
    members.indices.contains(source) ? RatingArchive.name(of: members[source], in: file.path) : file.path
  }

  /// The bytes of the file that were read so far, compressed as they are.
  var byteCount: Int {
    switch bytes {
    case nil: 0
    case .single(let bytes)?: bytes.byteCount
    case .tar?: tarSource!.fileBytesRead
    }
  }

  /// The SHA-256 of the file, where it was asked for and the file was read to its end.
  var sha256: String? {
    switch bytes {
    case nil: nil
    case .single(let bytes)?: bytes.sha256
    case .tar?: tarSource!.sha256
    }
  }

  func next(_ buffer: PieceBuffer) -> TextPiece? {
    nonisolated(unsafe) var piece: TextPiece?
    nonisolated(unsafe) let buffer = buffer
    lock.withLock { _ in
      guard !hasEnded else { return }
      var next = TextPiece()
      do throws(RatingDataError) {
        guard try beginSource() else {
          hasEnded = true
          return
        }
        var part = try part(in: buffer)
        do throws(RatingDataError) {
          try look(at: &part)
          part.measure()
          part.take(&place)
          next.parts = [part]
        } catch {
          // The other members of an archive may be good.
          next.failures = [(source, error)]
          sourceHasEnded = true
        }
        hasEnded = members.isEmpty && sourceHasEnded
      } catch {
        next.failures = [(max(source, 0), error)]
        hasEnded = true
      }
      next.byteCount = byteCount - bytesBefore
      bytesBefore = byteCount
      piece = next
    }
    return piece
  }

  /// Goes on to the next source where one has ended; false behind the last.
  private func beginSource() throws(RatingDataError) -> Bool {
    guard sourceHasEnded else { return true }
    if case .tar(var walker)? = bytes {
      defer { bytes = .tar(walker) }
      var path: String?
      while path == nil {
        guard let member = try walker.next() else { return false }
        path = RatingArchive.path(of: member)
      }
      members.append(path!)
    } else {
      // The first bytes of a pipe may be long in coming.
      bytes = .single(ExpandedBytes(descriptor: file.descriptor, hashes: hashes))
    }
    source += 1
    number = 0
    rest = []
    sourceHasEnded = false
    return true
  }

  /// The next lines of the current source.
  private func part(in buffer: PieceBuffer) throws(RatingDataError) -> TextPart {
    buffer.clear()
    let free = UnsafeMutableBufferPointer(rebasing: buffer.free[..<RatingReader.pieceSize])
    let base = free.baseAddress!
    // What is left of a line is short.
    for (position, byte) in rest.enumerated() { free[position] = byte }
    var count = rest.count
    rest = []
    let target = UnsafeMutableBufferPointer(rebasing: free[count...])
    var failure: ReadFailure?
    switch bytes! {
    case .single(let bytes):
      let read = bytes.read(into: target)
      sourceHasEnded = read < target.count
      failure = bytes.failure
      count += read
    case .tar(var walker):
      defer { bytes = .tar(walker) }
      count += try walker.read(into: target)
      sourceHasEnded = walker.isAtEnd
    }
    let isLast = sourceHasEnded
    start = number == 0 && isLookedAt ? Array(free[..<min(count, FormatDetector.sampleSize)]) : []
    if !isLast {
      var cut = count
      while cut > 0 && base[cut - 1] != UInt8(ascii: "\n") { cut -= 1 }
      if cut > 0 {
        rest = Array(free[cut..<count])
        count = cut
      } else {
        // A line that is too long to be one: nothing is read behind it.
        sourceHasEnded = true
      }
    }
    buffer.take(count)
    var part = TextPart(
      source: source, name: name(ofSource: source), number: number,
      lines: LineChunk(start: base, end: base + count, isLast: isLast))
    part.failure = failure
    number += 1
    return part
  }

  /// Whether the start of a source may tell more than the sources before did.
  private var isLookedAt: Bool { format == nil || format?.layout != nil }

  /// Finds out what a part holds, where it is a source's first, or takes it for the same as those before.
  private func look(at part: inout TextPart) throws(RatingDataError) {
    if part.isFirst, part.bytes.isEmpty, let failure = part.failure {
      throw RatingDataError(.badData, failure.code, file: file.path, failure.message)
    }
    if isLookedAt && (part.isFirst || format == nil) {
      let isWhole = part.isLast && start.count == part.bytes.count
      let found = try start.withUnsafeBufferPointer { (start) throws(RatingDataError) in
        try FileFeed.detect((start, isWhole), name: part.name, options)
      }
      format = format ?? found
      (part.detected, part.isAssumed) = (found, false)
    } else {
      part.detected = format!
    }
  }
}
