import CRatingKernels

/// Regularized least squares for one row of a factor model: a user's, given all items, or an item's, given all users.
///
/// With y = r - biases[i] for each of the row's ratings r of row i of the other side, and q = factors[i], the row's
/// factors x and bias b minimize
///
///     sum of (y - b - q . x)^2 + ridge.factors |x|^2 + ridge.bias b^2
///
/// Everything is in Float and gives the same bytes on every instruction set.
extension Kernels {
  /// The other side of the model: (factors, biases, stride). Rows of factors are `stride` floats long, a multiple of 16,
  /// and begin at multiples of 64 bytes, as those of a `Matrix` do; unused factors are 0.
  package typealias Regressors = rk_regressors

  /// What is added to the squared errors: (factors, bias, has_bias). Without a bias, b is 0.
  package typealias Ridge = rk_ridge

  private static let chosen = KernelSet(instructionSet)!

  /// The number of floats that `normalEquations` writes for a row of that stride.
  package static func normalEquationsCount(stride: Int) -> Int { stride * (stride + 2) + 16 }

  /// The sums of one row's normal equations, from the factors where they lie: q q^T (the upper triangle, row-major,
  /// stride x stride), q (stride), y q (stride) and y (1).
  ///
  /// - Parameters:
  ///   - count: at least 1.
  ///   - ahead: how many elements of `rows` may be read behind those, to fetch what comes next into the cache.
  /// - Precondition: every index has a row in the other side; this is not checked.
  /// - Complexity: count x stride x (stride + 16) / 2 multiplications.
  package static func normalEquations(
    _ side: Regressors, rows: UnsafePointer<UInt32>, ratings: UnsafePointer<Float>, count: Int, ahead: Int = 0,
    into sums: UnsafeMutablePointer<Float>
  ) {
    chosen.normalEquations(side, rows: rows, ratings: ratings, count: count, ahead: ahead, into: sums)
  }

  /// Solves the normal equations of `count` ratings: eliminates the bias, then Cholesky. The sums are overwritten.
  ///
  /// - Parameters:
  ///   - factors: the number of factors that are used; the others become 0.
  ///   - solution: `stride` floats at a multiple of 64 bytes.
  /// - Returns: nil, or where the equations have no unique solution, the number of the pivot that is not positive.
  /// - Complexity: stride^3 / 6 multiplications.
  package static func solveRidge(
    _ sums: UnsafeMutablePointer<Float>, stride: Int, factors: Int, count: Int, ridge: Ridge,
    solution: UnsafeMutablePointer<Float>, bias: UnsafeMutablePointer<Float>
  ) -> Int? {
    chosen.solveRidge(
      sums, stride: stride, factors: factors, count: count, ridge: ridge, solution: solution, bias: bias)
  }

  /// Moves a row toward its optimum by `steps` steps of conjugate gradients, scaled by the diagonal, from where it is.
  ///
  /// - Parameter scratch: 5 x stride floats at a multiple of 64 bytes.
  /// - Complexity: 2 (steps + 1) x count x stride multiplications.
  package static func descendRidge(
    _ side: Regressors, rows: UnsafePointer<UInt32>, ratings: UnsafePointer<Float>, count: Int, ridge: Ridge,
    steps: Int, scratch: UnsafeMutablePointer<Float>, solution: UnsafeMutablePointer<Float>,
    bias: UnsafeMutablePointer<Float>
  ) {
    chosen.descendRidge(
      side, rows: rows, ratings: ratings, count: count, ridge: ridge, steps: steps, scratch: scratch,
      solution: solution, bias: bias)
  }

  /// The sum of (y - bias - q . solution)^2, in Double, row after row.
  ///
  /// - Complexity: O(count x stride).
  package static func squaredResiduals(
    _ side: Regressors, rows: UnsafePointer<UInt32>, ratings: UnsafePointer<Float>, count: Int,
    solution: UnsafePointer<Float>, bias: Float
  ) -> Double {
    chosen.squaredResiduals(side, rows: rows, ratings: ratings, count: count, solution: solution, bias: bias)
  }
}

extension KernelSet {
  /// See `Kernels.normalEquations`.
  public func normalEquations(
    _ side: rk_regressors, rows: UnsafePointer<UInt32>, ratings: UnsafePointer<Float>, count: Int, ahead: Int = 0,
    into sums: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: side) { table.pointee.normal_equations($0, rows, ratings, count, ahead, sums) }
  }

  /// See `Kernels.solveRidge`.
  public func solveRidge(
    _ sums: UnsafeMutablePointer<Float>, stride: Int, factors: Int, count: Int, ridge: rk_ridge,
    solution: UnsafeMutablePointer<Float>, bias: UnsafeMutablePointer<Float>
  ) -> Int? {
    let failed = withUnsafePointer(to: ridge) {
      table.pointee.solve_ridge(sums, stride, factors, count, $0, solution, bias)
    }
    return failed == 0 ? nil : failed
  }

  /// See `Kernels.descendRidge`.
  public func descendRidge(
    _ side: rk_regressors, rows: UnsafePointer<UInt32>, ratings: UnsafePointer<Float>, count: Int, ridge: rk_ridge,
    steps: Int, scratch: UnsafeMutablePointer<Float>, solution: UnsafeMutablePointer<Float>,
    bias: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: side) { side in
      withUnsafePointer(to: ridge) {
        table.pointee.descend_ridge(side, rows, ratings, count, $0, steps, scratch, solution, bias)
      }
    }
  }

  /// See `Kernels.squaredResiduals`.
  public func squaredResiduals(
    _ side: rk_regressors, rows: UnsafePointer<UInt32>, ratings: UnsafePointer<Float>, count: Int,
    solution: UnsafePointer<Float>, bias: Float
  ) -> Double {
    withUnsafePointer(to: side) { table.pointee.row_squares($0, rows, ratings, count, solution, bias) }
  }
}
