/// Text that is being made, as bytes: no String for each row.
struct TextBytes {
  private(set) var bytes: [UInt8] = []

  var count: Int { bytes.count }

  mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }
  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  mutating func append(_ byte: UInt8) { bytes.append(byte) }
  mutating func append(_ text: StaticString) { bytes.append(contentsOf: text.withUTF8Buffer { $0 }) }
  mutating func append(text: String) { bytes.append(contentsOf: text.utf8) }
  mutating func append(_ slice: ArraySlice<UInt8>) { bytes.append(contentsOf: slice) }

  mutating func newline() { bytes.append(0x0a) }
  mutating func comma() { bytes.append(0x2c) }

  /// The decimal digits of a whole number.
  mutating func append(number: UInt32) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 10) { buffer in
      var position = 10
      var rest = number
      repeat {
        position -= 1
        buffer[position] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      } while rest > 0
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: UnsafeBufferPointer(buffer)[position...]))
    }
  }
}

/// Every day of a range as `YYYY-MM-DD`, ten bytes each.
struct DayTexts: Sendable {
  private let first: Int
  private let text: [UInt8]

  /// - Parameter days: counted from 1970-01-01, up to 49,709 (in 2106).
  init(_ days: ClosedRange<Int>) {
    first = days.lowerBound
    text = days.flatMap { Array(CalendarTime(UInt32($0) * 86_400).description.utf8) }
  }

  subscript(day: UInt16) -> ArraySlice<UInt8> {
    let start = (Int(day) - first) * 10
    return text[start..<start + 10]
  }
}
