import RatingData

/// A model that can be saved as tensors and made again from them.
public protocol SavableModel: RatingModel {
  /// All that the model has learned, without vocabularies and scale, which every model file holds.
  var tensors: [Tensor] { get }

  /// The model that saved these.
  ///
  /// - Throws: where one is missing, has another type or shape, or values that no fit could make. Whatever the tensors
  ///   hold, a model that is returned predicts finite ratings.
  init(_ tensors: ModelTensors) throws(ModelTensors.Failure)
}

/// The checked access to a model file's tensors from which a model is made.
public struct ModelTensors: Sendable {
  /// What is wrong with the tensors.
  public struct Failure: Error, Sendable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
  }

  public let vocabularies: Vocabularies
  public let scale: RatingScale
  private let tensors: [String: Tensor]

  public init(_ tensors: [Tensor], vocabularies: Vocabularies, scale: RatingScale) {
    self.vocabularies = vocabularies
    self.scale = scale
    self.tensors = Dictionary(tensors.map { ($0.name, $0) }) { first, _ in first }
  }

  public var names: [String] { tensors.keys.sorted() }

  private func tensor(_ name: String, shape: [Int?]) throws(Failure) -> Tensor {
    guard let tensor = tensors[name] else {
      throw Failure("the tensor \(name) is missing; there are \(names.joined(separator: ", "))")
    }
    let expected = "[\(shape.map { $0.map(String.init) ?? "any" }.joined(separator: ", "))]"
    guard tensor.shape.count == shape.count, zip(tensor.shape, shape).allSatisfy({ $1 == nil || $0 == $1 }) else {
      throw Failure("the tensor \(name) has shape \(tensor.shape), expected \(expected)")
    }
    guard tensor.isFinite else { throw Failure("the tensor \(name) has values that are not finite") }
    return tensor
  }

  private func wrongType(_ tensor: Tensor, _ expected: String) -> Failure {
    Failure("the tensor \(tensor.name) has type \(tensor.values.typeName), expected \(expected)")
  }

  /// The values of a Double tensor of this shape; nil stands for any size. All are finite.
  public func doubles(_ name: String, shape: [Int?]) throws(Failure) -> [Double] {
    let tensor = try tensor(name, shape: shape)
    guard case .float64(let values) = tensor.values else { throw wrongType(tensor, "F64") }
    return values
  }

  /// A Float tensor of this shape; nil stands for any size. All values are finite.
  public func floats(_ name: String, shape: [Int?]) throws(Failure) -> (shape: [Int], values: [Float]) {
    let tensor = try tensor(name, shape: shape)
    guard case .float32(let values) = tensor.values else { throw wrongType(tensor, "F32") }
    return (tensor.shape, values)
  }

  /// The bit patterns of a half-precision tensor of this shape; nil stands for any size. All values are finite.
  public func halves(_ name: String, shape: [Int?]) throws(Failure) -> (shape: [Int], values: [UInt16]) {
    let tensor = try tensor(name, shape: shape)
    guard case .float16(let values) = tensor.values else { throw wrongType(tensor, "F16") }
    return (tensor.shape, values)
  }

  /// The values of a tensor of whole numbers.
  public func integers(_ name: String, shape: [Int?]) throws(Failure) -> [Int64] {
    let tensor = try tensor(name, shape: shape)
    guard case .int64(let values) = tensor.values else { throw wrongType(tensor, "I64") }
    return values
  }

  /// All tensors whose names begin so, by name. All values are finite.
  func all(prefix: String) throws(Failure) -> [Tensor] {
    var found: [Tensor] = []
    for name in names where name.hasPrefix(prefix) {
      let tensor = tensors[name]!
      guard tensor.isFinite else { throw Failure("the tensor \(name) has values that are not finite") }
      found.append(tensor)
    }
    return found
  }
}
