import CRatingKernels

extension KernelSelfTest {
  /// Solves a row of 100 ratings with 36 factors and a bias, and compares with LAPACK in Double.
  static func leastSquares(_ kernels: KernelSet) -> Result {
    let (values, expected) = (solved(by: kernels), expectedSolution)
    let worst = zip(values, expected).reduce(0.0) { max($0, abs(Double($1.0) - $1.1)) }
    return verdict(
      "least squares row", kernels, error: expected.isEmpty ? .infinity : worst, bound: 1e-5,
      sameBytes: values.map(\.bitPattern) == solved(by: portable).map(\.bitPattern))
  }

  private static let (count, factors, others) = (100, 36, 30)
  private static let ridge = rk_ridge(factors: 2, bias: 1, has_bias: 1)
  private static let indices = (0..<count).map { UInt32($0 * 7 % others) }

  /// Factors and bias of the row.
  private static func solved(by kernels: KernelSet) -> [Float] {
    let start = numbers(others * factors, index: 5)
    let side = Matrix(rows: others, columns: factors) { start[$0 * factors + $1] }
    var sums = Matrix(rows: 1, columns: Kernels.normalEquationsCount(stride: side.stride))
    var solution = Matrix(rows: 1, columns: side.stride)
    let biases = numbers(others, index: 6)
    return side.withUnsafeElements { elements in
      sums.withUnsafeMutableElements { sums in
        solution.withUnsafeMutableElements { solution in
          biases.withUnsafeBufferPointer { biases in
            kernels.normalEquations(
              rk_regressors(factors: elements, biases: biases.baseAddress!, stride: side.stride), rows: indices,
              ratings: numbers(count, index: 7), count: count, into: sums)
            var bias: Float = 0
            _ = kernels.solveRidge(
              sums, stride: side.stride, factors: factors, count: count, ridge: ridge, solution: solution, bias: &bias)
            return Array(UnsafeBufferPointer(start: solution, count: factors)) + [bias]
          }
        }
      }
    }
  }

  /// The same in Double; empty where LAPACK fails.
  private static let expectedSolution: [Double] = {
    let start = numbers(others * factors, index: 5)
    let biases = numbers(others, index: 6)
    let ratings = numbers(count, index: 7)
    let size = factors + 1
    var a = [Double](repeating: 0, count: size * size)
    var b = [Double](repeating: 0, count: size)
    for (index, rating) in zip(indices, ratings) {
      let first = Int(index) * factors
      let q = start[first..<first + factors].map { Double($0) } + [1]
      for i in 0..<size {
        b[i] += q[i] * Double(rating - biases[Int(index)])
        for j in 0...i { a[i * size + j] += q[i] * q[j] }
      }
    }
    for i in 0..<size { a[i * size + i] += Double(i < factors ? ridge.factors : ridge.bias) }
    return (try? Cholesky.solution(a, b)) ?? []
  }()
}
