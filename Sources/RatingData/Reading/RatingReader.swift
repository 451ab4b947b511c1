import RatingNumerics

extension RatingDataset {
  /// Reads ratings from a file, a folder of Netflix files, or `-` (standard input), plain or gzip.
  ///
  /// - Throws: every problem of the input at once; then there is no data set.
  /// - Complexity: O(bytes), in parallel over pieces of 4 MiB; the result doesn't depend on the number of threads.
  public static func read(
    _ path: String, options: ReadingOptions = ReadingOptions()
  ) throws(RatingDataError) -> ReadingResult {
    let files = try RatingFiles.expand(path)
    let isFolder = files.count > 1 || files[0] != path
    var reader = RatingReader(path: path, options: options)
    return isFolder ? try reader.readFolder(files) : try reader.readFile()
  }

  /// Reads ratings; `read(_:options:)` tells more about the file.
  public init(contentsOf path: String, options: ReadingOptions = ReadingOptions()) throws(RatingDataError) {
    self = try Self.read(path, options: options).dataset
  }
}

/// Reads the pieces of an input side by side and puts them together.
struct RatingReader {
  /// Pieces depend on the file alone, never on the number of threads.
  static let pieceSize = 4 << 20

  let path: String
  let options: ReadingOptions

  private struct Piece: Sendable {
    var range: Range<Int>
    var lines: Int
  }

  mutating func readFile() throws(RatingDataError) -> ReadingResult {
    let input = try RatingInput(path, role: .ratings, options: options)
    let scale = options.scale ?? input.detected.format.fixedScale
    let hasTimes = input.detected.hasTimes
    var columns: RatingColumns?
    let pieces: [PieceColumns]
    if let bytes = input.mapped {
      let parts = Self.parts(of: bytes, blocks: input.detected.format.isBlocks, threads: options.threads)
      let total = parts.reduce(0) { $0 + $1.lines }
      // A header takes no row, so that the rows of a regular file come to stand where they belong at once.
      let header = input.detected.layout?.hasHeader == true ? 1 : 0
      let made = RatingColumns.allocate(count: max(total - header, 0), times: hasTimes)
      columns = made
      var starts = [0]
      for part in parts { starts.append(starts.last! + part.lines) }
      nonisolated(unsafe) let input = input
      let lineOffsets = starts
      let path = path
      pieces = Parallel.map(parts.count, threads: options.threads) { index in
        let (first, end) = (max(lineOffsets[index] - header, 0), max(lineOffsets[index + 1] - header, 0))
        let piece = PieceColumns(in: made, offset: first, capacity: end - first, file: path)
        let decoder = input.decoder(
          range: parts[index].range, linesBefore: lineOffsets[index], codes: piece.codes, scale: scale)
        Self.decode(decoder, into: piece)
        return piece
      }
    } else {
      let piece = PieceColumns(growing: hasTimes, file: path)
      Self.decode(input.decoder(codes: piece.codes, scale: scale), into: piece)
      pieces = [piece]
    }
    var log = ProblemLog(file: path)
    for piece in pieces { log.merge(piece.log) }
    let rows = pieces.reduce(0) { $0 + $1.count }
    if rows == 0 && !log.hasErrors { log.record(.noRows, "the file has no rows; expected ratings") }
    if log.hasErrors { throw RatingDataError(.badData, log.problems) }
    return try assemble(
      pieces, files: pieces.map { _ in path }, into: columns, scale: scale, report: input.report(),
      warnings: log.warnings)
  }

  mutating func readFolder(_ files: [String]) throws(RatingDataError) -> ReadingResult {
    let options = options
    typealias Outcome = Result<(PieceColumns, InputReport), RatingDataError>
    let outcomes = Parallel.map(files.count, threads: options.threads) { index -> Outcome in
      do throws(RatingDataError) {
        let input = try RatingInput(files[index], role: .ratings, options: options)
        let piece = PieceColumns(growing: input.detected.hasTimes, file: files[index])
        Self.decode(
          input.decoder(codes: piece.codes, scale: options.scale ?? input.detected.format.fixedScale), into: piece)
        if piece.count == 0 && !piece.log.hasErrors {
          piece.log.record(.noRows, "the file has no rows; expected ratings")
        }
        return .success((piece, input.report()))
      } catch {
        return .failure(error)
      }
    }
    var problems: [Problem] = []
    var warnings: [Problem] = []
    var pieces: [PieceColumns] = []
    var reports: [InputReport] = []
    for outcome in outcomes {
      switch outcome {
      case .failure(let error): problems += error.problems
      case .success(let (piece, report)):
        if piece.log.hasErrors { problems += piece.log.problems } else { warnings += piece.log.warnings }
        pieces.append(piece)
        reports.append(report)
      }
    }
    if problems.isEmpty, let odd = reports.firstIndex(where: { $0.format != reports[0].format }) {
      problems = [
        Problem(
          .error, ProblemCode.unknownFormat.rawValue, file: files[odd],
          message: "is \(reports[odd].format.rawValue) where the files before it are \(reports[0].format.rawValue)")
      ]
    }
    if !problems.isEmpty { throw RatingDataError(.badData, problems) }
    let report = InputReport(
      role: .ratings, file: path, format: reports[0].format, bytes: reports.reduce(0) { $0 + $1.bytes },
      sha256: FileHash.combined(reports))
    return try assemble(
      pieces, files: files, into: nil, scale: options.scale ?? reports[0].format.fixedScale, report: report,
      warnings: warnings)
  }

  static func decode(_ decoder: RowDecoder, into piece: PieceColumns) {
    let batch = RowBatch()
    while decoder.fill(batch) {
      piece.append(batch)
      batch.count = 0
    }
    piece.log.merge(decoder.log)
  }

  /// Cuts a mapped file at line breaks (in a block format: before movie lines) and counts the lines of each part.
  private static func parts(of bytes: UnsafeRawBufferPointer, blocks: Bool, threads: Int?) -> [Piece] {
    let ranges = LineCut.ranges(of: bytes, size: pieceSize, beforeMovieLines: blocks)
    nonisolated(unsafe) let bytes = bytes
    return Parallel.map(ranges.count, threads: threads) { index in
      Piece(range: ranges[index], lines: LineCut.count(UnsafeRawBufferPointer(rebasing: bytes[ranges[index]])))
    }
  }

  /// Puts the pieces' rows together under common vocabularies.
  private func assemble(
    _ pieces: [PieceColumns], files: [String], into prepared: RatingColumns?, scale: RatingScale?, report: InputReport,
    warnings: [Problem]
  ) throws(RatingDataError) -> ReadingResult {
    let threads = options.threads
    let rows = pieces.reduce(0) { $0 + $1.count }
    let (users, items) = (
      VocabularyBuilder(pieces.map { ($0.users, $0.count, $0.codes) }, threads: threads),
      VocabularyBuilder(pieces.map { ($0.items, $0.count, $0.codes) }, threads: threads)
    )
    defer {
      users.release()
      items.release()
    }
    var starts: [Int] = []
    var before = 0
    for piece in pieces {
      starts.append(before)
      before += piece.count
    }
    let hasTimes = pieces.contains { $0.times != nil }
    // Where no line of the file was anything but a row, the rows already stand where they belong.
    let inPlace = prepared.map { $0.count == rows } ?? false
    let columns = inPlace ? prepared! : RatingColumns.allocate(count: rows, times: hasTimes)
    let offsets = starts
    nonisolated(unsafe) let maps = (users, items)
    Parallel.forEach(pieces.count, threads: threads) { index in
      let piece = pieces[index]
      let offset = offsets[index]
      maps.0.write(piece: index, rows: piece.count, to: columns.users + offset)
      maps.1.write(piece: index, rows: piece.count, to: columns.items + offset)
      if !inPlace {
        (columns.ratings + offset).update(from: piece.ratings, count: piece.count)
        if let times = piece.times { (columns.times! + offset).update(from: times, count: piece.count) }
        piece.release()
      }
    }
    let vocabularies = Vocabularies(users: users.vocabulary, items: items.vocabulary)
    let used =
      scale
      ?? .inferred(
        minimum: pieces.map(\.minimum).min() ?? 1, maximum: pieces.map(\.maximum).max() ?? 5)
    let dataset = RatingDataset(vocabularies: vocabularies, scale: used, columns: columns)
    let places = RowPlaces(firstRows: offsets, files: files, lines: pieces.map(\.lineMap))
    let resolved = try Duplicates.resolve(
      in: dataset, policy: options.duplicates, file: path, threads: threads
    ) { places.place(ofRow: $0) ?? (path, 0) }
    return ReadingResult(
      dataset: resolved.dataset, input: report, duplicates: resolved.count, scaleIsInferred: scale == nil,
      warnings: warnings + resolved.warnings, places: places)
  }
}
