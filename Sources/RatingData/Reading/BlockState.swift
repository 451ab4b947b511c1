import RatingNumerics

/// Where in a block format a line stands: what a decoder must know that begins inside a file.
struct BlockState: Sendable, Equatable {
  static let noItem: Int64 = -1

  /// The movie of the last movie line; `noItem` before the first.
  var item = noItem
  /// The movie line's number.
  var headerLine = 0
  /// Rows behind it.
  var rows = 0
  /// Whether rows stood before the first movie line, which is noted once.
  var isHeadless = false

  /// The last movie line in some lines, found from their end.
  struct LastHeader: Sendable {
    var item: Int64
    /// From 1 at the first of those lines.
    var line: Int

    init?(in bytes: UnsafeRawBufferPointer) {
      var end = bytes.count
      while let colon = Self.lastColon(in: bytes, before: end) {
        var start = colon
        var item: Int64 = 0
        var place: Int64 = 1
        while start > 0 && bytes[start - 1] &- 48 <= 9 && colon - start < 18 {
          start -= 1
          item += Int64(bytes[start] &- 48) * place
          place &*= 10
        }
        let next = colon + 1 < bytes.count ? bytes[colon + 1] : UInt8(ascii: "\n")
        let isWhole = next == UInt8(ascii: "\n") || next == UInt8(ascii: "\r")
        let isFirst = start == 0 || bytes[start - 1] == UInt8(ascii: "\n")
        let isBehindMark = start == 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
        if start < colon && isWhole && (isFirst || isBehindMark) {
          self.item = item
          line = 1 + Kernels.count(UInt8(ascii: "\n"), in: UnsafeRawBufferPointer(rebasing: bytes[..<start]))
          return
        }
        end = colon
      }
      return nil
    }

    /// Looks at eight bytes at a time: a block may be megabytes long.
    private static func lastColon(in bytes: UnsafeRawBufferPointer, before end: Int) -> Int? {
      var position = end
      while position >= 8 {
        let word = bytes.loadUnaligned(fromByteOffset: position - 8, as: UInt64.self) ^ 0x3A3A_3A3A_3A3A_3A3A
        if (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080 != 0 { break }
        position -= 8
      }
      while position > 0 {
        position -= 1
        if bytes[position] == UInt8(ascii: ":") { return position }
      }
      return nil
    }
  }

  /// The state behind some lines: `lines` of them, from line `firstLine`.
  func after(_ header: LastHeader?, lines: Int, firstLine: Int) -> BlockState {
    guard let header else {
      guard lines > 0 else { return self }
      if item == Self.noItem { return BlockState(item: 0, headerLine: 0, rows: lines, isHeadless: true) }
      return BlockState(item: item, headerLine: headerLine, rows: rows + lines, isHeadless: isHeadless)
    }
    return BlockState(
      item: header.item, headerLine: firstLine + header.line - 1, rows: lines - header.line, isHeadless: false)
  }
}
