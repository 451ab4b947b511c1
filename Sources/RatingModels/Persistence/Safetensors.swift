/// The contents of a safetensors file: named tensors and text metadata. The format holds data alone: reading one runs no
/// code.
///
/// Layout: the header's length in 8 bytes, little endian; the header, JSON, padded with spaces to a multiple of 8; the
/// tensors' values, little endian, in the order of their offsets, without gaps and overlap. NumPy and PyTorch read it.
///
/// Source: the format's description at https://huggingface.co/docs/safetensors.
struct Safetensors {
  var metadata: [(key: String, value: String)]
  var tensors: [Tensor]

  /// What is wrong with a file.
  struct Failure: Error {
    let description: String
    init(_ description: String) { self.description = description }
  }

  /// The largest header that is read: the format's own limit.
  static let largestHeader = 100_000_000

  func member(_ key: String) -> String? { metadata.first { $0.key == key }?.value }

  // MARK: Writing

  /// Passes the file to `write` in pieces. Tensors with wider elements come first, so that all are aligned.
  func write<Problem: Error>(_ write: ([UInt8]) throws(Problem) -> Void) throws(Problem) {
    let ordered = tensors.enumerated().sorted {
      let (a, b) = ($0.element.elementSize, $1.element.elementSize)
      return a == b ? $0.offset < $1.offset : a > b
    }.map(\.element)
    var members: [(key: String, value: HeaderJSON)] = [
      ("__metadata__", .object(metadata.map { ($0.key, .string($0.value)) }))
    ]
    var end = 0
    for tensor in ordered {
      let start = end
      end += tensor.values.count * tensor.elementSize
      members.append(
        (
          tensor.name,
          .object([
            ("dtype", .string(tensor.values.typeName)), ("shape", .array(tensor.shape.map { .integer($0) })),
            ("data_offsets", .array([.integer(start), .integer(end)])),
          ])
        ))
    }
    var header = Array(HeaderJSON.object(members).text.utf8)
    header.append(contentsOf: [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8))
    try write(withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) })
    try write(header)
    for tensor in ordered { try write(tensor.littleEndianBytes) }
  }

  // MARK: Reading

  /// The contents of a file, every part of it checked.
  init(_ bytes: [UInt8]) throws(Failure) {
    guard bytes.count >= 8 else { throw Failure("it has \(bytes.count) bytes, fewer than the 8 of a header's length") }
    let length = bytes[0..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(Self.largestHeader), length <= UInt64(bytes.count - 8) else {
      throw Failure(
        "its header would have \(length) bytes, but \(bytes.count - 8) follow and \(Self.largestHeader) are allowed; "
          + "the file is cut off or is no safetensors file")
    }
    let dataStart = 8 + Int(length)
    let header: HeaderJSON
    do throws(HeaderJSON.Failure) {
      header = try HeaderJSON(parsing: bytes[8..<dataStart])
    } catch {
      throw Failure("its header is not the JSON of a safetensors file: \(error.description) of the header")
    }
    guard case .object(let members) = header else { throw Failure("its header is not a JSON object") }

    metadata = []
    var places: [(place: Place, range: Range<Int>)] = []
    for (name, value) in members {
      if name == "__metadata__" {
        guard case .object(let texts) = value else { throw Failure("__metadata__ is not an object") }
        for (key, value) in texts {
          guard case .string(let text) = value else { throw Failure("the metadata \(key) is not a string") }
          metadata.append((key, text))
        }
      } else {
        let place = try Place(name, value)
        places.append((place, place.range))
      }
    }
    places.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    var end = 0
    for (place, range) in places {
      guard range.lowerBound == end else {
        throw Failure("the tensor \(place.name) begins at byte \(range.lowerBound) of the data, expected \(end)")
      }
      end = range.upperBound
    }
    guard end == bytes.count - dataStart else {
      throw Failure(
        "its tensors need \(end) bytes of data, but there are \(bytes.count - dataStart); it was cut off "
          + "or something was added")
    }
    tensors = bytes.withUnsafeBytes { raw in
      places.map { place, range in
        place.tensor(UnsafeRawBufferPointer(rebasing: raw[dataStart + range.lowerBound..<dataStart + range.upperBound]))
      }
    }
  }

  /// A tensor's entry in the header.
  private struct Place {
    let name: String
    let type: String
    let shape: [Int]
    let range: Range<Int>

    init(_ name: String, _ value: HeaderJSON) throws(Failure) {
      guard case .object(let members) = value,
        members.count == 3,
        case .string(let type)? = members.first(where: { $0.key == "dtype" })?.value,
        case .array(let dimensions)? = members.first(where: { $0.key == "shape" })?.value,
        case .array(let offsets)? = members.first(where: { $0.key == "data_offsets" })?.value
      else { throw Failure("the tensor \(name) lacks dtype, shape or data_offsets, or has something else") }
      guard let size = ["F32": 4, "F64": 8, "I64": 8, "U8": 1][type] else {
        throw Failure("the tensor \(name) has type \(type), expected F32, F64, I64 or U8")
      }
      var shape: [Int] = []
      var bytes = size
      for dimension in dimensions {
        guard case .integer(let length) = dimension, length >= 0 else {
          throw Failure("the tensor \(name) has a dimension that is no whole number of at least 0")
        }
        let (product, overflow) = bytes.multipliedReportingOverflow(by: length)
        guard !overflow else { throw Failure("the tensor \(name) is too large") }
        bytes = product
        shape.append(length)
      }
      guard offsets.count == 2, case .integer(let start) = offsets[0], case .integer(let end) = offsets[1],
        start >= 0, end >= start
      else { throw Failure("the tensor \(name) needs two ascending data_offsets of at least 0") }
      guard end - start == bytes else {
        throw Failure("the tensor \(name) has \(end - start) bytes of data, but its shape \(shape) needs \(bytes)")
      }
      (self.name, self.type, self.shape, range) = (name, type, shape, start..<end)
    }

    func tensor(_ bytes: UnsafeRawBufferPointer) -> Tensor {
      func values<Bits: FixedWidthInteger, Value>(_: Bits.Type, _ make: (Bits) -> Value) -> [Value] {
        let size = MemoryLayout<Bits>.size
        return (0..<bytes.count / size).map {
          make(Bits(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * size, as: Bits.self)))
        }
      }
      return switch type {
      case "F32": Tensor(name, shape: shape, .float32(values(UInt32.self) { Float(bitPattern: $0) }))
      case "F64": Tensor(name, shape: shape, .float64(values(UInt64.self) { Double(bitPattern: $0) }))
      case "I64": Tensor(name, shape: shape, .int64(values(Int64.self) { $0 }))
      default: Tensor(name, shape: shape, .uint8(Array(bytes)))
      }
    }
  }
}

extension Tensor {
  fileprivate var elementSize: Int {
    switch values {
    case .float64, .int64: 8
    case .float32: 4
    case .uint8: 1
    }
  }

  fileprivate var littleEndianBytes: [UInt8] {
    func bytes<Bits: FixedWidthInteger>(_ values: [Bits]) -> [UInt8] {
      values.withUnsafeBytes { Array($0) }
    }
    return switch values {
    case .float64(let values): bytes(values.map(\.bitPattern.littleEndian))
    case .float32(let values): bytes(values.map(\.bitPattern.littleEndian))
    case .int64(let values): bytes(values.map(\.littleEndian))
    case .uint8(let values): values
    }
  }
}
