import RatingNumerics

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
      while end < bytes.count && end < position + 20 && bytes[end] &- 48 <= 9 { end += 1 }
      if end > position && end < bytes.count && bytes[end] == UInt8(ascii: ":") { return position }
      position = max(end, position + 1)
      if position > bytes.count { return nil }
    }
  }

  /// Cuts bytes into parts of about `size` bytes that begin with a line (with `beforeMovieLines`: a line `123:`).
  static func ranges(of bytes: UnsafeRawBufferPointer, size: Int, beforeMovieLines: Bool) -> [Range<Int>] {
    var cuts = [0]
    var position = size
    while position < bytes.count {
      guard let cut = next(in: bytes, from: position, beforeMovieLine: beforeMovieLines) else { break }
      cuts.append(cut)
      position = cut + size
    }
    cuts.append(bytes.count)
    return zip(cuts, cuts.dropFirst()).map { $0..<$1 }.filter { !$0.isEmpty }
  }

  /// The number of lines: line breaks, and one more where something stands behind the last.
  static func count(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard let last = bytes.last else { return 0 }
    let breaks = Kernels.count(UInt8(ascii: "\n"), in: bytes)
    return last == UInt8(ascii: "\n") ? breaks : breaks + 1
  }
}
