/// What is wrong with a file of the cache.
struct CacheFlaw: Error {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Numbers and texts as bytes, little endian: how the cache writes all but its columns.
struct CacheWriter {
  private(set) var bytes: [UInt8] = []

  mutating func put(_ number: some FixedWidthInteger) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func put(_ number: Double) { put(number.bitPattern) }
  mutating func put(_ flag: Bool) { put(UInt8(flag ? 1 : 0)) }
  mutating func put(raw: UnsafeRawBufferPointer) { bytes.append(contentsOf: raw) }

  mutating func put(_ text: String) {
    put(UInt32(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  /// Numbers of at least 0.
  mutating func put(_ numbers: [Int]) {
    put(UInt64(numbers.count))
    for number in numbers { put(UInt64(number)) }
  }
}

/// Takes apart what `CacheWriter` put together. Nothing is read behind the end, and no room is made for more elements than
/// there are bytes left.
struct CacheReader {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  /// The bytes must outlive the reader.
  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func number<Number: FixedWidthInteger>(_: Number.Type = Number.self) throws(CacheFlaw) -> Number {
    Number(littleEndian: try raw(MemoryLayout<Number>.size).loadUnaligned(as: Number.self))
  }

  /// A number of at least 0 in eight bytes; small enough that sums of some can't overflow.
  mutating func natural() throws(CacheFlaw) -> Int {
    let value = try number(UInt64.self)
    guard value < 1 << 48 else { throw CacheFlaw("a number is too large") }
    return Int(value)
  }

  mutating func double() throws(CacheFlaw) -> Double { Double(bitPattern: try number()) }

  mutating func flag() throws(CacheFlaw) -> Bool {
    switch try number(UInt8.self) {
    case 0: false
    case 1: true
    default: throw CacheFlaw("a flag is neither 0 nor 1")
    }
  }

  mutating func text() throws(CacheFlaw) -> String {
    let bytes = try raw(Int(try number(UInt32.self)))
    guard let text = String(validating: bytes, as: UTF8.self) else { throw CacheFlaw("a text is not UTF-8") }
    return text
  }

  /// The number of elements that follow, of which each takes at least so many bytes.
  mutating func count(elementSize: Int) throws(CacheFlaw) -> Int {
    let count = try natural()
    guard count <= (bytes.count - position) / elementSize else { throw CacheFlaw("a list is longer than the file") }
    return count
  }

  mutating func naturals() throws(CacheFlaw) -> [Int] {
    let count = try count(elementSize: 8)
    var numbers: [Int] = []
    numbers.reserveCapacity(count)
    for _ in 0..<count { numbers.append(try natural()) }
    return numbers
  }

  mutating func raw(_ count: Int) throws(CacheFlaw) -> UnsafeRawBufferPointer {
    guard count >= 0, count <= bytes.count - position else { throw CacheFlaw("it ends too early") }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }
}

extension [UInt8] {
  /// `withUnsafeBytes` for a body that throws errors of one type.
  func withRawBytes<Value, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    try withUnsafeBufferPointer { (bytes) throws(Failure) in try body(UnsafeRawBufferPointer(bytes)) }
  }
}
