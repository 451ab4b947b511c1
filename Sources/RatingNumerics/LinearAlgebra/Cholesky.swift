import CRatingKernels

/// Symmetric positive definite systems, through LAPACK's Cholesky factorization A = L transpose(L).
///
/// A matrix is its lower triangle in row-major order, `stride` elements from one row to the next; what stands above the
/// diagonal is neither read nor changed.
///
/// Complexity: size^3 / 3 multiplications for the factor, size^2 for each right-hand side.
package enum Cholesky {
  /// Replaces the lower triangle of `a` by L.
  ///
  /// - Throws: `NumericsError.notPositiveDefinite`, with the order of the first leading minor that is not positive; `a`
  ///   is then partly overwritten.
  package static func factor(
    _ a: UnsafeMutablePointer<Float>, size: Int, stride: Int
  ) throws(NumericsError) {
    try check(rk_spotrf(Int32(size), a, Int32(stride)), size: size)
  }

  /// Replaces the lower triangle of `a` by L.
  package static func factor(
    _ a: UnsafeMutablePointer<Double>, size: Int, stride: Int
  ) throws(NumericsError) {
    try check(rk_dpotrf(Int32(size), a, Int32(stride)), size: size)
  }

  /// Replaces each of the `count` rows of `b` by the solution x of A x = row, and the lower triangle of `a` by L.
  package static func solve(
    _ a: UnsafeMutablePointer<Float>, size: Int, stride: Int,
    _ b: UnsafeMutablePointer<Float>, count: Int = 1, bStride: Int
  ) throws(NumericsError) {
    try check(rk_sposv(Int32(size), Int32(count), a, Int32(stride), b, Int32(bStride)), size: size)
  }

  /// Replaces each of the `count` rows of `b` by the solution x of A x = row, and the lower triangle of `a` by L.
  package static func solve(
    _ a: UnsafeMutablePointer<Double>, size: Int, stride: Int,
    _ b: UnsafeMutablePointer<Double>, count: Int = 1, bStride: Int
  ) throws(NumericsError) {
    try check(rk_dposv(Int32(size), Int32(count), a, Int32(stride), b, Int32(bStride)), size: size)
  }

  /// The solution x of A x = b, with A of b.count rows in row-major order; both are left as they are.
  ///
  /// - Precondition: `a` has b.count x b.count elements.
  package static func solution(_ a: [Double], _ b: [Double]) throws(NumericsError) -> [Double] {
    precondition(
      a.count == b.count * b.count,
      "a system of \(b.count) equations needs \(b.count * b.count) coefficients, got \(a.count)")
    if b.isEmpty { return [] }
    var factor = a
    var x = b
    let info = factor.withUnsafeMutableBufferPointer { a in
      x.withUnsafeMutableBufferPointer { x in
        let size = Int32(x.count)
        return rk_dposv(size, 1, a.baseAddress!, size, x.baseAddress!, size)
      }
    }
    try check(info, size: b.count)
    return x
  }

  private static func check(_ info: Int32, size: Int) throws(NumericsError) {
    precondition(info >= 0, "argument \(-info) of a Cholesky factorization of \(size) rows is out of range")
    if info > 0 { throw .notPositiveDefinite(order: Int(info), size: size) }
  }
}
