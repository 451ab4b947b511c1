#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open file, and what told it apart from every other state of itself when it was opened.
///
/// The path `-` is standard input.
final class OpenFile: Sendable {
  let path: String
  let descriptor: Int32
  let stamp: FileStamp
  /// Whether its bytes can be read in any order: a regular file, from its start.
  let isRegular: Bool

  init(_ path: String) throws(RatingDataError) {
    let descriptor = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 {
      let reason = errno
      if reason == ENOENT || reason == ENOTDIR {
        let hint = DatasetCatalogue.entry(named: path) == nil ? "" : ", or fetch the data set: prizecheck fetch \(path)"
        throw RatingDataError(
          .inputMissing, .missingFile, file: path, "there is no such file; check the path and the current folder\(hint)"
        )
      }
      throw RatingDataError(
        .inputMissing, .unreadableFile, file: path, "can't be opened: \(String(cString: strerror(reason)))")
    }
    var status = stat()
    fstat(descriptor, &status)
    if status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw RatingDataError(
        .inputMissing, .notAFile, file: path,
        "is a folder where one file is expected; name a file in it"
          + " (a folder of ratings is read where ratings are asked for and it holds mv_*.txt or combined_data_*.txt)")
    }
    self.path = path
    self.descriptor = descriptor
    stamp = FileStamp(status)
    isRegular = status.isRegular && lseek(descriptor, 0, SEEK_CUR) == 0
  }

  deinit { close(descriptor) }

  /// The bytes from `offset` on that fit into `buffer`, and that the file has.
  func read(
    into buffer: UnsafeMutableBufferPointer<UInt8>, at offset: Int
  ) throws(RatingDataError) -> Int {
    guard let count = FileStatus.read(descriptor, into: UnsafeMutableRawBufferPointer(buffer), at: offset) else {
      throw RatingDataError(
        .inputMissing, .unreadableFile, file: path, "reading stopped: \(String(cString: strerror(errno)))")
    }
    return count
  }

  /// - Throws: where the file is not as it was at `stamp`.
  func checkUnchanged(since stamp: FileStamp) throws(RatingDataError) {
    var status = stat()
    fstat(descriptor, &status)
    if let change = FileStamp(status).change(since: stamp) {
      throw RatingDataError(.badData, .changedFile, file: path, change)
    }
  }
}

/// Which file it is, its size, and when it was last written to.
struct FileStamp: Sendable, Equatable {
  let device, inode: UInt64
  let size: Int
  /// In nanoseconds since 1970.
  let modified: Int64

  init(_ status: stat) {
    device = UInt64(truncatingIfNeeded: status.st_dev)
    inode = UInt64(status.st_ino)
    size = Int(status.st_size)
    modified = status.modified
  }

  /// The stamp of the regular file at `path`; nil where there is none.
  init?(ofRegularFile path: String) {
    guard let status = FileStatus.ofRegularFile(path) else { return nil }
    self.init(status)
  }

  /// What happened to a file since it had another stamp; nil where it has the same.
  func change(since old: FileStamp) -> String? {
    if self == old { return nil }
    let what =
      device != old.device || inode != old.inode
      ? "another file of \(size) bytes took its place while it was read; it had \(old.size)"
      : size == old.size
        ? "was written to while it was read, and still has \(size) bytes"
        : "has \(size) bytes; it had \(old.size) when reading began"
    return "\(what); copy it again, and don't change it while it is read"
  }
}
