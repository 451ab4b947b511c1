#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Keeps two fetches of one data set apart, in this process and in others, for as long as the object lives.
///
/// A lock of the operating system on an empty file, which goes with the process that holds it, however that ends. The file
/// stays.
final class FetchLock {
  private let descriptor: Int32

  /// - Parameter onWait: called once where another one holds the lock.
  init(_ path: String, onWait: () -> Void) throws(RatingDataError) {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw RatingDataError(
        .cannotWrite,
        [
          Problem(
            .error, "cannot-write", file: path,
            message: "can't be created: \(String(cString: strerror(errno))); check that the folder is writable")
        ])
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) != 0 else { return }
    onWait()
    while flock(descriptor, LOCK_EX) != 0 && errno == EINTR {}
  }

  deinit { close(descriptor) }
}
