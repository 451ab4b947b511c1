import Crypto
import RatingNumerics
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The SHA-256 of bytes in memory, made on a thread of its own while the bytes are being read for other reasons.
final class FileHash: @unchecked Sendable {
  private let bytes: UnsafeRawBufferPointer
  private var thread: pthread_t?
  private var result = ""
  /// Nobody wants the hash any more: a bad file is not read to its end for it.
  private let cancelled = Atomic(false)

  /// The bytes must stay valid until `value()` or `cancel()` has returned, one of which must be called.
  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    thread = Parallel.startThread { [self] in compute() }
    if thread == nil { compute() }
  }

  private func compute() {
    var hash = SHA256()
    var start = 0
    while start < bytes.count && !cancelled.load(ordering: .relaxed) {
      let end = min(start + 1 << 20, bytes.count)
      hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
      start = end
    }
    result = hash.finalize().hexadecimal
  }

  /// Waits for the hash: 64 digits, lowercase hexadecimal.
  func value() -> String {
    if let thread { pthread_join(thread, nil) }
    thread = nil
    return result
  }

  /// Waits until the bytes are no longer looked at.
  func cancel() {
    cancelled.store(true, ordering: .relaxed)
    if let thread { pthread_join(thread, nil) }
    thread = nil
  }

  /// The hash of several files: of one line `sha256  name` for each; nil where one of them has none.
  static func combined(_ files: [InputReport]) -> String? {
    var hash = SHA256()
    for file in files {
      guard let sha256 = file.sha256 else { return nil }
      hash.update(data: Array("\(sha256)  \(RatingFiles.name(file.file))\n".utf8))
    }
    return hash.finalize().hexadecimal
  }
}
