import CRatingKernels
import Testing

@_spi(Benchmarks) @testable import RatingNumerics

/// A row's ratings and the other side of the model, for the kernels to work on.
struct LeastSquaresRow {
  let factors: Matrix
  let biases: [Float]
  let indices: [UInt32]
  let ratings: [Float]

  init(factors: Int, others: Int = 40, ratings count: Int, seed: Seed = 5) {
    var stream = RandomStream(seed: seed, purpose: "least-squares-tests", index: UInt64(factors * 10_000 + count))
    self.factors = Matrix(rows: others, columns: factors) { _, _ in Float(0.3 * stream.normal() + 0.1) }
    biases = (0..<others).map { _ in Float(0.3 * stream.normal()) }
    indices = (0..<count).map { _ in UInt32(stream.below(others)) }
    ratings = (0..<count).map { _ in Float(stream.normal()) }
  }

  func with<Result>(_ body: (rk_regressors) -> Result) -> Result {
    factors.withUnsafeElements { elements in
      biases.withUnsafeBufferPointer {
        body(rk_regressors(factors: elements, biases: $0.baseAddress!, stride: factors.stride))
      }
    }
  }

  /// The rows of the least squares problem in Double: (q, 1) or (q), and y.
  func equations(bias: Bool) -> (rows: [[Double]], targets: [Double]) {
    (
      indices.map { factors.row(Int($0)).map { Double($0) } + (bias ? [1] : []) },
      zip(indices, ratings).map { Double($1) - Double(biases[Int($0)]) }
    )
  }

  /// The exact solution in Double: the factors, then the bias, where there is one.
  func solution(_ ridge: rk_ridge) throws -> [Double] {
    let (rows, targets) = equations(bias: ridge.has_bias == 1)
    let size = rows[0].count
    var a = [Double](repeating: 0, count: size * size)
    var b = [Double](repeating: 0, count: size)
    for (row, target) in zip(rows, targets) {
      for i in 0..<size {
        b[i] += row[i] * target
        for j in 0...i { a[i * size + j] += row[i] * row[j] }
      }
    }
    for i in 0..<size { a[i * size + i] += Double(i < factors.columns ? ridge.factors : ridge.bias) }
    return try Cholesky.solution(a, b)
  }

  /// What the kernels make of it: the sums, then the solution's factors and bias, and the sum of squares.
  func solved(_ kernels: KernelSet, _ ridge: rk_ridge, ahead: Int = 0) -> (sums: [Float], x: [Float], squares: Double) {
    let stride = factors.stride
    var scratch = Matrix(rows: 1, columns: Kernels.normalEquationsCount(stride: stride))
    var x = Matrix(rows: 1, columns: stride)
    return with { side in
      scratch.withUnsafeMutableElements { sums in
        x.withUnsafeMutableElements { x in
          let count = indices.count - ahead
          kernels.normalEquations(side, rows: indices, ratings: ratings, count: count, ahead: ahead, into: sums)
          let kept = Array(UnsafeBufferPointer(start: sums, count: Kernels.normalEquationsCount(stride: stride)))
          var bias: Float = 0
          let failed = kernels.solveRidge(
            sums, stride: stride, factors: factors.columns, count: count, ridge: ridge, solution: x, bias: &bias)
          #expect(failed == nil)
          let squares = kernels.squaredResiduals(
            side, rows: indices, ratings: ratings, count: count, solution: x, bias: bias)
          return (kept, Array(UnsafeBufferPointer(start: x, count: stride)) + [bias], squares)
        }
      }
    }
  }

  /// Factors and bias after some steps of conjugate gradients from 0.
  func descended(_ kernels: KernelSet, _ ridge: rk_ridge, steps: Int) -> [Float] {
    let stride = factors.stride
    var scratch = Matrix(rows: 5, columns: stride)
    var x = Matrix(rows: 1, columns: stride)
    return with { side in
      scratch.withUnsafeMutableElements { scratch in
        x.withUnsafeMutableElements { x in
          var bias: Float = 0
          kernels.descendRidge(
            side, rows: indices, ratings: ratings, count: indices.count, ridge: ridge, steps: steps, scratch: scratch,
            solution: x, bias: &bias)
          return Array(UnsafeBufferPointer(start: x, count: stride)) + [bias]
        }
      }
    }
  }
}

@Suite struct LeastSquaresKernelTests {
  /// Every number of blocks up to 10, with and without unused factors, and some large ones.
  static let sizes = [1, 7, 16, 17, 32, 33, 48, 64, 75, 80, 96, 112, 128, 144, 160, 256]
  static let counts = [1, 2, 15, 31, 32, 33, 63, 64, 65, 128, 200, 300]
  static let ridge = rk_ridge(factors: 1.5, bias: 0.5, has_bias: 1)

  @Test(arguments: Kernels.available.filter { $0 != .portable })
  func sumsAgreeWithDouble(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    for size in Self.sizes {
      for count in Self.counts {
        let row = LeastSquaresRow(factors: size, ratings: count)
        let stride = row.factors.stride
        let sums = row.solved(kernels, Self.ridge).sums
        let (rows, targets) = row.equations(bias: false)
        // A chunk adds at most 256 products one after the other, and the chunks are added.
        let bound = Double(min(count, 256) + count / 32 + 4) * 0x1p-24
        func check(_ position: Int, _ terms: [Double]) {
          let error = abs(Double(sums[position]) - terms.reduce(0, +))
          let scale = terms.reduce(0) { $0 + abs($1) }
          if error > bound * scale { Issue.record("\(size) factors, \(count) ratings, position \(position): \(error)") }
        }
        for i in Swift.stride(from: 0, to: size, by: size > 32 ? 5 : 1) {
          for j in i..<size { check(i * stride + j, rows.map { $0[i] * $0[j] }) }
        }
        for i in 0..<size {
          check(stride * stride + i, rows.map { $0[i] })
          check(stride * (stride + 1) + i, zip(rows, targets).map { $0[i] * $1 })
        }
        check(stride * (stride + 2), targets)
        // Unused factors have sums of 0.
        for j in size..<stride { #expect(sums[j] == 0 && sums[stride * stride + j] == 0) }
      }
    }
  }

  @Test(arguments: Kernels.available.filter { $0 != .portable }, [0, 1])
  func gradientsVanishAtTheSolution(set: InstructionSet, hasBias: Int32) throws {
    let kernels = try #require(KernelSet(set))
    let ridge = rk_ridge(factors: 0.4, bias: 0.3, has_bias: hasBias)
    for size in Self.sizes {
      for count in Self.counts {
        let row = LeastSquaresRow(factors: size, ratings: count)
        let x = row.solved(kernels, ridge).x
        #expect(x[size..<row.factors.stride].allSatisfy { $0 == 0 })
        if hasBias == 0 { #expect(x.last == 0) }
        let values = x[..<size].map { Double($0) } + (hasBias == 1 ? [Double(x.last!)] : [])
        let (rows, targets) = row.equations(bias: hasBias == 1)
        var gradient = values.indices.map { -values[$0] * Double($0 < size ? ridge.factors : ridge.bias) }
        var rightSide = [Double](repeating: 0, count: values.count)
        for (q, y) in zip(rows, targets) {
          let error = y - zip(q, values).reduce(0) { $0 + $1.0 * $1.1 }
          for i in values.indices {
            gradient[i] += q[i] * error
            rightSide[i] += q[i] * y
          }
        }
        let residual = (gradient.reduce(0) { $0 + $1 * $1 } / rightSide.reduce(0) { $0 + $1 * $1 }).squareRoot()
        #expect(residual <= 1e-5, "\(size) factors, \(count) ratings")
        let exact = try row.solution(ridge)
        let scale = exact.reduce(0) { max($0, abs($1)) }
        #expect(zip(values, exact).allSatisfy { abs($0 - $1) <= 1e-4 * scale }, "\(size) factors, \(count) ratings")
      }
    }
  }

  @Test(arguments: Kernels.available)
  func allLoopsGiveTheBytesOfThePortableOnes(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    let portable = try #require(KernelSet(.portable))
    for (size, count) in [(1, 1), (7, 40), (16, 300), (33, 5), (48, 33), (64, 130), (80, 65), (100, 40), (128, 70)] {
      for hasBias in [0, 1] as [Int32] {
        let ridge = rk_ridge(factors: 0.4, bias: 0.3, has_bias: hasBias)
        let row = LeastSquaresRow(factors: size, ratings: count)
        let (found, expected) = (row.solved(kernels, ridge), row.solved(portable, ridge))
        let stride = row.factors.stride
        for i in 0..<stride {
          for position in i * stride + i..<i * stride + stride {
            #expect(found.sums[position].bitPattern == expected.sums[position].bitPattern)
          }
        }
        let tail = stride * stride..<stride * (stride + 2) + 1
        #expect(found.sums[tail].map(\.bitPattern) == expected.sums[tail].map(\.bitPattern))
        #expect(found.x.map(\.bitPattern) == expected.x.map(\.bitPattern), "\(size) factors, \(count) ratings")
        #expect(found.squares.bitPattern == expected.squares.bitPattern)
        #expect(
          row.descended(kernels, ridge, steps: 3).map(\.bitPattern)
            == row.descended(portable, ridge, steps: 3).map(\.bitPattern), "\(size) factors, \(count) ratings")
      }
    }
  }

  @Test(arguments: Kernels.available.filter { $0 != .portable })
  func conjugateGradientsApproachTheExactSolution(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    for size in [7, 16, 40, 64, 128] {
      for count in [1, 3, 4, 65, 200] {
        let row = LeastSquaresRow(factors: size, ratings: count)
        let exact = row.solved(kernels, Self.ridge).x
        func distance(_ x: [Float]) -> Double {
          zip(x, exact).reduce(0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }.squareRoot()
        }
        let errors = [0, 1, 3, 60].map { distance(row.descended(kernels, Self.ridge, steps: $0)) }
        #expect(errors[1] < errors[0] && errors[2] <= errors[1] + 1e-6)
        #expect(errors[3] <= 1e-4 * errors[0], "\(size) factors, \(count) ratings: \(errors)")
      }
    }
  }

  @Test(arguments: Kernels.available)
  func whatComesNextIsOnlyFetched(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    let long = LeastSquaresRow(factors: 40, ratings: 100)
    let short = LeastSquaresRow(long, ratings: 70)
    let (found, expected) = (long.solved(kernels, Self.ridge, ahead: 30), short.solved(kernels, Self.ridge))
    #expect(found.x == expected.x && found.squares == expected.squares)
  }

  @Test(arguments: Kernels.available)
  func aSystemWithoutAUniqueSolutionIsRefused(set: InstructionSet) throws {
    let kernels = try #require(KernelSet(set))
    let row = LeastSquaresRow(factors: 20, ratings: 3)
    var scratch = Matrix(rows: 1, columns: Kernels.normalEquationsCount(stride: 32))
    var x = Matrix(rows: 1, columns: 32)
    let failed = row.with { side in
      scratch.withUnsafeMutableElements { sums in
        x.withUnsafeMutableElements { x in
          // No factors at all: every pivot is 0.
          for position in 0..<Kernels.normalEquationsCount(stride: 32) { sums[position] = 0 }
          var bias: Float = 0
          return kernels.solveRidge(
            sums, stride: 32, factors: 20, count: 3, ridge: rk_ridge(factors: 0, bias: 0, has_bias: 1), solution: x,
            bias: &bias)
        }
      }
    }
    #expect(failed == 1)
  }
}

extension LeastSquaresRow {
  /// The first ratings of another one.
  init(_ other: LeastSquaresRow, ratings count: Int) {
    factors = other.factors
    biases = other.biases
    indices = Array(other.indices[..<count])
    ratings = Array(other.ratings[..<count])
  }
}
