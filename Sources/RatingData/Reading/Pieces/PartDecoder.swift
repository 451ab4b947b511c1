import RatingNumerics

/// What became of one part of the input.
struct DecodedPart: Sendable {
  var source: Int
  var number: Int
  var detected: FormatDetector.Detected
  /// Whether it was decoded as another format, so that what was read says nothing.
  var isMisread = false
  /// nil where the source can't be read: `error` then says why.
  var columns: PieceColumns?
  var error: RatingDataError?
  /// Whether decoding was given up: what comes behind it in its source is not looked at.
  var stoppedEarly = false
}

/// Decodes the pieces of a feed, on several threads.
struct PartDecoder: Sendable {
  let feed: any PieceFeed
  /// Where rows go whose place is known; nil gives each part memory of its own.
  let room: ColumnRoom?
  let options: ReadingOptions
  let meter: ReadingMeter

  /// All parts, in the order of their sources.
  func decodeAll() -> [DecodedPart] {
    let workers = options.threads ?? Parallel.availableThreads
    let parts = Parallel.map(workers, threads: workers) { _ -> [DecodedPart] in
      let buffer = PieceBuffer()
      var parts: [DecodedPart] = []
      while let piece = feed.next(buffer) {
        let before = parts.count
        for (source, error) in piece.failures { parts.append(failed(source, error)) }
        for part in piece.parts {
          if part.isCompressed { parts += compressed(part) } else { parts.append(decode(part)) }
        }
        meter.add(bytes: piece.byteCount, rows: parts[before...].reduce(0) { $0 + ($1.columns?.count ?? 0) })
      }
      return parts
    }
    return parts.joined().sorted { ($0.source, $0.number) < ($1.source, $1.number) }
  }

  private func failed(_ source: Int, _ error: RatingDataError) -> DecodedPart {
    DecodedPart(
      source: source, number: -1, detected: FormatDetector.Detected(format: .netflixTraining, layout: nil),
      error: error)
  }

  private func decode(_ part: TextPart) -> DecodedPart {
    let file = part.name
    let isBlocks = part.detected.layout == nil
    let columns: PieceColumns
    if let room {
      // Only a file with bad lines has more rows than there is room for.
      let offset = min(part.place.row, room.capacity)
      columns = PieceColumns(
        in: room, offset: offset, capacity: min(part.rowCount, room.capacity - offset), blocks: isBlocks, file: file)
    } else {
      columns = PieceColumns(
        capacity: part.rowCount, times: part.detected.hasTimes, blocks: isBlocks, file: file)
    }
    let decoder = part.detected.decoder(
      role: .ratings, source: ChunkSource(part.lines, failure: part.failure), codes: columns.codes,
      scale: options.scale ?? part.detected.format.fixedScale, file: file, linesBefore: part.place.line,
      from: part.place.block, goesOn: !part.isLast)
    decoder.fill(columns)
    var decoded = DecodedPart(
      source: part.source, number: part.number, detected: part.detected, columns: columns,
      stoppedEarly: decoder.stoppedEarly)
    // Regular blocks show by themselves what they are. Of all else it is to be found out, for the right words.
    if part.isAssumed && part.isFirst && (columns.count == 0 || !columns.log.isEmpty) {
      do throws(RatingDataError) {
        decoded.detected = try FileFeed.detect(part.sample, name: file, options)
      } catch {
        return failed(part.source, error)
      }
      decoded.isMisread = decoded.detected != part.detected
    }
    return decoded
  }

  /// A compressed file among others, expanded and decoded by this thread alone.
  private func compressed(_ part: TextPart) -> [DecodedPart] {
    var parts: [DecodedPart] = []
    do throws(RatingDataError) {
      let file = try OpenFile(part.name)
      let stream = StreamFeed(file, isTar: false, options: options, hashes: false)
      let decoder = PartDecoder(feed: stream, room: nil, options: options, meter: meter)
      let buffer = PieceBuffer()
      while let piece = stream.next(buffer) {
        for (_, error) in piece.failures { throw error }
        for part in piece.parts { parts.append(decoder.decode(part)) }
      }
      try file.checkUnchanged(since: file.stamp)
    } catch {
      parts.append(failed(part.source, error))
    }
    for index in parts.indices { parts[index].source = part.source }
    return parts
  }
}
