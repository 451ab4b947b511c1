import RatingNumerics

/// Finds and counts line breaks in bytes.
enum LineCut {
  /// The first position at or behind `start` that begins a line (with `beforeMovieLine`: a line `123:`); nil where there
  /// is none before the end.
  static func next(in bytes: UnsafeRawBufferPointer, from start: Int, beforeMovieLine: Bool) -> Int? {
    var position = start
    while true {
      // To the start of the next line.
      while position < bytes.count && bytes[position - 1] != UInt8(ascii: "\n") { position += 1 }
      guard position < bytes.count else { return nil }
      if !beforeMovieLine { return position }
      var end = position
      while end < bytes.count && bytes[end] &- 48 <= 9 { end += 1 }
      if end > position && end < bytes.count && bytes[end] == UInt8(ascii: ":") { return position }
      position = max(end, position + 1)
    }
  }

  /// The number of lines: line breaks, and one more where something stands behind the last.
  static func count(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard let last = bytes.last else { return 0 }
    let breaks = Kernels.count(UInt8(ascii: "\n"), in: bytes)
    return last == UInt8(ascii: "\n") ? breaks : breaks + 1
  }
}
