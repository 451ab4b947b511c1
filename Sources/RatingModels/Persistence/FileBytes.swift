import RatingData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The bytes of a whole file.
enum FileBytes {
  static func read(_ path: String) throws(RatingDataError) -> [UInt8] {
    let descriptor = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw failure(.inputMissing, .missingFile, path, "can't be opened", "check the path and its permissions")
    }
    defer { close(descriptor) }
    var status = stat()
    let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    var bytes: [UInt8] = []
    if isFile { bytes.reserveCapacity(Int(status.st_size)) }
    let size = 1 << 20
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
    defer { piece.deallocate() }
    while true {
      #if canImport(Glibc)
        let n = Glibc.read(descriptor, piece.baseAddress, size)
      #else
        let n = Darwin.read(descriptor, piece.baseAddress, size)
      #endif
      if n == 0 { return bytes }
      if n < 0 {
        if errno == EINTR { continue }
        throw failure(.inputMissing, .unreadableFile, path, "can't be read", "expected a regular file")
      }
      bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: piece[0..<n]))
    }
  }

  private static func failure(
    _ kind: RatingDataError.Kind, _ code: ProblemCode, _ path: String, _ what: String, _ remedy: String
  ) -> RatingDataError {
    let reason = String(cString: strerror(errno))
    return RatingDataError(kind, [Problem(.error, code.rawValue, file: path, message: "\(what): \(reason); \(remedy)")])
  }
}
