/// One opened file whose format is known: the place where decoders come from.
final class RatingInput {
  let path: String
  let role: InputRole
  let detected: FormatDetector.Detected
  private let text: TextInput

  /// Opens `path` and detects its format.
  ///
  /// Where the options ask for the file's SHA-256, it is made beside the reading.
  init(_ path: String, role: InputRole, options: ReadingOptions) throws(RatingDataError) {
    self.path = path
    self.role = role
    text = try TextInput(path, hashes: options.hashesInput)
    let sample = try text.sample(size: FormatDetector.sampleSize)
    detected = try FormatDetector(file: path, role: role, columns: options.columns).detect(
      sample.bytes, isWhole: sample.isWhole, as: options.format)
  }

  /// The whole file where it is mapped, so that parts of it can be decoded side by side; nil where it is streamed and
  /// can be decoded once only.
  var mapped: UnsafeRawBufferPointer? { text.mapped }

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
    detected.decoder(
      role: role, source: text.lines(range), codes: codes, scale: scale, file: path, linesBefore: linesBefore)
  }

  /// What happened to the file since it was opened, so that nothing that was read of it counts; nil where it is as it was.
  var change: RatingDataError? { text.change }

  /// What the file was. For a streamed file: to be asked for after its decoding, which then can't go on.
  func report() -> InputReport {
    let size = text.size()
    return InputReport(role: role, file: path, format: detected.format, bytes: size.bytes, sha256: size.sha256)
  }
}

extension FormatDetector.Detected {
  /// A decoder of lines of this format.
  ///
  /// - Parameters:
  ///   - linesBefore: how many lines of the file come before them.
  ///   - block: the block in which the first of them stands.
  ///   - goesOn: whether lines of the same file follow in another source.
  func decoder(
    role: InputRole, source: ChunkSource, codes: IdentifierCodes, scale: RatingScale?, file: String,
    linesBefore: Int = 0, from block: BlockState = BlockState(), goesOn: Bool = false
  ) -> RowDecoder {
    if let layout {
      return DelimitedDecoder(
        layout: layout, role: role, source: source, codes: codes, scale: scale, file: file, linesBefore: linesBefore)
    }
    return BlockDecoder(
      layout: BlockDecoder.Layout(format)!, role: role, source: source, codes: codes, scale: scale, file: file,
      linesBefore: linesBefore, from: block, goesOn: goesOn)
  }
}
