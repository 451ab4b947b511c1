import _RatingTestSupport

/// Damages the bytes of good files in the ways in which files are damaged, and in others.
struct Mutator {
  var random: SplitMix

  /// Words that parsers trip over.
  private static let words: [[UInt8]] =
    [
      "nan", "inf", "-inf", "1e400", "-1e-400", "0x1p4", "1e", "--1", "+", "-", ".", "1.", ".5", "3,5", "1e308", "-0",
      "0",
      "00", "007", "4294967295", "4294967296", "9223372036854775807", "9223372036854775808", "18446744073709551616",
      "99999999999999999", "1000", "1000.0000000000001", "-1000", "0.1234567890123456789", "3.00000000", "3.000000001",
      "2005-02-29", "2004-02-29", "1969-12-31", "2106-01-01", "2105-12-31", "0000-00-00", "2005-1-1", "quiz", "test",
      "QUIZ",
      "user,item,rating", "userId,movieId,rating,timestamp", "user:token", "::", ":", "1:", "0:",
      "12345678901234567890:",
      "\"", "\"\"", "\"a,b\"", "\"a\":", "'", ",", ",,", ",,,,,,,,", "\t", ";", "|", " ", "\r", "\r\n", "\n", "\n\n",
      "\0",
      "\u{feff}", "\u{e9}", "e\u{301}", "#", "\\", "[", "{}", "%s%n", "$(id)",
    ].map { Array($0.utf8) } + [[0xff, 0xfe], [0xc3], [0x1f, 0x8b], [0x1f, 0x8b, 8, 0], [0x80, 0x80]]

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[random.below(elements.count)] }

  /// `bytes` after one to eight changes; `others` lend parts of themselves.
  mutating func mutated(_ bytes: [UInt8], others: [[UInt8]]) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<(1 + random.below(8)) { change(&bytes, others) }
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8], _ others: [[UInt8]]) {
    let place = random.below(bytes.count + 1)
    let length = min(random.below(3) == 0 ? random.below(200) : random.below(6), bytes.count - place)
    switch random.below(13) {
    case 0: if place < bytes.count { bytes[place] ^= UInt8(1 << random.below(8)) }
    case 1: if place < bytes.count { bytes[place] = UInt8(random.below(256)) }
    case 2: bytes.removeSubrange(place..<(place + length))
    case 3: bytes.insert(contentsOf: bytes[place..<(place + length)], at: random.below(bytes.count + 1))
    case 4, 5: bytes.insert(contentsOf: pick(Self.words), at: place)
    case 6: bytes.replaceSubrange(place..<(place + length), with: pick(Self.words))
    case 7: bytes.removeSubrange(place...)
    case 8:
      let other = pick(others)
      let from = random.below(other.count + 1)
      bytes.insert(contentsOf: other[from..<min(from + random.below(100), other.count)], at: place)
    case 9: swapLines(&bytes)
    case 10: repeatLine(&bytes)
    case 11:
      // One field becomes another word.
      let separators: [UInt8] = [10, 44, 9, 58, 59, 124, 32]
      let start = bytes[..<place].lastIndex { separators.contains($0) }.map { $0 + 1 } ?? 0
      let end = bytes[place...].firstIndex { separators.contains($0) } ?? bytes.count
      bytes.replaceSubrange(start..<end, with: pick(Self.words))
    default:
      if random.below(50) == 0 {
        let byte = UInt8(random.below(128))
        bytes.insert(
          contentsOf: [UInt8](repeating: byte, count: pick([63, 64, 65, 1000, 65_535, 65_536, 65_537, 1 << 20])),
          at: place)
      } else if bytes.last == 10 {
        bytes.removeLast()
      }
    }
  }

  private mutating func swapLines(_ bytes: inout [UInt8]) {
    var lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
    guard lines.count > 2 else { return }
    lines.swapAt(random.below(lines.count), random.below(lines.count))
    bytes = Array(lines.joined(separator: [10]))
  }

  private mutating func repeatLine(_ bytes: inout [UInt8]) {
    let lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
    let line = lines[random.below(lines.count)]
    bytes.insert(contentsOf: [10] + line, at: min(line.endIndex, bytes.count))
  }
}
