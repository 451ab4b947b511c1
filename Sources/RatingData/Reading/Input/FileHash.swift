import Crypto
import RatingNumerics

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

  /// The bytes must stay valid until `value()` has returned.
  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    thread = Parallel.startThread { [self] in compute() }
    if thread == nil { compute() }
  }

  private func compute() { result = SHA256.hash(data: bytes).hexadecimal }

  /// Waits for the hash: 64 digits, lowercase hexadecimal.
  func value() -> String {
    if let thread { pthread_join(thread, nil) }
    thread = nil
    return result
  }

  deinit { if let thread { pthread_join(thread, nil) } }

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
