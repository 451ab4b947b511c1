import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that is read by position.
///
/// It is read, not mapped: bytes in memory of our own can't change between their check and their use, and no program that
/// cuts the file short can end this one by a bus error. It costs nothing: see `ParsedFile`.
final class PositionedFile: Sendable {
  let size: Int
  private let descriptor: Int32

  /// nil where the file can't be opened or is no regular file; `errno` tells why.
  init?(_ path: String) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0, status.isRegular else {
      if descriptor >= 0 { close(descriptor) }
      return nil
    }
    size = Int(status.st_size)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Fills the buffer with the bytes from `offset` on. Returns false where there are fewer, or they can't be read.
  func read(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Bool {
    FileStatus.read(descriptor, into: buffer, at: offset) == buffer.count
  }

  /// Some bytes; nil where there are fewer, or they can't be read.
  func bytes(_ count: Int, at offset: Int) -> [UInt8]? {
    guard count >= 0, offset >= 0, count <= size, offset <= size - count else { return nil }
    var complete = false
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      complete = read(UnsafeMutableRawBufferPointer(buffer), at: offset)
      initialized = complete ? count : 0
    }
    return complete ? bytes : nil
  }
}

/// A new file of the cache: it gets its name when it is complete, and leaves nothing behind where it never is.
///
/// Its bytes are not forced to the disk: that would take longer than all else, and what a power failure leaves of a file
/// is found out by its hashes.
final class NewCacheFile: Sendable {
  private static let serial = Atomic<Int>(0)
  private let temporary: String
  private let descriptor: Int32

  /// What unfinished files have in their names.
  static let mark = ".partial-"

  /// - Throws: the reason, as the system gives it.
  init(_ path: String) throws(CacheFlaw) {
    // Threads of one process may write the same file, too.
    let number = Self.serial.wrappingAdd(1, ordering: .relaxed).oldValue
    temporary = "\(path)\(Self.mark)\(getpid())-\(number)"
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.flaw() }
    UnfinishedFiles.add(temporary)
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    // Gone already, where it was given its name.
    unlink(temporary)
    UnfinishedFiles.remove(temporary)
  }

  /// May be called for several parts at once.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(CacheFlaw) {
    var done = 0
    while done < bytes.count {
      let count = pwrite(descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw Self.flaw() }
      done += count
    }
  }

  /// Gives the file its name, in place of what has it.
  func commit(as path: String) throws(CacheFlaw) {
    guard rename(temporary, path) == 0 else { throw Self.flaw() }
  }

  private static func flaw() -> CacheFlaw { CacheFlaw(String(cString: strerror(errno))) }
}
