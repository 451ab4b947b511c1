#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The bytes of a file, expanded where it is gzip.
final class ByteSource {
  let path: String
  let isGzip: Bool
  /// The size of the file on disk.
  let fileBytes: Int
  private let descriptor: Int32
  private let inflater: Inflater?
  private let raw = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 17)
  private var rawStart = 0
  private var rawEnd = 0
  private var isAtEnd = false

  init(_ path: String) throws(RatingDataError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      raw.deallocate()
      let reason = errno
      throw RatingDataError(
        .inputMissing, reason == ENOENT ? .missingFile : .unreadableFile, file: path,
        "can't be opened: \(String(cString: strerror(reason)))")
    }
    var status = stat()
    fstat(descriptor, &status)
    fileBytes = Int(status.st_size)
    var magic: [UInt8] = [0, 0]
    let isGzip = pread(descriptor, &magic, 2, 0) == 2 && magic == [0x1f, 0x8b]
    self.isGzip = isGzip
    inflater = isGzip ? Inflater() : nil
  }

  deinit {
    close(descriptor)
    raw.deallocate()
  }

  /// Fills `buffer` as far as there are bytes; returns how many there were.
  func read(into buffer: inout [UInt8]) throws(RatingDataError) -> Int {
    var filled = 0
    while filled < buffer.count {
      if rawStart == rawEnd {
        try readMore()
        if rawStart == rawEnd {
          if let inflater { try guarded { () throws(Inflater.Failure) in try inflater.finish() } }
          break
        }
      }
      let source = UnsafeMutableBufferPointer(rebasing: raw[rawStart..<rawEnd])
      if let inflater {
        let start = filled
        let (read, written) = try guarded { () throws(Inflater.Failure) in
          try buffer.withUnsafeMutableBufferPointer { (target) throws(Inflater.Failure) in
            try inflater.expand(source, into: UnsafeMutableBufferPointer(rebasing: target[start...]))
          }
        }
        rawStart += read
        filled += written
      } else {
        let count = min(source.count, buffer.count - filled)
        buffer.withUnsafeMutableBufferPointer {
          ($0.baseAddress! + filled).update(from: source.baseAddress!, count: count)
        }
        rawStart += count
        filled += count
      }
    }
    return filled
  }

  private func readMore() throws(RatingDataError) {
    guard !isAtEnd else { return }
    rawStart = 0
    rawEnd = 0
    while true {
      let count = systemRead(descriptor, raw.baseAddress!, raw.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw RatingDataError(
          .inputMissing, .unreadableFile, file: path, "reading stopped: \(String(cString: strerror(errno)))")
      }
      rawEnd = count
      isAtEnd = count == 0
      return
    }
  }

  private func guarded<Value>(_ body: () throws(Inflater.Failure) -> Value) throws(RatingDataError) -> Value {
    do throws(Inflater.Failure) { return try body() } catch {
      switch error {
      case .truncated: throw RatingDataError(.badData, .truncatedGzip, file: path, "the gzip data ends too early")
      case .bomb:
        throw RatingDataError(
          .badData, .archiveBomb, file: path, "expands to more than \(Inflater.bombRatio) times its size")
      case .corrupt(let reason):
        throw RatingDataError(.badData, .corruptGzip, file: path, "the gzip data is damaged (\(reason))")
      }
    }
  }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}
