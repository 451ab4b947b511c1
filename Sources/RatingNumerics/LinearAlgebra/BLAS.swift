import CRatingKernels

/// The BLAS library: OpenBLAS on Linux, Accelerate on macOS.
public enum BLAS {
  /// The number of threads that BLAS may use.
  ///
  /// It belongs to the whole process, so the library never changes it: the tool and the benchmarks set it to 1, since our
  /// own loops already use all processors. Accelerate knows only one and as many as it likes.
  public static var threads: Int {
    get { Int(rk_blas_threads()) }
    set {
      precondition(newValue >= 1, "BLAS needs at least 1 thread, got \(newValue)")
      rk_blas_set_threads(Int32(clamping: newValue))
    }
  }

  /// The library's name: `OpenBLAS` or `Accelerate`.
  public static var name: String { String(cString: rk_blas_name()) }

  /// The library's own description of its version and settings.
  public static var configuration: String { String(cString: rk_blas_configuration()) }

  /// The processor type whose kernels the library has chosen.
  public static var core: String { String(cString: rk_blas_core()) }

  /// c = alpha op(a) op(b) + beta c, with op(a) of m x k, op(b) of k x n and c of m x n, all row-major.
  ///
  /// - Parameter aStride, bStride, cStride: elements from one row to the next, of the matrices as stored.
  /// - Complexity: O(m n k).
  package static func multiply(
    m: Int, n: Int, k: Int, alpha: Float = 1, _ a: UnsafePointer<Float>, aStride: Int, transposeA: Bool = false,
    _ b: UnsafePointer<Float>, bStride: Int, transposeB: Bool = false, beta: Float = 0,
    into c: UnsafeMutablePointer<Float>, cStride: Int
  ) {
    rk_sgemm(
      transposeA ? 1 : 0, transposeB ? 1 : 0, Int32(m), Int32(n), Int32(k), alpha, a, Int32(aStride), b, Int32(bStride),
      beta, c, Int32(cStride))
  }

  /// y = alpha op(a) x + beta y, with a of rows x columns, row-major.
  package static func multiply(
    rows: Int, columns: Int, alpha: Float = 1, _ a: UnsafePointer<Float>, aStride: Int, transposeA: Bool = false,
    vector x: UnsafePointer<Float>, beta: Float = 0, into y: UnsafeMutablePointer<Float>
  ) {
    rk_sgemv(transposeA ? 1 : 0, Int32(rows), Int32(columns), alpha, a, Int32(aStride), x, beta, y)
  }

  /// The lower triangle of c = alpha transpose(a) a + beta c, with a of rows x columns and c of columns x columns.
  ///
  /// - Complexity: O(rows x columns^2).
  package static func gram(
    rows: Int, columns: Int, alpha: Float = 1, _ a: UnsafePointer<Float>, aStride: Int, beta: Float = 0,
    into c: UnsafeMutablePointer<Float>, cStride: Int
  ) {
    rk_ssyrk(Int32(columns), Int32(rows), alpha, a, Int32(aStride), beta, c, Int32(cStride))
  }

  /// The lower triangle of c = alpha transpose(a) a + beta c in Double.
  ///
  /// - Complexity: O(rows x columns^2).
  package static func gram(
    rows: Int, columns: Int, alpha: Double = 1, _ a: UnsafePointer<Double>, aStride: Int, beta: Double = 0,
    into c: UnsafeMutablePointer<Double>, cStride: Int
  ) {
    rk_dsyrk(Int32(columns), Int32(rows), alpha, a, Int32(aStride), beta, c, Int32(cStride))
  }
}
