#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads ratings through a cache.
struct CachedReading {
  let path: String
  let options: ReadingOptions
  let cache: RatingCache

  /// What the cache knows an input by.
  private struct Input {
    var names: InputNames
    var contents: InputContents
    var key: String
    /// Whether the record of the contents is as good as it can be.
    var isRecorded: Bool
  }

  func read() throws(RatingDataError) -> ReadingResult {
    var plain = options
    plain.cache = nil
    // A report of the input's SHA-256 is about bytes that were read for it.
    guard !options.hashesInput, path != "-", let input = try identify() else {
      return try RatingDataset.read(path, options: plain)
    }
    if let result = parsed(input) { return try resolved(result) }
    plain.duplicates = .all
    let result = try RatingDataset.read(path, options: plain)
    keep(result, input)
    return try resolved(result)
  }

  /// nil where the input is not worth a place in the cache, or is nothing that can be told by its content.
  private func identify() throws(RatingDataError) -> Input? {
    let names = InputNames(path, files: try RatingFiles.expand(path))
    let time = InputSignature.now
    guard let signatures = InputSignature.all(names.files, threads: options.threads),
      signatures.reduce(0, { $0 + $1.size }) >= cache.smallestInput
    else { return nil }
    let known = PositionedFile(record(names)).flatMap { $0.bytes($0.size, at: 0) }
      .flatMap { InputContents(record: $0, names) }
    if let known, known.signatures == signatures, signatures.allSatisfy({ $0.isSettled(at: known.time) }) {
      return Input(names: names, contents: known, key: known.key(names, options), isRecorded: true)
    }
    guard
      let contents = InputContents.of(
        names.files, signatures: signatures, time: time, known: known, threads: options.threads)
    else { return nil }
    return Input(names: names, contents: contents, key: contents.key(names, options), isRecorded: false)
  }

  private func record(_ names: InputNames) -> String {
    "\(cache.folder)/\(InputContents.recordName(names, options)).\(RatingCache.recordSuffix)"
  }

  private func file(_ input: Input) -> String { "\(cache.folder)/\(input.key).\(RatingCache.ratingsSuffix)" }

  // MARK: From the cache

  private func parsed(_ input: Input) -> ReadingResult? {
    let path = file(input)
    do throws(CacheFlaw) {
      guard let file = try ParsedFile.open(path, input.names) else { return nil }
      guard file.key == input.key else { throw CacheFlaw("it is of other ratings") }
      let columns = try file.columns(threads: options.threads)
      let details = file.details
      cache.touch(path)
      if input.isRecorded { cache.touch(record(input.names)) } else { keepRecord(input) }
      return ReadingResult(
        dataset: RatingDataset(vocabularies: details.vocabularies, scale: details.scale, columns: columns),
        input: InputReport(
          role: .ratings, file: self.path, format: details.format, bytes: details.bytes, sha256: details.sha256),
        duplicates: details.duplicates, scaleIsInferred: details.scaleIsInferred, warnings: details.warnings,
        places: details.places)
    } catch {
      cache.warn(
        .cacheRebuilt, path,
        "\(error.description); it is not used, the ratings are read from \(self.path) and kept anew")
      unlink(path)
      return nil
    }
  }

  // MARK: Into the cache

  private func keep(_ result: ReadingResult, _ input: Input) {
    // What was changed while it was read is not what was hashed before.
    guard InputSignature.all(input.names.files, threads: options.threads) == input.contents.signatures,
      ParsedFile.canHold(result)
    else { return }
    do throws(CacheFlaw) {
      try cache.makeFolder()
      let path = file(input)
      let size = try ParsedFile.write(
        result, input.names, key: input.key, to: path, largest: cache.capacity, threads: options.threads)
      cache.makeRoom(keeping: path, size: size)
      cache.onEvent?(.kept(file: path, bytes: size))
    } catch {
      cache.warn(
        .cacheNotWritten, cache.folder,
        "\(error.description); the ratings are used all the same, and are read again the next time")
      return
    }
    keepRecord(input)
  }

  /// Without a record the input is hashed the next time: nothing worse.
  private func keepRecord(_ input: Input) {
    guard let record = try? NewCacheFile(record(input.names)) else { return }
    try? input.contents.record(input.names).withRawBytes { bytes throws(CacheFlaw) in
      try record.write(bytes, at: 0)
    }
    try? record.commit(as: self.record(input.names))
  }

  // MARK: Repeated pairs

  /// The result as the options want it. The cache holds every row, so that one file serves every way of treating repeated
  /// pairs.
  private func resolved(_ result: ReadingResult) throws(RatingDataError) -> ReadingResult {
    guard result.duplicates.pairs > 0, options.duplicates != .all else { return result }
    let resolved = try Duplicates.resolve(
      in: result.dataset, policy: options.duplicates, file: path, threads: options.threads
    ) { result.places.place(ofRow: $0) ?? (path, 0) }
    return ReadingResult(
      dataset: resolved.dataset, input: result.input, duplicates: resolved.count,
      scaleIsInferred: result.scaleIsInferred, warnings: result.warnings + resolved.warnings, places: result.places)
  }
}
