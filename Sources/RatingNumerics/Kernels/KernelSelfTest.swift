import CRatingKernels

/// Checks that the kernels and BLAS compute on this machine what they should: what the `doctor` command runs.
///
/// Each kernel of each available instruction set is compared with the same formula in Double, and with the bytes of the
/// portable kernel; BLAS and LAPACK with a small system that is solved by hand. Takes some milliseconds.
public enum KernelSelfTest {
  /// The outcome of one check.
  public struct Result: Hashable, Sendable {
    /// What was checked: `dot (avx2)`.
    public var name: String
    public var passed: Bool
    /// What was found, in words.
    public var detail: String
  }

  /// Runs all checks.
  public static func run() -> [Result] {
    Kernels.available.flatMap { set in
      let kernels = KernelSet(set)!
      return [
        dot(kernels), squaredError(kernels), descent(kernels), leastSquares(kernels), normals(kernels),
        truncatedNormals(kernels), probit(kernels),
      ]
    } + [product(), solution(), refusal()]
  }

  private static let lengths = [0, 1, 7, 15, 16, 17, 63, 64, 65, 1000]

  static func numbers(_ count: Int, index: UInt64) -> [Float] {
    var stream = RandomStream(seed: 1, purpose: "kernel-self-test", index: index)
    return (0..<count).map { _ in Float(stream.uniform() * 2 - 1) }
  }

  static func verdict(
    _ name: String, _ kernels: KernelSet, error: Double, bound: Double, sameBytes: Bool
  ) -> Result {
    let passed = error <= bound && sameBytes
    let detail =
      sameBytes
      ? "error \(error), at most \(bound) expected; the same bytes as portable"
      : "error \(error), at most \(bound) expected; other bytes than portable"
    return Result(name: "\(name) (\(kernels.instructionSet))", passed: passed, detail: detail)
  }

  static let portable = KernelSet(.portable)!

  private static func dot(_ kernels: KernelSet) -> Result {
    var worst = 0.0
    var same = true
    for length in lengths {
      let a = numbers(length, index: 0)
      let b = numbers(length, index: 1)
      let value = kernels.dot(a, b, count: length)
      let terms = zip(a, b).map { Double($0) * Double($1) }
      let scale = max(terms.reduce(0) { $0 + abs($1) }, .leastNormalMagnitude)
      worst = max(worst, abs(Double(value) - terms.reduce(0, +)) / scale)
      same = same && value.bitPattern == portable.dot(a, b, count: length).bitPattern
    }
    return verdict("dot", kernels, error: worst, bound: 23 * 0x1p-24, sameBytes: same)
  }

  private static func squaredError(_ kernels: KernelSet) -> Result {
    var worst = 0.0
    var same = true
    for length in lengths {
      let ratings = numbers(length, index: 2)
      let predictions = numbers(length, index: 3).map(Double.init)
      let value = kernels.squaredError(predictions: predictions, ratings: ratings, count: length)
      let sum = zip(ratings, predictions).reduce(0.0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
      worst = max(worst, abs(value - sum) / max(sum, .leastNormalMagnitude))
      let expected = portable.squaredError(predictions: predictions, ratings: ratings, count: length)
      same = same && value.bitPattern == expected.bitPattern
    }
    return verdict("squared error", kernels, error: worst, bound: 1100 * 0x1p-53, sameBytes: same)
  }

  /// A model of 4 users and 4 items after 24 steps, by rows: user factors, item factors, user biases, item biases.
  private static func descended(by kernels: KernelSet, atOnce: Bool) -> [Float] {
    var users = Matrix(rows: 5, columns: 64)
    var items = Matrix(rows: 5, columns: 64)
    let start = numbers(512, index: 4)
    let count = 24
    return users.withUnsafeMutableElements { users in
      items.withUnsafeMutableElements { items in
        for index in 0..<256 { users[index] = start[index] * 0.2 }
        for index in 0..<256 { items[index] = start[256 + index] * 0.2 }
        let regularizations = [Float](repeating: 0.05, count: 4)
        return regularizations.withUnsafeBufferPointer { regularizations in
          let model = rk_biased_factors(
            user_factors: users, item_factors: items, user_biases: users + 256, item_biases: items + 256, factors: 64,
            mean: 3, user_bias_rate: 0.02, item_bias_rate: 0.01,
            user_bias_regularizations: regularizations.baseAddress!,
            item_bias_regularizations: regularizations.baseAddress!, factor_rate: 0.01,
            factor_regularization: 0.1, user_squares: nil, item_squares: nil, per_factor: 0, nonnegative: 0)
          let ratings = ratings(count)
          let user = { (user: UInt32) in ratings.filter { $0.user == user } }
          let parts = atOnce ? RatingParts(user(0), user(1), user(2), user(3)) : RatingParts(ratings)
          _ = withUnsafePointer(to: model) { model in parts.withBlock { kernels.descend(model, $0) } }
          return Array(UnsafeBufferPointer(start: users, count: 260)) + UnsafeBufferPointer(start: items, count: 260)
        }
      }
    }
  }

  private static func ratings(_ count: Int) -> [rk_rating] {
    (0..<UInt32(count)).map { index -> rk_rating in
      rk_rating(user: index % 4, item: (index / 4 + index % 4 * 3) % 4, rating: Float(index % 5 + 1))
    }
  }

  /// The same 24 steps in Double.
  private static let expected: [Double] = {
    let start = numbers(512, index: 4).map { Double($0 * 0.2) }
    var users = Array(start[..<256])
    var items = Array(start[256...])
    var userBiases = [0.0, 0, 0, 0]
    var itemBiases = [0.0, 0, 0, 0]
    for rating in ratings(24) {
      let (u, i) = (Int(rating.user), Int(rating.item))
      let p = Array(users[u * 64..<u * 64 + 64])
      let q = Array(items[i * 64..<i * 64 + 64])
      let product = zip(p, q).reduce(0.0) { $0 + $1.0 * $1.1 }
      let error = Double(rating.rating) - 3 - userBiases[u] - itemBiases[i] - product
      userBiases[u] += 0.02 * (error - 0.05 * userBiases[u])
      itemBiases[i] += 0.01 * (error - 0.05 * itemBiases[i])
      for f in 0..<64 {
        users[u * 64 + f] = (1 - 0.01 * 0.1) * p[f] + 0.01 * error * q[f]
        items[i * 64 + f] = (1 - 0.01 * 0.1) * q[f] + 0.01 * error * p[f]
      }
    }
    return users + userBiases + items + itemBiases
  }()

  private static func descent(_ kernels: KernelSet) -> Result {
    let values = descended(by: kernels, atOnce: false)
    let worst = zip(values, expected).reduce(0.0) { max($0, abs(Double($1.0) - $1.1)) }
    let same =
      values.map(\.bitPattern) == descended(by: portable, atOnce: false).map(\.bitPattern)
      && descended(by: kernels, atOnce: true).map(\.bitPattern)
        == descended(by: portable, atOnce: true).map(\.bitPattern)
    return verdict("biased SGD step", kernels, error: worst, bound: 1e-5, sameBytes: same)
  }

  private static func product() -> Result {
    let a: [Float] = [1, 2, 3, 4, 5, 6]
    let b: [Float] = [7, 8, 9, 10, 11, 12]
    var c = [Float](repeating: 0, count: 4)
    BLAS.multiply(m: 2, n: 2, k: 3, a, aStride: 3, b, bStride: 2, into: &c, cStride: 2)
    return Result(
      name: "sgemm (\(BLAS.name))", passed: c == [58, 64, 139, 154], detail: "[58, 64, 139, 154] expected, got \(c)")
  }

  private static func solution() -> Result {
    // The lower triangle of a matrix whose Cholesky factor is [[2], [1, 2], [0, 1, 2]]; the solution is (1, 2, 3).
    let x = try? Cholesky.solution([4, 0, 0, 2, 5, 0, 0, 2, 5], [8, 18, 19])
    let passed = x.map { zip($0, [1, 2, 3]).allSatisfy { abs($0 - $1) < 1e-14 } } ?? false
    return Result(
      name: "dposv (\(BLAS.name))", passed: passed,
      detail: "[1, 2, 3] expected, got \(x.map { "\($0)" } ?? "an error")")
  }

  private static func refusal() -> Result {
    var found = "no error"
    do throws(NumericsError) {
      _ = try Cholesky.solution([1, 0, 2, 1], [1, 1])
    } catch {
      found = error.code
      if case .notPositiveDefinite(order: 2, size: 2) = error {
        return Result(name: "dposv refuses (\(BLAS.name))", passed: true, detail: error.description)
      }
    }
    return Result(
      name: "dposv refuses (\(BLAS.name))", passed: false,
      detail: "a not positive minor of order 2 expected, got \(found)")
  }
}
