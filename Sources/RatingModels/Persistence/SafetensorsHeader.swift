/// The header of a safetensors file: the text metadata, and what tensors there are, without their values.
struct SafetensorsHeader: Sendable {
  var metadata: [(key: String, value: String)]
  /// In the order of their values in the file.
  var entries: [Entry]

  /// What a tensor is, and where its values lie.
  struct Entry: Sendable {
    let name: String
    /// `F16`, `F32`, `F64`, `I64` or `U8`.
    let type: String
    let shape: [Int]
    /// The place of the values in the data behind the header, in bytes.
    let range: Range<Int>
  }

  typealias Failure = Safetensors.Failure

  /// The largest header that is read: the format's own limit.
  static let largest = 100_000_000

  /// The length of the header of a file of so many bytes, of which these are the first eight, or fewer.
  static func length(_ start: some Collection<UInt8>, fileSize: Int) throws(Failure) -> Int {
    guard start.count == 8 else {
      throw Failure("it has \(fileSize) bytes, fewer than the 8 of a header's length")
    }
    let length = start.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(largest), length <= UInt64(fileSize - 8) else {
      throw Failure(
        "its header would have \(length) bytes, but \(fileSize - 8) follow and \(largest) are allowed; "
          + "the file is cut off or is no safetensors file")
    }
    return Int(length)
  }

  /// The header in these bytes, every part of it checked against the others and against the size of the data behind it.
  init(_ bytes: some Collection<UInt8>, dataBytes: Int) throws(Failure) {
    let header: HeaderJSON
    do throws(HeaderJSON.Failure) {
      header = try HeaderJSON(parsing: bytes)
    } catch {
      throw Failure("its header is not the JSON of a safetensors file: \(error.description) of the header")
    }
    guard case .object(let members) = header else { throw Failure("its header is not a JSON object") }

    metadata = []
    entries = []
    for (name, value) in members {
      if name == "__metadata__" {
        guard case .object(let texts) = value else { throw Failure("__metadata__ is not an object") }
        for (key, value) in texts {
          guard case .string(let text) = value else { throw Failure("the metadata \(key) is not a string") }
          metadata.append((key, text))
        }
      } else {
        entries.append(try Entry(name, value))
      }
    }
    entries.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    var end = 0
    for entry in entries {
      guard entry.range.lowerBound == end else {
        throw Failure("the tensor \(entry.name) begins at byte \(entry.range.lowerBound) of the data, expected \(end)")
      }
      end = entry.range.upperBound
    }
    guard end == dataBytes else {
      throw Failure(
        "its tensors need \(end) bytes of data, but there are \(dataBytes); it was cut off or something was added")
    }
  }
}

extension SafetensorsHeader.Entry {
  init(_ name: String, _ value: HeaderJSON) throws(Safetensors.Failure) {
    typealias Failure = Safetensors.Failure
    guard case .object(let members) = value,
      members.count == 3,
      case .string(let type)? = members.first(where: { $0.key == "dtype" })?.value,
      case .array(let dimensions)? = members.first(where: { $0.key == "shape" })?.value,
      case .array(let offsets)? = members.first(where: { $0.key == "data_offsets" })?.value
    else { throw Failure("the tensor \(name) lacks dtype, shape or data_offsets, or has something else") }
    guard let size = ["F16": 2, "F32": 4, "F64": 8, "I64": 8, "U8": 1][type] else {
      throw Failure("the tensor \(name) has type \(type), expected F16, F32, F64, I64 or U8")
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

  /// The tensor with the values in these bytes.
  func tensor(_ bytes: UnsafeRawBufferPointer) -> Tensor {
    func values<Bits: FixedWidthInteger, Value>(_: Bits.Type, _ make: (Bits) -> Value) -> [Value] {
      let size = MemoryLayout<Bits>.size
      return (0..<bytes.count / size).map {
        make(Bits(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * size, as: Bits.self)))
      }
    }
    return switch type {
    case "F16": Tensor(name, shape: shape, .float16(values(UInt16.self) { $0 }))
    case "F32": Tensor(name, shape: shape, .float32(values(UInt32.self) { Float(bitPattern: $0) }))
    case "F64": Tensor(name, shape: shape, .float64(values(UInt64.self) { Double(bitPattern: $0) }))
    case "I64": Tensor(name, shape: shape, .int64(values(Int64.self) { $0 }))
    default: Tensor(name, shape: shape, .uint8(Array(bytes)))
    }
  }
}
