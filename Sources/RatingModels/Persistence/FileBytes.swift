import RatingData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The bytes of a whole file.
package enum FileBytes {
  package static func read(_ path: String) throws(RatingDataError) -> [UInt8] {
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

  /// The header of a safetensors file, and the size of the file. Of a regular file nothing else is read.
  static func header(_ path: String) throws(RatingDataError) -> (bytes: [UInt8], size: Int) {
    let descriptor = path == "-" ? -1 : open(path, O_RDONLY | O_CLOEXEC)
    defer { if descriptor >= 0 { close(descriptor) } }
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      let bytes = try read(path)
      return (bytes, bytes.count)
    }
    let size = Int(status.st_size)
    let start = piece(descriptor, min(8, size), at: 0)
    // A length that can't be true is told by whoever parses the header.
    guard let length = try? SafetensorsHeader.length(start, fileSize: size) else { return (start, size) }
    return (start + piece(descriptor, length, at: 8), size)
  }

  /// Some bytes of a regular file; fewer where they can't be read.
  static func piece(_ path: String, _ range: Range<Int>) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    return piece(descriptor, range.count, at: range.lowerBound)
  }

  private static func piece(_ descriptor: Int32, _ count: Int, at offset: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
      done = 0
      while done < count {
        let n = pread(descriptor, buffer.baseAddress! + done, count - done, off_t(offset + done))
        if n < 0 && errno == EINTR { continue }
        guard n > 0 else { return }
        done += n
      }
    }
  }

  private static func failure(
    _ kind: RatingDataError.Kind, _ code: ProblemCode, _ path: String, _ what: String, _ remedy: String
  ) -> RatingDataError {
    let reason = String(cString: strerror(errno))
    return RatingDataError(kind, [Problem(.error, code.rawValue, file: path, message: "\(what): \(reason); \(remedy)")])
  }
}
