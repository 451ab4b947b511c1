#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The hashes of files that the catalogue has none for, as they were when they were fetched first: `hashes.txt` in the
/// cache folder, a line `sha256  bytes  data set/file` for each. Later fetches must bring the same.
struct KnownHashes {
  let path: String

  init(folder: String) { path = "\(folder)/hashes.txt" }

  /// The fingerprint of the first fetch; nil where there was none.
  ///
  /// - Throws: where there is a list that can't be read, or whose line of this file is none: trusting anew, as if nothing had
  ///   been fetched before, would let any file pass.
  func fingerprint(of name: String) throws(RatingDataError) -> FileFingerprint? {
    if access(path, F_OK) != 0, errno == ENOENT { return nil }
    guard let text = try? SmallFile.text(path, limit: 1 << 20) else {
      throw RatingDataError(
        .inputMissing, .unreadableFile, file: path,
        "holds what earlier fetches brought and can't be read; make it readable, or remove it to trust the next fetch")
    }
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let fields = line.split(separator: " ", maxSplits: 2).map(String.init)
      guard fields.count == 3, fields[2] == name else { continue }
      guard fields[0].utf8.count == 64, fields[0].allSatisfy(\.isHexDigit), let bytes = Int(fields[1]) else {
        throw RatingDataError(
          .inputMissing, .unreadableFile, file: "\(path):\(number + 1)",
          "is no line 'sha256 bytes \(name)'; mend it, or remove it to trust the next fetch")
      }
      return FileFingerprint(bytes: bytes, sha256: fields[0])
    }
    return nil
  }

  /// One write of one line, so that processes that do so at once don't mix theirs.
  ///
  /// - Throws: where it can't be written: the next fetch would be held to nothing.
  func record(_ name: String, _ fingerprint: FileFingerprint) throws(RatingDataError) {
    guard try self.fingerprint(of: name) == nil, let sha256 = fingerprint.sha256, let bytes = fingerprint.bytes else {
      return
    }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw notWritten() }
    defer { close(descriptor) }
    var line = "\(sha256) \(bytes) \(name)\n"
    let isWhole = line.withUTF8 { write(descriptor, $0.baseAddress, $0.count) == $0.count }
    guard isWhole, fsync(descriptor) == 0 else { throw notWritten() }
  }

  private func notWritten() -> RatingDataError {
    RatingDataError(
      .cannotWrite,
      [
        Problem(
          .error, "cannot-write", file: path,
          message:
            "can't be written: \(String(cString: strerror(errno))); check that the folder is writable and has room")
      ])
  }
}
