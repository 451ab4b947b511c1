import Crypto

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The size and the hashes of a file, as they were found or as they should be.
struct FileFingerprint: Sendable, Hashable {
  var bytes: Int?
  var sha256: String?
  var md5: String?

  init(bytes: Int? = nil, sha256: String? = nil, md5: String? = nil) {
    (self.bytes, self.sha256, self.md5) = (bytes, sha256, md5)
  }

  /// What the catalogue says of a file.
  init(_ file: DatasetCatalogue.File) { self.init(bytes: file.bytes, sha256: file.sha256, md5: file.md5) }

  /// Whether a file with this fingerprint can be told from all others.
  var hasHash: Bool { sha256 != nil || md5 != nil }

  /// Of a file on disk.
  init(of path: String) throws(RatingDataError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    func failure() -> RatingDataError {
      let reason = String(cString: strerror(errno))
      return RatingDataError(.inputMissing, .unreadableFile, file: path, "can't be read: \(reason)")
    }
    guard descriptor >= 0 else { throw failure() }
    defer { close(descriptor) }
    var sha256 = SHA256()
    var md5 = Insecure.MD5()
    var total = 0
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = read(descriptor, buffer.baseAddress, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure() }
      if count == 0 { break }
      let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
      sha256.update(bufferPointer: bytes)
      md5.update(bufferPointer: bytes)
      total += count
    }
    self.init(bytes: total, sha256: sha256.finalize().hexadecimal, md5: md5.finalize().hexadecimal)
  }

  /// How `found` differs from what this one says; nil where it doesn't.
  func difference(from found: FileFingerprint) -> (code: ProblemCode, message: String)? {
    if let bytes, bytes != found.bytes {
      return (.wrongSize, "has \(found.bytes ?? 0) bytes, expected \(bytes)")
    }
    if let sha256, sha256 != found.sha256 {
      return (.wrongHash, "has the SHA-256 \(found.sha256 ?? ""), expected \(sha256)")
    }
    if sha256 == nil, let md5, md5 != found.md5 {
      return (.wrongHash, "has the MD5 \(found.md5 ?? ""), expected \(md5)")
    }
    return nil
  }
}
