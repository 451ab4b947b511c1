import RatingNumerics

/// What a run of stochastic gradient descent has learned so far: parts, which go by the names of their tensors, that
/// kernels change and checkpoints keep.
struct LearnedState: Sendable {
  private struct Part: Sendable {
    let name: String
    /// The shape of a part of single numbers, whose values are one row; nil for vectors, a row each.
    let shape: [Int]?
    var values: Matrix

    var tensor: Tensor { shape.map { Tensor(name, shape: $0, .float32(values.row(0))) } ?? values.tensor(name) }
  }

  let epochs: Int
  let seed: Seed
  var completedEpochs = 0
  private var parts: [Part]

  /// - Parameters:
  ///   - numbers: the names and shapes of parts of single numbers, such as biases, which begin at 0.
  ///   - factors: the names and first values of parts of which each row is a vector.
  init(
    epochs: Int, seed: Seed, numbers: [(name: String, shape: [Int])], factors: [(name: String, values: Matrix)]
  ) {
    (self.epochs, self.seed) = (epochs, seed)
    parts =
      numbers.map { Part(name: $0.name, shape: $0.shape, values: Matrix(rows: 1, columns: $0.shape.reduce(1, *))) }
      + factors.map { Part(name: $0.name, shape: nil, values: $0.values) }
  }

  /// A part of vectors.
  subscript(name: String) -> Matrix { parts.first { $0.name == name }!.values }

  /// A part of single numbers.
  func numbers(_ name: String) -> [Float] { self[name].row(0) }

  /// The length of a part's longest vector; infinite where one is not finite.
  func longest(_ name: String) -> Double { self[name].largestSquaredLength().squareRoot() }

  /// The largest absolute value of all single numbers; infinite where one is not finite.
  var largestNumber: Double {
    parts.reduce(0) { largest, part in
      part.shape == nil
        ? largest : max(largest, part.values.row(0).reduce(0) { $1.isFinite ? max($0, Double(abs($1))) : .infinity })
    }
  }

  /// Calls `body` with what finds the elements of a part by name, to be changed, and with the elements of two arrays, to
  /// be read. All pointers are valid during the call only.
  mutating func withUnsafeElements(
    _ first: [Float], _ second: [Float],
    _ body: (
      _ elements: (String) -> UnsafeMutablePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>
    ) throws(TrainingError) -> Void
  ) throws(TrainingError) {
    try Self.collect(&parts, [:]) { pointers throws(TrainingError) in try body({ pointers[$0]! }, first, second) }
  }

  /// Takes out one part after the other, so that each is held alone while its elements are.
  private static func collect(
    _ parts: inout [Part], _ found: [String: UnsafeMutablePointer<Float>],
    _ body: ([String: UnsafeMutablePointer<Float>]) throws(TrainingError) -> Void
  ) throws(TrainingError) {
    guard var part = parts.popLast() else { return try body(found) }
    defer { parts.append(part) }
    let name = part.name
    try part.values.withUnsafeMutableElements { elements throws(TrainingError) in
      try collect(&parts, found.merging([name: elements]) { $1 }, body)
    }
  }

  /// All but vectors of no elements, which a recipe without factors has.
  private var tensors: [Tensor] { parts.filter { $0.shape != nil || $0.values.columns > 0 }.map(\.tensor) }

  var checkpoint: Checkpoint { Checkpoint(completedEpochs: completedEpochs, seed: seed, tensors: tensors) }

  mutating func restore(_ checkpoint: Checkpoint) throws(TrainingError) {
    try checkpoint.check(epochs: epochs, seed: seed, like: tensors)
    for tensor in checkpoint.tensors {
      let place = parts.firstIndex { $0.name == tensor.name }!
      let (rows, columns) = (parts[place].values.rows, parts[place].values.columns)
      parts[place].values = Matrix(rows: rows, columns: columns, dense: tensor.floats)
    }
    completedEpochs = checkpoint.completedEpochs
  }
}
