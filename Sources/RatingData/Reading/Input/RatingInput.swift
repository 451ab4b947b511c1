/// One opened file whose format is known: the place where decoders come from.
final class RatingInput {
  let path: String
  let role: InputRole
  let detected: FormatDetector.Detected
  private let file: InputFile
  private let stream: LineStream?
  /// The chunks of a stream, the first of which was looked at to detect the format.
  private let streamed: ChunkSource?
  private let hash: FileHash?

  /// Opens `path` and detects its format.
  ///
  /// Where the options ask for the file's SHA-256, it is made beside the reading.
  init(_ path: String, role: InputRole, options: ReadingOptions) throws(RatingDataError) {
    self.path = path
    self.role = role
    file = try InputFile(path)
    let detector = FormatDetector(file: path, role: role, columns: options.columns)
    switch file.content {
    case .mapped(let bytes):
      stream = nil
      streamed = nil
      let sample = UnsafeBufferPointer(
        start: bytes.baseAddress!.assumingMemoryBound(to: UInt8.self),
        count: min(bytes.count, FormatDetector.sampleSize))
      detected = try detector.detect(sample, isWhole: sample.count == bytes.count, as: options.format)
      // Last, because from here on `deinit` ends it.
      hash = options.hashesInput ? FileHash(bytes) : nil
    case .stream(let descriptor):
      let stream = LineStream(descriptor: descriptor)
      self.stream = stream
      hash = nil
      stream.start()
      let source = ChunkSource(stream)
      streamed = source
      let chunk = source.peek()
      if chunk == nil || chunk!.end == chunk!.start, let failure = source.failure {
        stream.close()
        var log = ProblemLog(file: path)
        RowDecoder.record(failure, in: &log)
        throw RatingDataError(.badData, log.problems)
      }
      let size = chunk.map { $0.end - $0.start } ?? 0
      let sample = UnsafeBufferPointer(start: chunk?.start, count: min(size, FormatDetector.sampleSize))
      do throws(RatingDataError) {
        detected = try detector.detect(
          sample, isWhole: chunk.map { $0.isLast && sample.count == size } ?? true, as: options.format)
      } catch {
        stream.close()
        throw error
      }
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

  /// An upper bound of the number of rows with users, where the file is mapped; 0 where it is streamed.
  var mostRows: Int {
    guard let mapped else { return 0 }
    // The shortest row with a user and an item takes four bytes.
    return min(LineCut.count(mapped), mapped.count / 4 + 1)
  }

  /// A decoder of the whole file, or of the bytes in `range` of a mapped one.
  func decoder(
    range: Range<Int>? = nil, linesBefore: Int = 0, codes: IdentifierCodes, scale: RatingScale?
  ) -> RowDecoder {
    let source: ChunkSource =
      if let mapped { ChunkSource(file, bytes: mapped, range: range ?? 0..<mapped.count) } else { streamed! }
    if let layout = detected.layout {
      return DelimitedDecoder(
        layout: layout, role: role, source: source, codes: codes, scale: scale, file: path, linesBefore: linesBefore)
    }
    return BlockDecoder(
      layout: BlockDecoder.Layout(detected.format)!, role: role, source: source, codes: codes, scale: scale, file: path,
      linesBefore: linesBefore)
  }

  /// What the file was. For a streamed file: to be asked for after its decoding, which then can't go on.
  func report() -> InputReport {
    if let stream {
      // Where decoding stopped early, the reading thread is still writing what is read here.
      stream.close()
      return InputReport(
        role: role, file: path, format: detected.format, bytes: stream.byteCount, sha256: stream.sha256)
    }
    return InputReport(
      role: role, file: path, format: detected.format, bytes: mapped!.count, sha256: hash?.value())
  }
}
