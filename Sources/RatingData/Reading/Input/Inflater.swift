import CZlib

/// Expands gzip data of any number of members, piece by piece, in bounded memory.
///
/// A file that expands to more than `bombFloor` bytes and more than `bombRatio` times its size is refused: no file of
/// ratings comes near that ratio (deflate's limit is 1032, rating files reach 4 to 12).
final class Inflater {
  enum Failure: Error, Equatable {
    case truncated, bomb
    case corrupt(String)
  }

  static let bombFloor = 1 << 28
  static let bombRatio = 250

  private let stream: UnsafeMutablePointer<z_stream>
  /// Whether the bytes so far end exactly at the end of a member.
  private var atMemberEnd = false
  private var consumed = 0
  private var produced = 0

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Expands as much of `input` as fits into `output`; returns how much of each was used.
  func expand(
    _ input: UnsafeMutableBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>
  ) throws(Failure) -> (read: Int, written: Int) {
    stream.pointee.next_in = input.baseAddress
    stream.pointee.avail_in = UInt32(input.count)
    stream.pointee.next_out = output.baseAddress
    stream.pointee.avail_out = UInt32(output.count)
    while stream.pointee.avail_in > 0 && stream.pointee.avail_out > 0 {
      if atMemberEnd {
        // Some writers pad the last member with zeros.
        if stream.pointee.next_in.pointee == 0 {
          stream.pointee.next_in += 1
          stream.pointee.avail_in -= 1
          continue
        }
        inflateReset(stream)
        atMemberEnd = false
      }
      let status = inflate(stream, Z_NO_FLUSH)
      if status == Z_STREAM_END {
        atMemberEnd = true
      } else if status != Z_OK && status != Z_BUF_ERROR {
        throw .corrupt(stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)")
      } else if status == Z_BUF_ERROR {
        break
      }
    }
    let read = input.count - Int(stream.pointee.avail_in)
    let written = output.count - Int(stream.pointee.avail_out)
    consumed += read
    produced += written
    if produced > Self.bombFloor && produced / Self.bombRatio > consumed { throw .bomb }
    return (read, written)
  }

  /// To be called when there is no more input.
  func finish() throws(Failure) { if !atMemberEnd { throw .truncated } }
}
