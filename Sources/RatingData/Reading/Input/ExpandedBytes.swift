import Crypto

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What ended the reading of bytes before their end.
enum ReadFailure: Error, Sendable, Equatable {
  case read(String)
  case gzip(Inflater.Failure)

  var code: ProblemCode {
    switch self {
    case .read: .unreadableFile
    case .gzip(.truncated): .truncatedGzip
    case .gzip(.bomb): .gzipBomb
    case .gzip(.corrupt): .corruptGzip
    }
  }

  var message: String {
    switch self {
    case .read(let reason): "reading stopped: \(reason)"
    case .gzip(.truncated): "the gzip data ends too early; the file was cut off, copy or compress it again"
    case .gzip(.bomb):
      "expands to more than \(Inflater.bombFloor >> 20) MiB and \(Inflater.bombRatio) times its size,"
        + " which no file of ratings or features does; expand it yourself if that is intended"
    case .gzip(.corrupt(let reason)): "the gzip data is damaged (\(reason)); copy or compress the file again"
    }
  }
}

/// The bytes behind a descriptor from first to last, expanded where they are gzip, which their first two tell.
final class ExpandedBytes {
  private static let rawSize = 1 << 18

  private let descriptor: Int32
  private let raw = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: rawSize)
  private var rawStart = 0
  private var rawEnd = 0
  private var sawEnd = false
  private var inflater: Inflater?
  private var digest: SHA256?
  /// How much is read at once: little behind a jump, where a short header may be all that is wanted.
  private var nextRead = rawSize

  private(set) var failure: ReadFailure?
  /// Bytes that were taken from the descriptor, compressed as they are.
  private(set) var byteCount = 0

  /// Reads the first bytes.
  ///
  /// - Parameters:
  ///   - descriptor: stays open, and the caller's.
  ///   - hashes: whether the SHA-256 of the descriptor's bytes is made.
  init(descriptor: Int32, hashes: Bool) {
    self.descriptor = descriptor
    if hashes { digest = SHA256() }
    readMore()
    if InputFile.isGzip(UnsafeRawBufferPointer(start: raw.baseAddress!, count: rawEnd)) { inflater = Inflater() }
  }

  deinit { raw.deallocate() }

  var isGzip: Bool { inflater != nil }

  /// The hash of all bytes that were taken from the descriptor, where it was asked for.
  var sha256: String? { digest.map { $0.finalize().hexadecimal } }

  /// Fills `output`, and returns less than its size only at the end or at a failure.
  func read(into output: UnsafeMutableBufferPointer<UInt8>) -> Int {
    var filled = 0
    while filled < output.count && failure == nil {
      if rawStart == rawEnd {
        if !sawEnd { readMore() }
        if rawStart == rawEnd {
          if failure == nil, let inflater {
            do throws(Inflater.Failure) { try inflater.finish() } catch { failure = .gzip(error) }
          }
          break
        }
      }
      let target = UnsafeMutableBufferPointer(rebasing: output[filled...])
      let source = UnsafeMutableBufferPointer(rebasing: raw[rawStart..<rawEnd])
      if let inflater {
        do throws(Inflater.Failure) {
          let (read, written) = try inflater.expand(source, into: target)
          rawStart += read
          filled += written
        } catch {
          failure = .gzip(error)
        }
      } else {
        let count = min(source.count, target.count)
        target.baseAddress!.update(from: source.baseAddress!, count: count)
        rawStart += count
        filled += count
      }
    }
    return filled
  }

  /// Passes over bytes, without reading them where they lie in a regular file that isn't hashed.
  ///
  /// Returns false where the end or a failure came first. A regular file may be left behind its end.
  func skip(_ count: Int) -> Bool {
    var left = count
    if inflater == nil {
      let buffered = min(left, rawEnd - rawStart)
      rawStart += buffered
      left -= buffered
      if left > 0 && digest == nil && lseek(descriptor, off_t(left), SEEK_CUR) >= 0 {
        nextRead = 512
        return true
      }
    }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1 << 16) { scratch in
      while left > 0 {
        let wanted = min(left, scratch.count)
        guard read(into: UnsafeMutableBufferPointer(rebasing: scratch[..<wanted])) == wanted else { return false }
        left -= wanted
      }
      return true
    }
  }

  /// Reads until at least two bytes are there or the file ends.
  private func readMore() {
    rawStart = 0
    rawEnd = 0
    while rawEnd < 2 && !sawEnd {
      let count = systemRead(descriptor, raw.baseAddress! + rawEnd, min(nextRead, raw.count - rawEnd))
      if count < 0 {
        if errno == EINTR { continue }
        failure = .read(String(cString: strerror(errno)))
        sawEnd = true
      } else if count == 0 {
        sawEnd = true
      } else {
        rawEnd += count
      }
    }
    nextRead = raw.count
    byteCount += rawEnd
    digest?.update(bufferPointer: UnsafeRawBufferPointer(start: raw.baseAddress!, count: rawEnd))
  }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}
