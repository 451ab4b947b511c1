#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A data set that is there.
public struct FetchedDataset: Sendable, Hashable {
  /// One download of it.
  public struct Source: Sendable, Hashable {
    public var name: String
    /// An address, or the path of a local file.
    public var origin: String
    public var bytes: Int
    public var sha256: String
    /// Whether nothing but an earlier fetch, or this one, vouches for the hash.
    public var isTrustedOnFirstUse: Bool
  }

  public var entry: DatasetCatalogue.Entry
  /// The folder that holds its files.
  public var path: String
  /// Whether nothing had to be done.
  public var wasThere: Bool
  /// Empty where it was there.
  public var sources: [Source]

  /// The file of ratings, where the catalogue knows which it is.
  public var ratingsPath: String? { entry.ratingsFile.map { $0 == "." ? path : "\(path)/\($0)" } }
}

/// Fetches data sets into a folder: downloads, checks, unpacks.
///
/// `FOLDER/NAME` is the data set, complete or not there. Beside it lie `downloads/` (complete archives that are not unpacked
/// yet, and `.part` files, from which an interrupted download goes on), `NAME.lock` (so that two fetches don't meet) and
/// `hashes.txt` (trust on first use).
public struct DatasetFetcher: Sendable {
  /// The file inside a data set's folder that says what it came from, and that it is complete.
  public static let receiptName = "FETCHED.txt"

  public let folder: String
  public var options: FetchOptions

  public init(folder: String, options: FetchOptions = FetchOptions()) {
    var folder = folder
    while folder.count > 1 && folder.hasSuffix("/") { folder.removeLast() }
    self.folder = folder
    self.options = options
  }

  /// The data set where it is already there; asks nobody.
  public func present(_ entry: DatasetCatalogue.Entry) -> FetchedDataset? {
    let path = "\(folder)/\(entry.name)"
    guard access("\(path)/\(Self.receiptName)", R_OK) == 0 else { return nil }
    return FetchedDataset(entry: entry, path: path, wasThere: true, sources: [])
  }

  public func fetch(_ entry: DatasetCatalogue.Entry) throws(RatingDataError) -> FetchedDataset {
    if let present = present(entry) { return present }
    let downloads = entry.files.filter { !$0.addresses.isEmpty }
    try checkCounts(entry, downloads: downloads.count)
    try CacheFolder.make("\(folder)/downloads")
    let lock = try FetchLock("\(folder)/\(entry.name).lock") { options.onEvent?(.waitingForAnotherFetch) }
    defer { withExtendedLifetime(lock) {} }
    if let present = present(entry) { return present }
    removeRemains(of: entry)
    let path = "\(folder)/\(entry.name)"
    // Before anything is downloaded, it is told where something else stands under the name.
    if InputFile.exists(path) { _ = try OutputFolder(path) }
    var fetched: [(archive: Archive, file: DatasetCatalogue.File)] = []
    for (index, file) in downloads.enumerated() {
      fetched.append((try archive(of: file, in: entry, at: index), file))
    }
    let target = try OutputFolder(path)
    for (archive, _) in fetched {
      options.onEvent?(.unpacking(file: archive.path))
      do throws(RatingDataError) {
        try ArchiveUnpacker(limits: options.limits).unpack(archive.path, named: archive.name, into: target)
      } catch {
        // A download that can't be unpacked is of no use; the next fetch begins anew.
        if archive.isDownload { unlink(archive.path) }
        throw error
      }
    }
    try hoistOnlyFolder(of: target)
    try checkMembers(entry, in: target, archives: fetched.map(\.archive))
    try unpackInner(target)
    try target.write(Self.receiptName, Array(receipt(entry, fetched.map(\.archive)).utf8))
    let known = KnownHashes(folder: folder)
    for (archive, file) in fetched where archive.source.isTrustedOnFirstUse {
      try known.record("\(entry.name)/\(file.name)", archive.fingerprint)
    }
    try target.commit()
    for (archive, _) in fetched where archive.isDownload { unlink(archive.path) }
    return FetchedDataset(entry: entry, path: target.path, wasThere: false, sources: fetched.map(\.archive.source))
  }

  /// An archive that is on this machine, whole.
  struct Archive {
    var name: String
    var path: String
    /// Whether it lies among our downloads, to be removed when it has served.
    var isDownload: Bool
    var fingerprint: FileFingerprint
    var source: FetchedDataset.Source
    /// Whether it is another file than the catalogue's, and the files in it must prove themselves.
    var isOther = false
  }

  /// Removes what a fetch that was killed may have left, other than part files. Whoever holds the lock may.
  private func removeRemains(of entry: DatasetCatalogue.Entry) {
    for name in InputFile.names(inFolder: folder) where name.hasPrefix("\(entry.name).partial-") {
      OutputFolder.remove("\(folder)/\(name)")
    }
    for name in InputFile.names(inFolder: "\(folder)/downloads")
    where name.hasPrefix("\(entry.name)-") && name.contains(".part.source.partial-") {
      unlink("\(folder)/downloads/\(name)")
    }
  }

  private func checkCounts(_ entry: DatasetCatalogue.Entry, downloads: Int) throws(RatingDataError) {
    for (what, given) in [("local files", options.localFiles), ("addresses", options.addresses)]
    where !given.isEmpty && given.count != downloads {
      throw RatingDataError(
        .badData, .unknownDataset, file: entry.name,
        "consists of \(downloads == 1 ? "1 download" : "\(downloads) downloads"), and \(given.count) \(what) were given:"
          + " name one for each of \(entry.files.filter { !$0.addresses.isEmpty }.map(\.name).joined(separator: ", "))")
    }
  }

  /// The archive from where it is to come from, checked.
  private func archive(
    of file: DatasetCatalogue.File, in entry: DatasetCatalogue.Entry, at index: Int
  ) throws(RatingDataError) -> Archive {
    let key = "\(entry.name)/\(file.name)"
    var expected = FileFingerprint(file)
    let isKnown = expected.hasHash
    let known = KnownHashes(folder: folder)
    let earlier = isKnown ? nil : try known.fingerprint(of: key)
    if let earlier { expected = earlier }
    let isLocal = !options.localFiles.isEmpty
    let path = isLocal ? options.localFiles[index] : "\(folder)/downloads/\(entry.name)-\(file.name)"
    let found: FileFingerprint
    var origin = path
    var isOther = false
    if isLocal || access(path, F_OK) == 0 {
      if isLocal && InputFile.isFolder(path) {
        throw RatingDataError(.inputMissing, .notAFile, file: path, "is a folder; name the archive of \(entry.name)")
      }
      found = try FileFingerprint(of: path)
      if let difference = expected.difference(from: found) {
        // Another packing of the same files is as good, where each of them can be checked.
        isOther = isLocal && isKnown && entry.files.contains { $0.addresses.isEmpty && $0.sha256 != nil }
        guard isOther else {
          if !isLocal { unlink(path) }
          throw mismatch(difference, file: path, known: known, isKnown: isKnown)
        }
      }
    } else if options.isOffline {
      throw RatingDataError(
        .inputMissing, .notCached, file: entry.name,
        "is not in \(folder), and --offline asks nobody; fetch it once without, or pass --from-file")
    } else {
      let given = options.addresses.isEmpty ? file.addresses : [options.addresses[index]]
      let addresses = given.compactMap { HTTPAddress($0) }
      guard addresses.count == given.count,
        options.addresses.isEmpty || addresses.allSatisfy({ $0.isEncrypted || $0.isLoopback })
      else {
        throw RatingDataError(
          .badData, .badAddress, file: given.joined(separator: ", "),
          "expected an address that begins with https:// (http:// only of this machine)")
      }
      let download = Download(
        name: file.name, addresses: addresses, target: path, expected: expected, policy: options.policy,
        onEvent: { options.onEvent?($0) })
      let fetched = try download.run()
      (found, origin) = (fetched.fingerprint, fetched.address)
    }
    if !isKnown, let sha256 = found.sha256 {
      options.onEvent?(
        .note(
          earlier == nil
            ? "\(file.name): the publisher gives no hash; trusting this first fetch, SHA-256 \(sha256), and holding later ones to it (\(known.path))"
            : "\(file.name): the publisher gives no hash; the same as at the first fetch"))
    }
    return Archive(
      name: file.name, path: path, isDownload: !isLocal, fingerprint: found,
      source: FetchedDataset.Source(
        name: file.name, origin: origin, bytes: found.bytes ?? 0, sha256: found.sha256 ?? "",
        isTrustedOnFirstUse: !isKnown), isOther: isOther)
  }

  private func mismatch(
    _ difference: (code: ProblemCode, message: String), file: String, known: KnownHashes, isKnown: Bool
  ) -> RatingDataError {
    let advice =
      isKnown
      ? "this is not the file that was published"
      : "it was another file at the first fetch; if the publisher has changed it, remove its line from \(known.path)"
    return RatingDataError(.badData, difference.code, file: file, "\(difference.message); \(advice)")
  }
}
