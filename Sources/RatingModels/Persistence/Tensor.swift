/// A named array of numbers with a shape: what models and checkpoints are saved as.
public struct Tensor: Sendable, Hashable {
  public enum Values: Sendable, Hashable {
    /// The bit patterns of IEEE 754 half-precision numbers: see `HalfPrecision`.
    case float16([UInt16])
    case float32([Float])
    case float64([Double])
    case int64([Int64])
    case uint8([UInt8])

    public var count: Int {
      switch self {
      case .float16(let values): values.count
      case .float32(let values): values.count
      case .float64(let values): values.count
      case .int64(let values): values.count
      case .uint8(let values): values.count
      }
    }

    /// The name of the element type in a safetensors file.
    var typeName: String {
      switch self {
      case .float16: "F16"
      case .float32: "F32"
      case .float64: "F64"
      case .int64: "I64"
      case .uint8: "U8"
      }
    }
  }

  public let name: String
  /// Row-major; the last dimension is contiguous.
  public let shape: [Int]
  public let values: Values

  /// - Precondition: the shape's product is the number of values.
  public init(_ name: String, shape: [Int], _ values: Values) {
    precondition(
      shape.reduce(1, *) == values.count, "\(name): \(values.count) values don't fill the shape \(shape)")
    self.name = name
    self.shape = shape
    self.values = values
  }

  /// A tensor of one dimension.
  public init(_ name: String, _ values: Values) { self.init(name, shape: [values.count], values) }

  /// Name, element type and shape: `factors.users F32 [943, 64]`.
  var signature: String { "\(name) \(values.typeName) \(shape)" }

  /// The values of a Float tensor, none for others.
  var floats: [Float] { if case .float32(let values) = values { values } else { [] } }

  var isFinite: Bool {
    switch values {
    case .float16(let values): values.allSatisfy { $0 & 0x7c00 != 0x7c00 }
    case .float32(let values): values.allSatisfy(\.isFinite)
    case .float64(let values): values.allSatisfy(\.isFinite)
    case .int64, .uint8: true
    }
  }
}
