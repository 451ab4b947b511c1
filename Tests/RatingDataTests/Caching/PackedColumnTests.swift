import Testing
import _RatingTestSupport

@testable import RatingData

/// Columns of words come back from their packed form as they were.
struct PackedColumnTests {
  private func unpacked(_ words: [UInt32], _ rule: PackedColumn.Rule = .any) -> (words: [UInt32], isRight: Bool) {
    words.withUnsafeBufferPointer { words in
      let packing = PackedColumn(for: words)
      var bytes = [UInt8](repeating: 0xAA, count: packing.byteCount(rows: words.count))
      bytes.withUnsafeMutableBytes { bytes in
        if let start = bytes.baseAddress { packing.pack(words, into: start) }
      }
      var isRight = false
      // One more than there are, to see that nothing is written behind the end.
      var result = [UInt32](repeating: 0xDEAD_BEEF, count: words.count + 1)
      withUnsafeTemporaryAllocation(byteCount: bytes.count + 1, alignment: 1) { source in
        source.copyBytes(from: bytes)
        result.withUnsafeMutableBufferPointer {
          isRight = packing.unpack(source.baseAddress!, into: $0.baseAddress!, count: words.count, rule: rule)
        }
      }
      #expect(result.last == 0xDEAD_BEEF)
      return (Array(result.dropLast()), isRight)
    }
  }

  @Test func everyWidthAndManyLengthsComeBack() {
    var random = SplitMix(7)
    for width in 0...32 {
      for count in [1, 2, 7, 8, 9, 255, 256, 257, 511, 1000] {
        for step: UInt32 in [1, 3, 1 << 21, 86_400] where UInt64(step) << UInt64(width) <= 1 << 32 {
          let mask = width == 0 ? 0 : UInt64.max >> UInt64(64 - width)
          let room = UInt64(UInt32.max) - mask * UInt64(step)
          let low = room == 0 ? 0 : random.next() % room
          let words = (0..<count).map { _ in UInt32(low + (random.next() & mask) * UInt64(step)) }
          #expect(unpacked(words).words == words, "width \(width), \(count) words, step \(step)")
        }
      }
    }
    #expect(unpacked([]).words == [])
    #expect(unpacked([.max, 0, .max]).words == [.max, 0, .max])
  }

  @Test func theBitsAreThoseThatTheContentNeeds() {
    func packing(_ words: [UInt32]) -> PackedColumn { words.withUnsafeBufferPointer { PackedColumn(for: $0) } }
    let stars: [Float] = [1, 2, 3, 4, 5]
    #expect(packing(stars.map(\.bitPattern)) == PackedColumn(minimum: Float(1).bitPattern, step: 1 << 21, width: 4))
    let halves = (1...10).map { Float($0) / 2 }
    #expect(packing(halves.map(\.bitPattern)).width == 5)
    // Seven years of days.
    let days = (0..<2556).map { UInt32(940_000_000 / 86_400 + $0) * 86_400 }
    #expect(packing(days).step == 86_400 && packing(days).width == 12)
    #expect(packing([5, 5, 5]) == PackedColumn(minimum: 5, step: 1, width: 0))
    #expect(packing((0..<480_189).map { UInt32($0) }).width == 19)
  }

  @Test func aWordThatBreaksTheRuleIsFound() {
    for count in [1, 100, 256, 300] {
      for place in [0, count / 2, count - 1] {
        var words = [UInt32](repeating: 3, count: count)
        words[place] = 9
        #expect(unpacked(words, .below(10)).isRight)
        #expect(!unpacked(words, .below(9)).isRight)
        for wild in [UInt32(1 << 31), .max, 1 << 31 | 3] {
          words[place] = wild
          #expect(!unpacked(words, .below(1 << 31)).isRight, "\(wild) at \(place) of \(count)")
        }
        words[place] = (1 << 31) - 1
        #expect(unpacked(words, .below(1 << 31)).isRight)
        var ratings = [Float](repeating: -3.5, count: count)
        ratings[place] = -.greatestFiniteMagnitude
        #expect(unpacked(ratings.map(\.bitPattern), .finite).isRight)
        for wild in [Float.nan, -.nan, .infinity, -.infinity] {
          ratings[place] = wild
          #expect(!unpacked(ratings.map(\.bitPattern), .finite).isRight, "\(wild) at \(place) of \(count)")
        }
      }
    }
  }
}
