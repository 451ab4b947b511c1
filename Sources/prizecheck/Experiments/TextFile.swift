import RatingBench

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Small text files, read as a whole.
enum TextFile {
  /// The largest file that is read: no suite is longer, and a wrong file may be a data set.
  static let mostBytes = 4 << 20

  /// - Throws: `missing-file`, `unreadable-file`, or `binary-data` for what is no UTF-8 or too long.
  static func contents(_ path: String) throws(RatingDataError) -> String {
    func failure(_ kind: RatingDataError.Kind, _ code: ProblemCode, _ message: String) -> RatingDataError {
      RatingDataError(kind, [Problem(.error, code.rawValue, file: path, message: message)])
    }
    guard let file = fopen(path, "r") else {
      throw errno == ENOENT || errno == ENOTDIR
        ? failure(.inputMissing, .missingFile, "there is no such file; check the path and the current folder")
        : failure(.inputMissing, .unreadableFile, "can't be opened: \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= mostBytes {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    guard ferror(file) == 0 else { throw failure(.inputMissing, .notAFile, "can't be read; expected a file") }
    guard bytes.count <= mostBytes, let text = String(validating: bytes, as: UTF8.self) else {
      throw failure(.badData, .binaryData, "is no UTF-8 text of at most \(mostBytes) bytes; expected a suite in YAML")
    }
    return text
  }

  /// Writes a file, complete or not at all.
  static func write(_ text: String, to path: String) throws(RatingDataError) {
    let file = try OutputFile(path)
    try file.write(text)
    try file.commit()
  }
}
