/// The Cholesky factor L of a small symmetric matrix, L transpose(L).
///
/// In plain Swift, for a handful of rows: the same bytes on every machine, which LAPACK does not promise.
struct LowerTriangle {
  let size: Int
  /// Row-major; zeros above the diagonal.
  let elements: [Double]

  /// Nil where the matrix (row-major) is not positive definite.
  ///
  /// - Complexity: size^3 / 3 multiplications.
  init?(factoring matrix: [Double], size: Int) {
    var factor = [Double](repeating: 0, count: size * size)
    for row in 0..<size {
      for column in 0...row {
        var sum = matrix[row * size + column]
        for k in 0..<column { sum -= factor[row * size + k] * factor[column * size + k] }
        if column < row {
          factor[row * size + column] = sum / factor[column * size + column]
        } else {
          guard sum > 0, sum.isFinite else { return nil }
          factor[row * size + row] = sum.squareRoot()
        }
      }
    }
    self.size = size
    elements = factor
  }

  private init(identity size: Int) {
    self.size = size
    elements = (0..<size * size).map { $0 / size == $0 % size ? 1 : 0 }
  }

  /// The factor of a matrix, to whose diagonal as much is added as makes it positive definite.
  static func factor(damping matrix: [Double], size: Int) -> (factor: LowerTriangle, isDamped: Bool) {
    if let factor = LowerTriangle(factoring: matrix, size: size) { return (factor, false) }
    var damping = (0..<size).reduce(1e-300) { max($0, abs(matrix[$1 * size + $1])) } * 1e-3
    while damping.isFinite {
      var damped = matrix
      for row in 0..<size { damped[row * size + row] += damping }
      if let factor = LowerTriangle(factoring: damped, size: size) { return (factor, true) }
      damping *= 4
    }
    return (LowerTriangle(identity: size), true)
  }

  /// The x with L transpose(L) x = b.
  func solve(_ b: [Double]) -> [Double] {
    var x = b
    for row in 0..<size {
      for k in 0..<row { x[row] -= elements[row * size + k] * x[k] }
      x[row] /= elements[row * size + row]
    }
    return solveTransposed(x)
  }

  /// The x with transpose(L) x = b.
  func solveTransposed(_ b: [Double]) -> [Double] {
    var x = b
    for row in (0..<size).reversed() {
      for k in row + 1..<max(size, row + 1) { x[row] -= elements[k * size + row] * x[k] }
      x[row] /= elements[row * size + row]
    }
    return x
  }

  /// transpose(x) L transpose(L) x.
  func squaredLength(_ x: [Double]) -> Double {
    (0..<size).reduce(0) { total, column in
      let sum = (column..<size).reduce(0) { $0 + elements[$1 * size + column] * x[$1] }
      return total + sum * sum
    }
  }
}
