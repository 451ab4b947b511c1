/// Text that is being made, as bytes: no String for each row.
struct TextBytes {
  private(set) var bytes: [UInt8] = []

  var count: Int { bytes.count }

  mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }
  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  mutating func append(_ byte: UInt8) { bytes.append(byte) }
  mutating func append(_ text: StaticString) { bytes.append(contentsOf: text.withUTF8Buffer { $0 }) }
  mutating func append(text: String) { bytes.append(contentsOf: text.utf8) }
  mutating func append(_ slice: UnsafeBufferPointer<UInt8>) { bytes.append(contentsOf: slice) }
  mutating func append(_ slice: ArraySlice<UInt8>) { bytes.append(contentsOf: slice) }

  mutating func newline() { bytes.append(0x0a) }
  mutating func comma() { bytes.append(0x2c) }

  /// The decimal digits of a whole number.
  mutating func append(number: UInt32) { append(number: number, digits: 1) }

  /// The decimal digits of a whole number, with zeros in front up to `digits`.
  mutating func append(number: UInt32, digits: Int) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16) { buffer in
      var position = 16
      var rest = number
      repeat {
        position -= 1
        buffer[position] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      } while rest > 0 || 16 - position < min(digits, 16)
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: UnsafeBufferPointer(buffer)[position...]))
    }
  }
}

/// Every day of a range as `YYYY-MM-DD`, ten bytes each.
struct DayTexts: Sendable {
  private let first: Int
  private let text: [UInt8]

  /// - Parameter days: counted from 1970-01-01, in years 0...9999.
  init(_ days: ClosedRange<Int>) {
    first = days.lowerBound
    var text = TextBytes()
    text.reserve(days.count * 10)
    for day in days {
      let (year, month, dayOfMonth) = CalendarDay(day).parts
      text.append(number: UInt32(year), digits: 4)
      text.append(0x2d)
      text.append(number: UInt32(month), digits: 2)
      text.append(0x2d)
      text.append(number: UInt32(dayOfMonth), digits: 2)
    }
    self.text = text.bytes
  }

  subscript(day: UInt16) -> ArraySlice<UInt8> {
    let start = (Int(day) - first) * 10
    return text[start..<start + 10]
  }
}
