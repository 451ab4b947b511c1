import Testing

@_spi(Benchmarks) @testable import RatingNumerics

/// Floats from a multiple of 64 bytes.
final class Floats {
  let elements: UnsafeMutablePointer<Float>
  let count: Int

  init(_ count: Int, _ value: (Int) -> Float = { _ in 0 }) {
    self.count = count
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 4 * max(count, 16), alignment: 64)
    elements = memory.bindMemory(to: Float.self, capacity: max(count, 16))
    for index in 0..<max(count, 16) { (elements + index).initialize(to: index < count ? value(index) : 0) }
  }

  deinit { elements.deallocate() }

  var values: [Float] { Array(UnsafeBufferPointer(start: elements, count: count)) }
  var copy: Floats { Floats(count) { self.elements[$0] } }
}

/// A row's ratings in Double, y = bias + x . h + ..., and their sums in Float as the kernels keep them.
struct Row {
  let used: Int
  let stride: Int
  /// h and y of every rating.
  let h: [[Double]]
  let y: [Double]

  init(used: Int, ratings: Int, stream: inout RandomStream) {
    self.used = used
    stride = (used + 15) / 16 * 16
    h = (0..<ratings).map { _ in (0..<used).map { _ in Double(Float(0.5 * stream.normal() + 0.1)) } }
    y = (0..<ratings).map { _ in Double(Float(stream.normal())) }
  }

  private init(used: Int, stride: Int, h: [[Double]], y: [Double]) {
    (self.used, self.stride, self.h, self.y) = (used, stride, h, y)
  }

  /// The same ratings with other h and y.
  func map(_ transform: (_ h: [Double], _ y: Double) -> (h: [Double], y: Double)) -> Row {
    let all = zip(h, y).map(transform)
    return Row(used: used, stride: stride, h: all.map(\.h), y: all.map(\.y))
  }

  /// The exact sums: products, h, y h, y; where the kernels keep them, or nil where they keep nothing.
  func sums(_ products: Bool = true) -> [Double?] {
    var sums = [Double?](repeating: nil, count: stride * (stride + 2) + 1)
    for r in 0..<used {
      if products { for c in r..<used { sums[r * stride + c] = h.reduce(0) { $0 + $1[r] * $1[c] } } }
      sums[stride * stride + r] = h.reduce(0) { $0 + $1[r] }
      sums[stride * (stride + 1) + r] = zip(h, y).reduce(0) { $0 + $1.0[r] * $1.1 }
    }
    sums[stride * (stride + 2)] = y.reduce(0, +)
    return sums
  }

  /// The sums as `Kernels.normalEquations` writes them: every element from the diagonal's block of 16 on is right.
  var kernelSums: Floats {
    let exact = sums()
    let sums = Floats(Kernels.normalEquationsCount(stride: stride))
    for r in 0..<used {
      for c in r / 16 * 16..<used { sums.elements[r * stride + c] = Float(exact[min(r, c) * stride + max(r, c)]!) }
    }
    for place in stride * stride..<exact.count { sums.elements[place] = Float(exact[place] ?? 0) }
    return sums
  }

  var squares: Double { y.reduce(0) { $0 + $1 * $1 } }
}

/// Reports where `found` is not near `exact`.
func expectNear(
  _ found: [Float], _ exact: [Double?], _ what: String, scale: Double, sourceLocation: SourceLocation = #_sourceLocation
) {
  for (place, value) in exact.enumerated() {
    guard let value else { continue }
    if !(abs(Double(found[place]) - value) <= 3e-6 * (scale + abs(value))) {
      Issue.record("\(what), element \(place): \(found[place]), not \(value)", sourceLocation: sourceLocation)
      return
    }
  }
}

func solved(_ matrix: [[Double]], _ b: [Double]) -> [Double] {
  let size = b.count
  var (a, x) = (matrix, b)
  for pivot in 0..<size {
    for row in pivot + 1..<max(size, pivot + 1) {
      let factor = a[row][pivot] / a[pivot][pivot]
      for column in pivot..<size { a[row][column] -= factor * a[pivot][column] }
      x[row] -= factor * x[pivot]
    }
  }
  for row in (0..<size).reversed() {
    for column in row + 1..<max(size, row + 1) { x[row] -= a[row][column] * x[column] }
    x[row] /= a[row][row]
  }
  return x
}

/// A prior with numbers of its own for every factor.
struct TestPrior {
  let precisions: Floats
  let matrix: Floats?
  let pull: Floats
  let hasBias: Bool
  let overrelaxation: Float
  static let deviation: Float = 0.8

  init(used: Int, isFull: Bool, hasBias: Bool, overrelaxation: Float = 0) {
    self.overrelaxation = overrelaxation
    let stride = (used + 15) / 16 * 16
    precisions = Floats(stride) { $0 < used ? 1 + 0.1 * Float($0) : 0 }
    pull = Floats(stride) { $0 < used ? 0.5 - 0.05 * Float($0 % 7) : 0 }
    matrix =
      isFull
      ? Floats(stride * stride) { place in
        let (row, column) = (place / stride, place % stride)
        if row >= used || column >= used { return 0 }
        return row == column ? 2 + 0.1 * Float(row) : 0.5 / Float(1 + abs(row - column))
      } : nil
    self.hasBias = hasBias
  }

  var kernel: BayesianKernels.Prior {
    BayesianKernels.Prior(
      precisions: UnsafePointer(precisions.elements), matrix: matrix.map { UnsafePointer($0.elements) },
      pull: UnsafePointer(pull.elements), bias_precision: 1.5, bias_pull: 0.25, has_bias: hasBias ? 1 : 0,
      deviation: Self.deviation,
      overrelaxation: overrelaxation)
  }

  /// The posterior's precision and precision x mean of (x, bias) in units of the likelihood's precision.
  func posterior(_ row: Row) -> (precision: [[Double]], pull: [Double]) {
    let used = row.used
    let h = hasBias ? row.h.map { $0 + [1] } : row.h
    var a = [[Double]](repeating: [Double](repeating: 0, count: used + (hasBias ? 1 : 0)), count: h[0].count)
    var b = [Double](repeating: 0, count: a.count)
    for (h, y) in zip(h, row.y) {
      for r in a.indices {
        b[r] += h[r] * y
        for c in a.indices { a[r][c] += h[r] * h[c] }
      }
    }
    for r in 0..<used {
      b[r] += Double(pull.elements[r])
      if let matrix {
        for c in 0..<used { a[r][c] += Double(matrix.elements[r * row.stride + c]) }
      } else {
        a[r][r] += Double(precisions.elements[r])
      }
    }
    if hasBias {
      b[used] += 0.25
      a[used][used] += 1.5
    }
    return (a, b)
  }
}

/// What the tests of Bayesian kernels begin with.
enum BayesianKernelTesting {
  static let portable = BayesianKernels(KernelSet(.portable)!)
  static let usedFactors = [1, 10, 16, 17, 33, 48]

  static func stream(_ index: Int) -> RandomStream {
    RandomStream(seed: 6, purpose: "bayesian-kernel-tests", index: UInt64(index))
  }

  static func kernels(_ set: InstructionSet) throws -> BayesianKernels {
    BayesianKernels(try #require(KernelSet(set)))
  }

  static func vector(_ used: Int, _ stride: Int, _ stream: inout RandomStream) -> Floats {
    let numbers = (0..<used).map { _ in Float(0.7 * stream.normal()) }
    return Floats(stride) { $0 < used ? numbers[$0] : 0 }
  }
}
