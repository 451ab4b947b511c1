/// One opened file of lines, plain or gzip: its first bytes, its chunks, and what it was.
final class TextInput {
  private let file: InputFile
  private let stream: LineStream?
  /// The chunks of a stream, the first of which is looked at for the sample.
  private let streamed: ChunkSource?
  private let hash: FileHash?

  /// - Parameter hashes: whether the SHA-256 of a mapped file is made, beside the reading. That of a stream always is.
  init(_ path: String, hashes: Bool) throws(RatingDataError) {
    file = try InputFile(path)
    switch file.content {
    case .mapped(let bytes):
      (stream, streamed) = (nil, nil)
      hash = hashes ? FileHash(bytes) : nil
    case .stream(let descriptor):
      let stream = LineStream(descriptor: descriptor)
      stream.start()
      (self.stream, streamed, hash) = (stream, ChunkSource(stream), nil)
    }
  }

  deinit {
    stream?.close()
    hash?.cancel()
  }

  /// The whole file where it is mapped, so that parts of it can be decoded side by side; nil where it is streamed and
  /// can be decoded once only.
  var mapped: UnsafeRawBufferPointer? {
    if case .mapped(let bytes) = file.content { bytes } else { nil }
  }

  /// At most `size` bytes from the start of the file, valid until the first chunk is taken, and whether they are all of it.
  ///
  /// - Throws: what is wrong with a stream that has no first byte.
  func sample(size: Int) throws(RatingDataError) -> (bytes: UnsafeBufferPointer<UInt8>, isWhole: Bool) {
    if let mapped {
      let start = mapped.baseAddress!.assumingMemoryBound(to: UInt8.self)
      return (UnsafeBufferPointer(start: start, count: min(mapped.count, size)), mapped.count <= size)
    }
    let chunk = streamed!.peek()
    let count = chunk.map { $0.end - $0.start } ?? 0
    if count == 0, let failure = streamed!.failure {
      var log = ProblemLog(file: file.path)
      RowDecoder.record(failure, in: &log)
      throw RatingDataError(.badData, log.problems)
    }
    return (
      UnsafeBufferPointer(start: chunk?.start, count: min(count, size)),
      chunk.map { $0.isLast && count <= size } ?? true
    )
  }

  /// The lines of the whole file, or of the bytes in `range` of a mapped one. Those of a stream end with this object.
  func lines(_ range: Range<Int>? = nil) -> ChunkSource {
    guard let mapped else { return streamed! }
    return ChunkSource(file, bytes: mapped, range: range ?? 0..<mapped.count)
  }

  /// What happened to the file since it was opened, so that nothing that was read of it counts; nil where it is as it was.
  var change: RatingDataError? { file.change }

  /// The size of the file as it lies on disk, and its SHA-256 where it was asked for. For a streamed file: to be asked for
  /// after its decoding, which then can't go on.
  func size() -> (bytes: Int, sha256: String?) {
    guard let stream else { return (mapped!.count, hash?.value()) }
    // Where decoding stopped early, the reading thread is still writing what is read here.
    stream.close()
    return (stream.byteCount, stream.sha256)
  }
}
