#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The bytes of a download that have come so far: `NAME.part`, and `NAME.part.source`, which says what they are of.
///
/// It is what an interrupted fetch leaves behind, and what the next one goes on from.
final class PartFile {
  /// Where the bytes came from, and what the server calls that version of the file.
  struct Source: Equatable {
    var address: String
    /// An entity tag or a date that `If-Range` can name.
    var validator: String?
    var size: Int?
  }

  let path: String
  private var descriptor: Int32 = -1
  private(set) var size = 0
  private(set) var source: Source?

  init(_ path: String) throws(RatingDataError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw failure("can't be created") }
    size = Int(lseek(descriptor, 0, SEEK_END))
    source = size > 0 ? readSource() : nil
  }

  deinit {
    if descriptor >= 0 {
      close(descriptor)
      // Nothing came: nothing to go on from.
      if size == 0 { remove() }
    }
  }

  /// Forgets what has come.
  func restart() throws(RatingDataError) {
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else { throw failure("can't be emptied") }
    size = 0
    source = nil
    unlink(sourcePath)
  }

  /// Notes where the bytes are from, before the first of them is written.
  func begin(_ source: Source) {
    self.source = source
    let lines = [source.address, source.validator ?? "", source.size.map(String.init) ?? ""]
    // Without it the download can't be resumed, and is nothing worse.
    guard let file = try? OutputFile(sourcePath) else { return }
    try? file.write(lines.joined(separator: "\n") + "\n")
    try? file.commit()
  }

  func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var done = 0
    while done < bytes.count {
      let n = systemWrite(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if n < 0 && errno != EINTR { return false }
      if n > 0 { done += n }
    }
    size += bytes.count
    return true
  }

  /// Makes the bytes durable and gives them their name.
  func finish(as name: String) throws(RatingDataError) {
    guard fsync(descriptor) == 0 else { throw failure("can't be written") }
    close(descriptor)
    descriptor = -1
    guard rename(path, name) == 0 else { throw failure("can't be renamed to \(name)") }
    unlink(sourcePath)
  }

  private func remove() {
    unlink(path)
    unlink(sourcePath)
  }

  private var sourcePath: String { "\(path).source" }

  private func readSource() -> Source? {
    guard let text = try? SmallFile.text(sourcePath, limit: 16_384) else { return nil }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard lines.count == 4, !lines[0].isEmpty else { return nil }
    return Source(address: lines[0], validator: lines[1].isEmpty ? nil : lines[1], size: Int(lines[2]))
  }

  private func failure(_ what: String) -> RatingDataError {
    RatingDataError(
      .cannotWrite,
      [
        Problem(
          .error, "cannot-write", file: path,
          message: "\(what): \(String(cString: strerror(errno))); check that the folder is writable and has room")
      ])
  }
}

/// Files that are read as a whole.
enum SmallFile {
  struct Unreadable: Error {}

  /// The text of a file of at most `limit` bytes.
  static func text(_ path: String, limit: Int) throws(Unreadable) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Unreadable() }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    var count = 0
    while count < bytes.count {
      let n = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress! + count, $0.count - count) }
      if n < 0 && errno == EINTR { continue }
      guard n >= 0 else { throw Unreadable() }
      if n == 0 { break }
      count += n
    }
    guard count <= limit, let text = String(validating: bytes[..<count], as: UTF8.self) else { throw Unreadable() }
    return text
  }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
