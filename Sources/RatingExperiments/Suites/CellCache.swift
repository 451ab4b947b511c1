import RatingData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder of finished cells. Each is two files named after its key: the result, and how long it took.
///
/// Files appear complete or not at all, and carry the hash of what they hold: a run that was killed leaves nothing that
/// would be taken for a result.
public struct CellCache: Sendable {
  public let folder: String

  /// - Parameter folder: is made, with those above it, where it is missing.
  public init(folder: String) throws(ExperimentError) {
    self.folder = folder
    for (position, byte) in folder.utf8.enumerated() where byte == 0x2f && position > 0 {
      mkdir(String(decoding: folder.utf8.prefix(position), as: UTF8.self), 0o755)
    }
    mkdir(folder, 0o755)
    var status = stat()
    guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw .data(
        RatingDataError(
          .cannotWrite,
          [
            Problem(
              .error, "cannot-write", file: folder,
              message:
                "is to be the folder of finished cells and can't be made; check that the folder above is writable")
          ]))
    }
  }

  /// What the cache has of a cell.
  enum Found {
    case nothing
    /// There are files that don't hold what they should.
    case damaged(String)
    case finished(CellOutcome, CellTiming)
  }

  func find(_ key: CellKey) -> Found {
    let name = "\(folder)/\(key.hash)"
    guard let text = Self.contents("\(name).cell") else { return .nothing }
    guard let outcome = CellFile.outcome(text, key: key) else { return .damaged("\(name).cell") }
    guard let timing = Self.contents("\(name).time").flatMap({ CellFile.timing($0, key: key) }) else {
      return .damaged("\(name).time")
    }
    return .finished(outcome, timing)
  }

  /// Keeps a cell. The result is written last: where it is there, all is there.
  func keep(_ outcome: CellOutcome, _ timing: CellTiming, _ key: CellKey) throws(RatingDataError) {
    for (ending, text) in [
      ("time", CellFile.text(timing, key: key)), ("cell", CellFile.text(outcome, key: key)),
    ] {
      let file = try OutputFile("\(folder)/\(key.hash).\(ending)")
      try file.write(text)
      try file.commit()
    }
  }

  /// A file's text; nil where it can't be read or is no UTF-8.
  private static func contents(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
