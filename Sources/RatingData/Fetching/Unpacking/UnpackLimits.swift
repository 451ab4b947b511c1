/// What an archive may expand to, so that a small file can't fill a disk.
public struct UnpackLimits: Sendable, Hashable {
  /// Bytes in all. Default: 32 GiB; the Netflix Prize's files take 4.
  public var bytes = 32 << 30
  /// Bytes for each byte of the archive, which count from `freeBytes` on. Default: 250. Files of ratings reach 4 to 12,
  /// deflate at most 1032.
  public var ratio = 250
  /// Bytes that no ratio is asked of. Default: 256 MiB.
  public var freeBytes = 1 << 28
  /// Files and folders. Default: 100,000; the Netflix Prize's archive has 17,776.
  public var entries = 100_000

  public init() {}
}

/// Counts what comes out of an archive, against the limits.
struct UnpackCounter {
  let limits: UnpackLimits
  /// The name of the archive, for messages.
  let archive: String
  let archiveBytes: Int
  private var bytes = 0
  private var entries = 0

  init(limits: UnpackLimits, archive: String, archiveBytes: Int) {
    (self.limits, self.archive, self.archiveBytes) = (limits, archive, archiveBytes)
  }

  mutating func addEntry() throws(RatingDataError) {
    entries += 1
    guard entries <= limits.entries else { throw bomb("has more than \(limits.entries) entries") }
  }

  mutating func add(bytes more: Int) throws(RatingDataError) {
    bytes += more
    guard bytes <= limits.bytes else { throw bomb("expands to more than \(limits.bytes) bytes") }
    guard bytes <= limits.freeBytes || bytes / limits.ratio <= archiveBytes else {
      throw bomb("expands to more than \(limits.ratio) times its size")
    }
  }

  private func bomb(_ what: String) -> RatingDataError {
    RatingDataError(
      .badData, .archiveBomb, file: archive, "\(what), which no data set does; nothing of it was kept")
  }
}
