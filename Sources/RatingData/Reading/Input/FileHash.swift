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

  /// The hashes of files, some at a time.
  ///
  /// - Throws: where a file is not as it was at its stamp.
  static func ofFiles(
    _ files: [(path: String, stamp: FileStamp)], threads: Int?
  ) throws(RatingDataError) -> [String] {
    let hashes = Parallel.map(files.count, threads: threads) { index -> Result<String, RatingDataError> in
      do throws(RatingDataError) {
        return .success(try hash(files[index].path, files[index].stamp))
      } catch {
        return .failure(error)
      }
    }
    var all: [String] = []
    for hash in hashes { all.append(try hash.get()) }
    return all
  }

  private static func hash(_ path: String, _ stamp: FileStamp) throws(RatingDataError) -> String {
    let file = try OpenFile(path)
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 18)
    defer { buffer.deallocate() }
    var hash = SHA256()
    var offset = 0
    while true {
      let count = try file.read(into: buffer, at: offset)
      hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
      offset += count
      if count < buffer.count { break }
    }
    try file.checkUnchanged(since: stamp)
    return hash.finalize().hexadecimal
  }

  /// The hash of several files: of one line `sha256  name` for each; nil where one of them has none.
  static func combined(_ files: [InputReport]) -> String? {
    let hashes = files.compactMap { file in file.sha256.map { ($0, file.file) } }
    return hashes.count == files.count ? combined(hashes) : nil
  }

  static func combined(_ files: [(sha256: String, path: String)]) -> String {
    var hash = SHA256()
    for file in files { hash.update(data: Array("\(file.sha256)  \(RatingFiles.name(file.path))\n".utf8)) }
    return hash.finalize().hexadecimal
  }
}
