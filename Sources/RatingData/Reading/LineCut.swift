#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds and counts line breaks in bytes.
enum LineCut {
  /// The first position at or behind `start` that begins a line (with `beforeMovieLine`: a line `123:`); nil where there
  /// is none before the end, or before the end of a line that is too long to be read.
  ///
  /// - Precondition: `start > 0`.
  static func next(in bytes: UnsafeRawBufferPointer, from start: Int, beforeMovieLine: Bool) -> Int? {
    var position = start
    while true {
      // To the start of the next line; a line that is too long to be one is left to the decoder.
      let window = min(bytes.count - position + 1, LineStream.longestLine + 2)
      guard let found = memchr(bytes.baseAddress! + position - 1, 10, window) else { return nil }
      position = UnsafeRawPointer(found) - bytes.baseAddress! + 1
      guard position < bytes.count else { return nil }
      if !beforeMovieLine { return position }
      var end = position
      while end < bytes.count && bytes[end] &- 48 <= 9 { end += 1 }
      if end > position && end < bytes.count && bytes[end] == UInt8(ascii: ":") { return position }
      position = max(end, position + 1)
      if position > bytes.count { return nil }
    }
  }

  /// The number of lines: line breaks, and one more where something stands behind the last.
  static func count(_ bytes: UnsafeRawBufferPointer) -> Int {
    typealias Vector = SIMD64<UInt8>
    let newline = Vector(repeating: UInt8(ascii: "\n"))
    var lines = 0
    var position = 0
    while position + 64 <= bytes.count {
      // Up to 255 steps fit the byte counters.
      let stop = min(position + 255 * 64, bytes.count - 63)
      var counts = Vector()
      while position < stop {
        let block = bytes.loadUnaligned(fromByteOffset: position, as: Vector.self)
        counts = counts &+ Vector(repeating: 0).replacing(with: 1, where: block .== newline)
        position += 64
      }
      for lane in 0..<64 { lines += Int(counts[lane]) }
    }
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "\n") { lines += 1 }
      position += 1
    }
    if let last = bytes.last, last != UInt8(ascii: "\n") { lines += 1 }
    return lines
  }
}
