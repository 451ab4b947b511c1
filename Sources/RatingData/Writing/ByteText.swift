/// Text that is built as bytes, without a String for each number.
struct ByteText {
  private(set) var bytes: [UInt8] = []

  var count: Int { bytes.count }

  mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }
  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  mutating func append(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func append(_ slice: ArraySlice<UInt8>) { bytes.append(contentsOf: slice) }
  mutating func append(_ more: UnsafeBufferPointer<UInt8>) { bytes.append(contentsOf: more) }
  mutating func append(byte: UInt8) { bytes.append(byte) }
  mutating func comma() { bytes.append(0x2C) }
  mutating func newline() { bytes.append(0x0A) }

  /// The decimal digits of a whole number.
  mutating func append(_ number: Int64) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { buffer in
      var position = 20
      var rest = number.magnitude
      repeat {
        position -= 1
        buffer[position] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      } while rest > 0
      if number < 0 {
        position -= 1
        buffer[position] = 0x2D
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: UnsafeBufferPointer(buffer)[position...]))
    }
  }

  /// Six decimals, ties away from zero.
  ///
  /// - Precondition: `value` is finite and its magnitude at most 1000.
  mutating func append(decimal value: Double) {
    precondition(value.isFinite && abs(value) <= 1000, "a prediction is finite and within -1000...1000, got \(value)")
    let units = Int64((value.magnitude * 1_000_000).rounded())
    if value < 0 && units > 0 { bytes.append(UInt8(ascii: "-")) }
    append(units / 1_000_000)
    bytes.append(UInt8(ascii: "."))
    var scale: Int64 = 100_000
    while scale > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(units / scale % 10))
      scale /= 10
    }
  }

  /// A CSV field, in quotes where it needs them; a quotation mark inside is doubled (RFC 4180). `Identifier.faultInCSV`
  /// says what no quotes help against.
  mutating func append(field: String) {
    guard field.utf8.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) else {
      bytes.append(contentsOf: field.utf8)
      return
    }
    bytes.append(0x22)
    for byte in field.utf8 {
      if byte == 0x22 { bytes.append(0x22) }
      bytes.append(byte)
    }
    bytes.append(0x22)
  }

  mutating func flush(to file: OutputFile) throws(RatingDataError) {
    try file.write(bytes: bytes)
    bytes.removeAll(keepingCapacity: true)
  }
}
