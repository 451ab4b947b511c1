#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder that appears under its name complete, or not at all.
///
/// Files are written into a temporary folder beside it, which `commit()` renames. A folder that is not committed,
/// because an error was thrown or the process was interrupted, leaves nothing behind.
public final class OutputFolder {
  public let path: String
  /// Where the files are until the folder has its name.
  let temporary: String
  private var isCommitted = false

  /// - Parameter path: must not exist, or be an empty folder. Folders above it are made where they are missing.
  public init(_ path: String) throws(RatingDataError) {
    var path = path
    while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
    self.path = path
    temporary = UnfinishedFiles.temporaryName(path)
    var status = stat()
    if lstat(path, &status) == 0 {
      guard let entries = Self.entries(of: path) else {
        throw Self.failure(path, "exists and is no folder; choose another name", code: "output-exists")
      }
      if !entries.isEmpty {
        throw Self.failure(
          path, "exists and holds \(entries.count) entries; remove it, or choose another name", code: "output-exists")
      }
    }
    for (position, byte) in path.utf8.enumerated() where byte == 0x2f && position > 0 {
      mkdir(String(decoding: path.utf8.prefix(position), as: UTF8.self), 0o755)
    }
    UnfinishedFiles.removeLeftBehind(of: path)
    Self.remove(temporary)
    guard mkdir(temporary, 0o755) == 0 else { throw Self.systemFailure(path, "can't be created") }
    UnfinishedFiles.add(temporary)
  }

  deinit {
    guard !isCommitted else { return }
    Self.remove(temporary)
    UnfinishedFiles.remove(temporary)
  }

  /// Makes a folder inside.
  public func makeFolder(_ name: String) throws(RatingDataError) {
    guard mkdir("\(temporary)/\(name)", 0o755) == 0 else {
      throw Self.systemFailure("\(path)/\(name)", "can't be created")
    }
  }

  /// A file inside, to be written piece by piece and closed.
  public func file(_ name: String) throws(RatingDataError) -> File {
    try File("\(temporary)/\(name)", shownAs: "\(path)/\(name)")
  }

  /// A whole file inside.
  public func write(_ name: String, _ bytes: [UInt8]) throws(RatingDataError) {
    let file = try file(name)
    try file.put(bytes)
    try file.close()
  }

  /// Gives the folder its name, once what it holds is handed to the disk.
  public func commit() throws(RatingDataError) {
    // One call for all files: an fsync for each of Netflix's 17,770 would take minutes.
    sync()
    // An empty folder may stand under the name; rename replaces it.
    guard rename(temporary, path) == 0 else { throw Self.systemFailure(path, "can't be renamed into place") }
    isCommitted = true
    UnfinishedFiles.remove(temporary)
  }

  /// A file of an unfinished folder.
  public final class File {
    private let name: String
    private var descriptor: Int32
    private var buffer: [UInt8] = []
    private static let bufferSize = 1 << 17
    /// The number of bytes so far.
    private(set) var count = 0

    fileprivate init(_ path: String, shownAs name: String) throws(RatingDataError) {
      self.name = name
      descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
      if descriptor < 0 { throw OutputFolder.systemFailure(name, "can't be created") }
    }

    deinit { if descriptor >= 0 { _ = systemClose(descriptor) } }

    public func write(_ bytes: [UInt8]) throws(RatingDataError) {
      count += bytes.count
      if buffer.isEmpty && bytes.count >= Self.bufferSize { return try put(bytes) }
      buffer.append(contentsOf: bytes)
      if buffer.count >= Self.bufferSize { try flush() }
    }

    public func close() throws(RatingDataError) {
      try flush()
      let status = systemClose(descriptor)
      descriptor = -1
      if status != 0 { throw OutputFolder.systemFailure(name, "can't be written") }
    }

    private func flush() throws(RatingDataError) {
      try put(buffer)
      buffer.removeAll(keepingCapacity: true)
    }

    fileprivate func put(_ bytes: [UInt8]) throws(RatingDataError) {
      let failed = bytes.withUnsafeBytes { bytes -> Bool in
        var done = 0
        while done < bytes.count {
          let n = systemWrite(descriptor, bytes.baseAddress! + done, bytes.count - done)
          if n < 0 && errno != EINTR { return true }
          if n > 0 { done += n }
        }
        return false
      }
      if failed { throw OutputFolder.systemFailure(name, "can't be written") }
    }
  }

  /// Removes a file, or a folder and all that is in it; nothing happens where there is none.
  package static func remove(_ path: String) {
    if let entries = entries(of: path) {
      for entry in entries { remove("\(path)/\(entry)") }
      rmdir(path)
    } else {
      unlink(path)
    }
  }

  /// The names in a folder; nil where `path` is none (a symbolic link to a folder is not followed).
  private static func entries(of path: String) -> [String]? {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, let folder = opendir(path) else { return nil }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  fileprivate static func systemFailure(_ path: String, _ what: String) -> RatingDataError {
    failure(
      path,
      "\(what): \(String(cString: strerror(errno))); check that the folder above it exists, is writable and has room",
      code: "cannot-write")
  }

  private static func failure(_ path: String, _ message: String, code: String) -> RatingDataError {
    RatingDataError(.cannotWrite, [Problem(.error, code, file: path, message: message)])
  }
}

private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
