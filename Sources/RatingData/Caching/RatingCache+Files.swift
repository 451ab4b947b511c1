#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension RatingCache {
  static let ratingsSuffix = "ratings"
  static let recordSuffix = "inputs"

  /// Parsed ratings in the cache.
  public struct Entry: Sendable {
    public let file: String
    /// The bytes that the file takes.
    public let bytes: Int
    /// When it was used last, in seconds since 1970.
    public let lastUsed: Int
    /// What it holds; nil where the file is damaged, foreign or of another version, so that it will not be used.
    public let contents: Contents?
    /// Why there are no contents.
    public let flaw: String?
  }

  /// What an entry holds.
  public struct Contents: Sendable {
    /// The path that the ratings were first read from.
    public let source: String
    public let format: RatingFormat
    public let ratings: Int
    public let users: Int
    public let items: Int
  }

  /// The parsed ratings in the cache, those used last first.
  ///
  /// - Parameter checked: whether all bytes of all files are checked, which reads them; else their heads are.
  public func entries(checked: Bool = false, threads: Int? = nil) -> [Entry] {
    let files = files().filter { $0.kind == .ratings }
    return files.map { file in
      var contents: Contents?
      var problem: String?
      do throws(CacheFlaw) {
        // The names are those of the first reading; nobody asks for them here.
        guard let parsed = try ParsedFile.open(file.path, InputNames("", files: [])) else {
          throw CacheFlaw("it can't be opened")
        }
        guard file.path.hasSuffix("/\(parsed.key).\(Self.ratingsSuffix)") else {
          throw CacheFlaw("it is of other ratings than its name says")
        }
        if checked { _ = try parsed.columns(threads: threads) }
        contents = Contents(
          source: parsed.details.source, format: parsed.details.format, ratings: parsed.rows,
          users: parsed.details.vocabularies.users.count, items: parsed.details.vocabularies.items.count)
      } catch {
        problem = error.description
      }
      return Entry(
        file: file.path, bytes: file.size, lastUsed: Int(file.used / 1_000_000_000), contents: contents, flaw: problem)
    }
  }

  /// Removes everything that the cache has put into its folder, and nothing else.
  ///
  /// - Returns: the number of files and the bytes that they took.
  /// - Throws: `cannotWrite` where a file can't be removed.
  @discardableResult
  public func clear() throws(RatingDataError) -> (files: Int, bytes: Int) {
    var removed = (files: 0, bytes: 0)
    for file in files() {
      guard unlink(file.path) == 0 || errno == ENOENT else {
        throw RatingDataError(
          .cannotWrite,
          [
            Problem(
              .error, "cannot-write", file: file.path,
              message: "can't be removed: \(String(cString: strerror(errno))); check who may write to the folder")
          ])
      }
      removed.files += 1
      removed.bytes += file.size
    }
    return removed
  }

  // MARK: The folder

  private struct File {
    enum Kind { case ratings, record, unfinished }

    var path: String
    var kind: Kind
    var size: Int
    /// In nanoseconds since 1970.
    var used: Int64
  }

  /// The cache's own files, those used last first.
  private func files() -> [File] {
    InputFile.names(inFolder: folder).compactMap { name -> File? in
      let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, parts[0].utf8.count == ParsedFile.keyLength,
        parts[0].utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
      else { return nil }
      let kind: File.Kind
      switch parts[1] {
      case Self.ratingsSuffix: kind = .ratings
      case Self.recordSuffix: kind = .record
      case let rest where rest.hasPrefix(Self.ratingsSuffix + NewCacheFile.mark): kind = .unfinished
      case let rest where rest.hasPrefix(Self.recordSuffix + NewCacheFile.mark): kind = .unfinished
      default: return nil
      }
      let path = "\(folder)/\(name)"
      return InputSignature(path).map { File(path: path, kind: kind, size: $0.size, used: $0.modified) }
    }.sorted { $0.used != $1.used ? $0.used > $1.used : $0.path < $1.path }
  }

  func makeFolder() throws(CacheFlaw) {
    for (position, byte) in folder.utf8.enumerated() where byte == 0x2f && position > 0 {
      mkdir(String(decoding: folder.utf8.prefix(position), as: UTF8.self), 0o755)
    }
    guard mkdir(folder, 0o700) != 0, !InputFile.isFolder(folder) else { return }
    throw CacheFlaw("the folder can't be made: \(String(cString: strerror(errno)))")
  }

  /// Notes that a file was used now. In a folder that can't be written to, the order of use is not known; that is all.
  func touch(_ path: String) { utimensat(AT_FDCWD, path, nil, 0) }

  /// Removes what was not used for the longest time, until the files fit into the capacity, and what processes that were
  /// killed have left behind.
  func makeRoom(keeping kept: String, size: Int) {
    let hour: Int64 = 3_600_000_000_000
    let now = InputSignature.now
    var total = size
    for file in files() where file.path != kept {
      if file.kind == .unfinished {
        // A younger one may be somebody's who is still writing.
        if file.used < now - hour { unlink(file.path) }
        continue
      }
      if total + file.size > capacity { unlink(file.path) } else { total += file.size }
    }
  }
}
