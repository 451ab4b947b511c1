import CZlib

/// Compresses bytes, for tests of what is read.
public enum Gzip {
  /// One gzip member that holds `bytes`.
  public static func member(_ bytes: some Collection<UInt8>, level: Int32 = 6) -> [UInt8] {
    var stream = z_stream()
    let made = deflateInit2_(
      &stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(made == Z_OK, "deflateInit2 returned \(made)")
    defer { deflateEnd(&stream) }
    var input = Array(bytes)
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(input.count))) + 64)
    let written = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        let status = deflate(&stream, Z_FINISH)
        precondition(status == Z_STREAM_END, "deflate returned \(status)")
        return target.count - Int(stream.avail_out)
      }
    }
    return Array(output[..<written])
  }
}
