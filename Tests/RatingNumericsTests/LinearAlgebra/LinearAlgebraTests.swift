import Testing

@testable import RatingNumerics

@Suite struct CholeskyTests {
  /// A well-conditioned symmetric positive definite matrix, row-major, and a right-hand side.
  private func system(_ n: Int) -> (a: [Double], b: [Double]) {
    var stream = RandomStream(seed: 5, purpose: "cholesky-tests", index: UInt64(n))
    let m = (0..<n * n).map { _ in stream.normal() }
    var a = [Double](repeating: 0, count: n * n)
    for row in 0..<n {
      for column in 0..<n {
        for k in 0..<n { a[row * n + column] += m[row * n + k] * m[column * n + k] }
        if row == column { a[row * n + column] += Double(n) }
      }
    }
    return (a, (0..<n).map { _ in stream.normal() })
  }

  @Test(arguments: [1, 2, 3, 17, 64, 100])
  func theResidualOfADoubleSolutionIsTiny(n: Int) throws {
    let (a, b) = system(n)
    let x = try Cholesky.solution(a, b)
    for row in 0..<n {
      var left = -b[row]
      var scale = abs(b[row])
      for column in 0..<n {
        left += a[row * n + column] * x[column]
        scale += abs(a[row * n + column] * x[column])
      }
      #expect(abs(left) <= 1e-14 * Double(n) * scale)
    }
  }

  @Test(arguments: [1, 5, 33, 64])
  func floatSolvesSeveralRightHandSidesWithinAStride(n: Int) throws {
    let (a, b) = system(n)
    let stride = (n + 15) / 16 * 16
    var factor = [Float](repeating: .nan, count: n * stride)
    // Only the lower triangle is given; the rest stays NaN, so reading it would show.
    for row in 0..<n { for column in 0...row { factor[row * stride + column] = Float(a[row * n + column]) } }
    var x = [Float](repeating: -1, count: 2 * stride)
    for column in 0..<n {
      x[column] = Float(b[column])
      x[stride + column] = Float(2 * b[column])
    }
    try factor.withUnsafeMutableBufferPointer { factor in
      try x.withUnsafeMutableBufferPointer { x in
        try Cholesky.solve(factor.baseAddress!, size: n, stride: stride, x.baseAddress!, count: 2, bStride: stride)
      }
    }
    let expected = try Cholesky.solution(a, b)
    for column in 0..<n {
      #expect(abs(Double(x[column]) - expected[column]) < 1e-5)
      #expect(abs(Double(x[stride + column]) - 2 * expected[column]) < 2e-5)
    }
    for column in n..<stride { #expect(x[column] == -1) }
  }

  @Test func theFactorTimesItsTransposeIsTheMatrix() throws {
    let n = 20
    let (a, _) = system(n)
    var l = a
    var single = a.map(Float.init)
    try l.withUnsafeMutableBufferPointer { try Cholesky.factor($0.baseAddress!, size: n, stride: n) }
    try single.withUnsafeMutableBufferPointer { try Cholesky.factor($0.baseAddress!, size: n, stride: n) }
    for row in 0..<n {
      for column in 0...row {
        let product = (0...column).reduce(0.0) { $0 + l[row * n + $1] * l[column * n + $1] }
        #expect(abs(product - a[row * n + column]) < 1e-12 * Double(n) * abs(a[row * n + row]))
        #expect(abs(Double(single[row * n + column]) - l[row * n + column]) < 1e-4)
      }
    }
  }

  @Test func aMatrixThatIsNotPositiveDefiniteNamesTheMinor() {
    // The leading minors are 4, 4 x 5 - 2 x 2 = 16, and negative.
    #expect(throws: NumericsError.notPositiveDefinite(order: 3, size: 3)) {
      try Cholesky.solution([4, 0, 0, 2, 5, 0, 0, 2, -1], [1, 1, 1])
    }
    #expect(throws: NumericsError.notPositiveDefinite(order: 1, size: 2)) {
      try Cholesky.solution([0, 0, 0, 1], [1, 1])
    }
    #expect(throws: NumericsError.notPositiveDefinite(order: 2, size: 2)) {
      var a: [Float] = [1, 0, 2, 1]
      try a.withUnsafeMutableBufferPointer { (a) throws(NumericsError) in
        try Cholesky.factor(a.baseAddress!, size: 2, stride: 2)
      }
    }
    #expect(NumericsError.notPositiveDefinite(order: 3, size: 8).description.contains("leading minor of order 3"))
  }

  @Test func noEquationsHaveTheEmptySolution() throws { #expect(try Cholesky.solution([], []) == []) }
}

@Suite(.serialized) struct BLASTests {
  private func naive(_ a: (Int, Int) -> Float, _ b: (Int, Int) -> Float, m: Int, n: Int, k: Int) -> [Float] {
    (0..<m).flatMap { row in
      (0..<n).map { column in (0..<k).reduce(0) { $0 + a(row, $1) * b($1, column) } }
    }
  }

  // Small whole numbers: every sum is exact, so equality is due.
  private let a = (0..<30).map { Float($0 * 7 % 11) - 5 }
  private let b = (0..<30).map { Float($0 * 5 % 13) - 6 }

  @Test func productsMatchTheDefinitionForEveryTransposition() {
    let (m, n, k) = (3, 5, 4)
    for transposeA in [false, true] {
      for transposeB in [false, true] {
        let (aStride, bStride) = (6, 6)
        var c = [Float](repeating: 1, count: m * 7)
        BLAS.multiply(
          m: m, n: n, k: k, alpha: 2, a, aStride: aStride, transposeA: transposeA, b, bStride: bStride,
          transposeB: transposeB, beta: 3, into: &c, cStride: 7)
        let expected = naive(
          { transposeA ? a[$1 * aStride + $0] : a[$0 * aStride + $1] },
          { transposeB ? b[$1 * bStride + $0] : b[$0 * bStride + $1] }, m: m, n: n, k: k)
        for row in 0..<m {
          for column in 0..<7 {
            #expect(c[row * 7 + column] == (column < n ? 2 * expected[row * n + column] + 3 : 1))
          }
        }
      }
    }
  }

  @Test func matrixTimesVectorMatchesTheDefinition() {
    var y: [Float] = [1, 1, 1, 1, 1]
    BLAS.multiply(rows: 5, columns: 4, a, aStride: 6, vector: b, beta: 1, into: &y)
    #expect(y == (0..<5).map { row in (0..<4).reduce(1) { $0 + a[row * 6 + $1] * b[$1] } })
    var z: [Float] = [0, 0, 0, 0]
    BLAS.multiply(rows: 5, columns: 4, a, aStride: 6, transposeA: true, vector: b, into: &z)
    #expect(z == (0..<4).map { column in (0..<5).reduce(0) { $0 + a[$1 * 6 + column] * b[$1] } })
  }

  @Test func gramFillsTheLowerTriangleOnly() {
    var c = [Float](repeating: 9, count: 16)
    BLAS.gram(rows: 5, columns: 4, a, aStride: 6, into: &c, cStride: 4)
    for row in 0..<4 {
      for column in 0..<4 {
        let product = (0..<5).reduce(Float(0)) { $0 + a[$1 * 6 + row] * a[$1 * 6 + column] }
        #expect(c[row * 4 + column] == (column <= row ? product : 9))
      }
    }
  }

  @Test func theNumberOfThreadsCanBeSetAndRead() {
    let before = BLAS.threads
    BLAS.threads = 1
    #expect(BLAS.threads == 1)
    BLAS.threads = before
    #expect(BLAS.threads == before)
    #expect(!BLAS.name.isEmpty && BLAS.configuration.contains(BLAS.name) && !BLAS.core.isEmpty)
  }
}

@Suite struct MatrixTests {
  @Test(arguments: [(0, 0), (1, 1), (3, 16), (5, 17), (2, 100)])
  func rowsAreAlignedAndPaddedWithZeros(rows: Int, columns: Int) {
    let matrix = Matrix(rows: rows, columns: columns) { Float($0 * 1000 + $1) }
    #expect(matrix.stride % 16 == 0 && matrix.stride >= columns && matrix.stride < columns + 16)
    matrix.withUnsafeElements { elements in
      #expect(UInt(bitPattern: elements) % 64 == 0)
      for row in 0..<rows {
        for column in 0..<matrix.stride {
          #expect(elements[row * matrix.stride + column] == (column < columns ? Float(row * 1000 + column) : 0))
        }
      }
    }
  }

  @Test func copiesAreIndependent() {
    let first = Matrix(rows: 2, columns: 3) { Float($0 + $1) }
    var second = first
    #expect(second == first)
    second[1, 2] = 9
    #expect(first[1, 2] == 3 && second[1, 2] == 9 && first != second)
    var third = first
    third.withUnsafeMutableElements { $0[0] = 7 }
    #expect(first[0, 0] == 0 && third.row(0) == [7, 1, 2])
  }

  @Test func anElementOutsideStopsTheProgram() async {
    await #expect(processExitsWith: .failure) { _ = Matrix(rows: 2, columns: 3)[0, 3] }
    await #expect(processExitsWith: .failure) { _ = Matrix(rows: 2, columns: 3)[-1, 0] }
  }
}
