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

  func fingerprint(of name: String) -> FileFingerprint? {
    guard let text = try? SmallFile.text(path, limit: 1 << 20) else { return nil }
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: " ", maxSplits: 2).map(String.init)
      if fields.count == 3, fields[2] == name, fields[0].utf8.count == 64 {
        return FileFingerprint(bytes: Int(fields[1]), sha256: fields[0])
      }
    }
    return nil
  }

  /// One write of one line, so that processes that do so at once don't mix theirs.
  func record(_ name: String, _ fingerprint: FileFingerprint) {
    guard self.fingerprint(of: name) == nil, let sha256 = fingerprint.sha256, let bytes = fingerprint.bytes else {
      return
    }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var line = "\(sha256) \(bytes) \(name)\n"
    line.withUTF8 { _ = write(descriptor, $0.baseAddress, $0.count) }
    fsync(descriptor)
  }
}
