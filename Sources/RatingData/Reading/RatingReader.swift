import RatingNumerics

extension RatingDataset {
  /// Reads ratings from a file, a folder of Netflix files, a tar file of them, or `-` (standard input), plain or gzip.
  ///
  /// What the path is, is told by the content. A tar file is not unpacked: the members that are `mv_*.txt` or
  /// `combined_data_*.txt`, in one folder of it or in a tar file inside, are read in the order of their names, as they
  /// would be from a folder.
  ///
  /// - Throws: every problem of the input at once; then there is no data set. A file that shrinks, is written to or is
  ///   replaced while it is read is such a problem (`changed-file`).
  /// - Complexity: O(bytes), in parallel over pieces of 1 MiB; the result doesn't depend on the number of threads.
  ///   Memory: 12 bytes for each rating, 16 with times, and some MiB; compressed and streamed input takes up to 4 bytes
  ///   more for each rating without time.
  public static func read(
    _ path: String, options: ReadingOptions = ReadingOptions()
  ) throws(RatingDataError) -> ReadingResult {
    if let cache = options.cache { return try CachedReading(path: path, options: options, cache: cache).read() }
    return try RatingReader(path: path, options: options).read()
  }

  /// Reads ratings; `read(_:options:)` tells more about the file.
  public init(contentsOf path: String, options: ReadingOptions = ReadingOptions()) throws(RatingDataError) {
    self = try Self.read(path, options: options).dataset
  }
}

/// Reads the pieces of an input side by side and puts them together.
struct RatingReader {
  /// Pieces depend on the files alone, never on the number of threads.
  static let pieceSize = 1 << 20

  let path: String
  let options: ReadingOptions

  func read() throws(RatingDataError) -> ReadingResult {
    switch try RatingSources.open(path, threads: options.threads) {
    case .files(let sources): try readFiles(sources)
    case .stream(let file, let isTar): try readStream(file, isTar: isTar)
    }
  }

  private func readFiles(_ sources: [RatingSource]) throws(RatingDataError) -> ReadingResult {
    let feed = FileFeed(sources, options: options)
    let room = ColumnRoom(capacity: feed.mostRows, times: feed.format.hasTimes)
    let meter = ReadingMeter(options.onProgress, totalBytes: feed.byteCount)
    defer { meter.end() }
    let parts = PartDecoder(feed: feed, room: room, options: options, meter: meter).decodeAll()
    let rows = try JoinedParts(parts, nameOf: feed.name)
    let isFolder = sources[0].path != path
    let files = isFolder ? sources : [sources[0]]
    var report = InputReport(
      role: .ratings, file: path, format: rows.format, bytes: files.reduce(0) { $0 + $1.stamp.size }, sha256: nil)
    if options.hashesInput {
      let hashes = try FileHash.ofFiles(files.map { ($0.path, $0.stamp) }, threads: options.threads)
      report.sha256 = isFolder ? FileHash.combined(zip(hashes, files).map { ($0, $1.path) }) : hashes[0]
    }
    return try assemble(rows, in: room, report: report)
  }

  private func readStream(_ file: OpenFile, isTar: Bool) throws(RatingDataError) -> ReadingResult {
    let feed = StreamFeed(file, isTar: isTar, options: options, hashes: options.hashesInput)
    let meter = ReadingMeter(options.onProgress, totalBytes: file.isRegular ? file.stamp.size : nil)
    defer { meter.end() }
    var parts = PartDecoder(feed: feed, room: nil, options: options, meter: meter).decodeAll()
    // What else is wrong with a file that has changed says nothing.
    if file.isRegular { try file.checkUnchanged(since: file.stamp) }
    if isTar && !parts.contains(where: { $0.error != nil }) {
      let order = try RatingArchive.order(of: feed.members, in: path)
      var ranks = [Int](repeating: 0, count: order.count)
      for (rank, source) in order.enumerated() { ranks[source] = rank }
      parts.sort { (ranks[$0.source], $0.number) < (ranks[$1.source], $1.number) }
    }
    let rows = try JoinedParts(parts, nameOf: feed.name)
    let report = InputReport(
      role: .ratings, file: path, format: rows.format, bytes: feed.byteCount, sha256: feed.sha256)
    return try assemble(rows, in: nil, report: report)
  }

  /// Puts the parts' rows together under common vocabularies.
  private func assemble(
    _ read: JoinedParts, in room: ColumnRoom?, report: InputReport
  ) throws(RatingDataError) -> ReadingResult {
    let threads = options.threads
    let parts = read.columns
    let users = VocabularyBuilder(parts.map { ($0.users, $0.count, $0.codes) }, threads: threads)
    let items = ItemIndices(parts, threads: threads)
    defer {
      users.release()
      items.release()
    }
    var starts = [0]
    for part in parts { starts.append(starts.last! + part.count) }
    let rows = starts.last!
    let offsets = starts
    // The rows of good files that aren't compressed already stand where they belong.
    let standing = zip(parts, offsets).allSatisfy { $0.offset == $1 } ? room : nil
    let hasTimes = parts.contains { $0.times != nil }
    let apart = standing == nil ? RatingColumns.allocate(count: rows, times: hasTimes) : nil
    nonisolated(unsafe) let (allUsers, allItems) = (standing?.users ?? apart!.users, standing?.items ?? apart!.items)
    nonisolated(unsafe) let (userIndices, itemIndices) = (users, items)
    Parallel.forEach(parts.count, threads: threads) { index in
      let (part, offset) = (parts[index], offsets[index])
      userIndices.write(piece: index, rows: part.count, to: allUsers + offset)
      itemIndices.write(piece: index, rows: part.count, to: allItems + offset)
      if let apart {
        (apart.ratings + offset).update(from: part.ratings, count: part.count)
        if let times = part.times { (apart.times! + offset).update(from: times, count: part.count) }
        part.release()
      }
    }
    // Only now may the room's memory move: the parts' codes stand in it.
    let made = apart ?? standing!.columns(count: rows)
    let scale = options.scale ?? report.format.fixedScale
    let dataset = RatingDataset(
      vocabularies: Vocabularies(users: users.vocabulary, items: items.vocabulary),
      scale: scale
        ?? .inferred(minimum: parts.map(\.minimum).min() ?? 1, maximum: parts.map(\.maximum).max() ?? 5),
      columns: made)
    let places = RowPlaces(firstRows: Array(offsets.dropLast()), files: read.files, lines: parts.map(\.lineMap))
    let resolved = try Duplicates.resolve(
      in: dataset, policy: options.duplicates, file: path, threads: threads
    ) { places.place(ofRow: $0) ?? (path, 0) }
    return ReadingResult(
      dataset: resolved.dataset, input: report, duplicates: resolved.count, scaleIsInferred: scale == nil,
      warnings: read.warnings + resolved.warnings, places: places)
  }
}
