import RatingNumerics
import Testing
import _RatingTestSupport

@testable import RatingData

@Suite struct LineCutTests {
  private static func texts() -> [[UInt8]] {
    var random = SplitMix(4)
    let alphabet = Array("\n\n:1234567890,a".utf8)
    return (0..<400).map { length in
      (0..<length).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
    } + [[UInt8](repeating: 10, count: 70_000), [UInt8](repeating: 65, count: 70_000)]
  }

  @Test func linesAreCountedAsBySplitting() {
    for text in Self.texts() {
      var lines = text.split(separator: 10, omittingEmptySubsequences: false).count
      if text.last == 10 || text.isEmpty { lines -= 1 }
      #expect(text.withUnsafeBytes { LineCut.count($0) } == lines)
    }
  }

  @Test func cutsAreTheNextStartOfALine() {
    for text in Self.texts().prefix(200) where !text.isEmpty {
      let starts = text.indices.dropFirst().filter { text[$0 - 1] == 10 }
      let movies = starts.filter { start in
        let line = text[start...].prefix { $0 != 10 }
        let digits = line.prefix { (48...57).contains($0) }
        return !digits.isEmpty && line.dropFirst(digits.count).first == UInt8(ascii: ":")
      }
      for from in text.indices.dropFirst() {
        text.withUnsafeBytes { bytes in
          #expect(LineCut.next(in: bytes, from: from, beforeMovieLine: false) == starts.first { $0 >= from })
          #expect(LineCut.next(in: bytes, from: from, beforeMovieLine: true) == movies.first { $0 >= from })
        }
      }
    }
  }
}
