#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that appears under its name complete, or not at all.
///
/// Bytes go to a temporary file in the same folder; `commit()` makes them durable and renames it. A file that is not
/// committed, because an error was thrown or the process was interrupted, leaves nothing behind, and what stood under
/// the name before is untouched. The path `-` is standard output, which gets the bytes as they are written.
public final class OutputFile {
  public let path: String
  private let temporary: String?
  private var descriptor: Int32
  private var buffer: [UInt8] = []
  private static let bufferSize = 1 << 18

  public init(_ path: String) throws(RatingDataError) {
    self.path = path
    buffer.reserveCapacity(Self.bufferSize)
    if path == "-" {
      temporary = nil
      descriptor = 1
      return
    }
    let name = UnfinishedFiles.temporaryName(path)
    UnfinishedFiles.removeLeftBehind(of: path)
    temporary = name
    descriptor = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw Self.failure(path, "can't be created") }
    UnfinishedFiles.add(name)
  }

  deinit {
    guard let temporary, descriptor >= 0 else { return }
    close(descriptor)
    unlink(temporary)
    UnfinishedFiles.remove(temporary)
  }

  public func write(_ text: String) throws(RatingDataError) {
    var text = text
    let bytes = text.withUTF8 { Array($0) }
    try write(bytes: bytes)
  }

  public func write(bytes: some Collection<UInt8>) throws(RatingDataError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Writes bytes from memory. Many at once are not copied.
  package func write(raw bytes: UnsafeRawBufferPointer) throws(RatingDataError) {
    guard bytes.count >= Self.bufferSize else { return try write(bytes: bytes) }
    try flush()
    try put(bytes)
  }

  /// Writes what is buffered, makes the file durable and gives it its name.
  public func commit() throws(RatingDataError) {
    try flush()
    guard let temporary else { return }
    guard fsync(descriptor) == 0, close(descriptor) == 0 else { throw Self.failure(path, "can't be written") }
    descriptor = -1
    let renamed = rename(temporary, path)
    let reason = errno
    UnfinishedFiles.remove(temporary)
    if renamed != 0 {
      unlink(temporary)
      errno = reason
      throw Self.failure(path, "can't be renamed into place")
    }
  }

  private func flush() throws(RatingDataError) {
    try buffer.withUnsafeBufferPointer { (bytes) throws(RatingDataError) in try put(UnsafeRawBufferPointer(bytes)) }
    buffer.removeAll(keepingCapacity: true)
  }

  private func put(_ bytes: UnsafeRawBufferPointer) throws(RatingDataError) {
    var done = 0
    while done < bytes.count {
      #if canImport(Glibc)
        let n = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      #else
        let n = Darwin.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      #endif
      if n < 0 {
        if errno == EINTR { continue }
        throw Self.failure(path, "can't be written")
      }
      done += n
    }
  }

  private static func failure(_ path: String, _ what: String) -> RatingDataError {
    RatingDataError(
      .cannotWrite,
      [
        Problem(
          .error, "cannot-write", file: path,
          message:
            "\(what): \(String(cString: strerror(errno))); check that the folder exists, is writable and has room")
      ])
  }
}
