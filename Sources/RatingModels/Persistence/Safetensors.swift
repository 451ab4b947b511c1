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

  // MARK: Writing

  /// Passes the file to `write` in pieces, a tensor's values as they lie in memory: nothing large is copied. Tensors with
  /// wider elements come first, so that all are aligned.
  func write<Problem: Error>(_ write: (UnsafeRawBufferPointer) throws(Problem) -> Void) throws(Problem) {
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
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
    try (length + header).withUnsafeBufferPointer { (bytes) throws(Problem) in try write(UnsafeRawBufferPointer(bytes))
    }
    for tensor in ordered { try tensor.withBytes(write) }
  }

  // MARK: Reading

  /// The contents of a file, every part of it checked.
  init(_ bytes: [UInt8]) throws(Failure) {
    let length = try SafetensorsHeader.length(bytes.prefix(8), fileSize: bytes.count)
    let header = try SafetensorsHeader(bytes[8..<8 + length], dataBytes: bytes.count - 8 - length)
    metadata = header.metadata
    tensors = bytes.withUnsafeBytes { raw in
      let data = UnsafeRawBufferPointer(rebasing: raw[(8 + length)...])
      return header.entries.map { $0.tensor(UnsafeRawBufferPointer(rebasing: data[$0.range])) }
    }
  }
}

extension Tensor {
  fileprivate var elementSize: Int {
    switch values {
    case .float64, .int64: 8
    case .float32: 4
    case .float16: 2
    case .uint8: 1
    }
  }

  /// The values, little endian.
  fileprivate func withBytes<Problem: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Problem) -> Void
  ) throws(Problem) {
    // All machines that Swift runs on are little endian.
    switch values {
    case .float64(let values):
      try values.withUnsafeBufferPointer { (values) throws(Problem) in try body(UnsafeRawBufferPointer(values)) }
    case .float32(let values):
      try values.withUnsafeBufferPointer { (values) throws(Problem) in try body(UnsafeRawBufferPointer(values)) }
    case .int64(let values):
      try values.withUnsafeBufferPointer { (values) throws(Problem) in try body(UnsafeRawBufferPointer(values)) }
    case .float16(let values):
      try values.withUnsafeBufferPointer { (values) throws(Problem) in try body(UnsafeRawBufferPointer(values)) }
    case .uint8(let values):
      try values.withUnsafeBufferPointer { (values) throws(Problem) in try body(UnsafeRawBufferPointer(values)) }
    }
  }
}
