import RatingNumerics

/// The normal prior that the parameters of one group share: a mean and a precision for the biases and for each factor, or
/// for the factors a mean vector and a precision matrix. It is drawn itself, given the group's parameters.
struct GroupPrior: Sendable {
  /// Of each factor, and of the bias behind them.
  var means: [Double]
  var precisions: [Double]
  /// The factors' precision matrix, row-major, where the group has one.
  var matrix: [Double]?

  init(factors: Int, hasMatrix: Bool) {
    means = [Double](repeating: 0, count: factors + 1)
    precisions = [Double](repeating: 1, count: factors + 1)
    if hasMatrix {
      var identity = [Double](repeating: 0, count: factors * factors)
      for factor in 0..<factors { identity[factor * factors + factor] = 1 }
      matrix = identity
    }
  }

  var factors: Int { means.count - 1 }

  /// The counts and sums that a prior is drawn from.
  struct Sums: Sendable {
    var count = 0.0
    var sums: [Double]
    var squares: [Double]

    init(factors: Int) {
      sums = [Double](repeating: 0, count: factors + 1)
      squares = sums
    }

    mutating func add(_ other: Sums) {
      count += other.count
      for index in sums.indices {
        sums[index] += other.sums[index]
        squares[index] += other.squares[index]
      }
    }
  }

  /// Draws mean and precision of every factor and of the bias, jointly: with n values x of mean m,
  ///
  ///     precision ~ Gamma(shape (1 + n) / 2, rate (1 + sum (x - m)^2 + n / (1 + n) m^2) / 2)
  ///     mean ~ N(n m / (1 + n), 1 / ((1 + n) precision))
  ///
  /// the posterior under precision ~ Gamma(1/2, 1/2), mean ~ N(0, 1 / precision).
  mutating func draw(_ sums: Sums, stream: inout RandomStream) {
    for index in means.indices {
      let n = sums.count
      let mean = n > 0 ? sums.sums[index] / n : 0
      let spread = max(sums.squares[index] - n * mean * mean, 0)
      let rate = (1 + spread + n / (1 + n) * mean * mean) / 2
      precisions[index] = stream.gamma(shape: (1 + n) / 2, rate: rate)
      means[index] = n * mean / (1 + n) + stream.normal() / ((1 + n) * precisions[index]).squareRoot()
    }
  }

  /// Draws mean vector and precision matrix of the factors, from n rows x with sum s and sum of products P:
  ///
  ///     matrix ~ Wishart((1 + P - s s^T / (beta + n))^-1, factors + n),  beta = 2
  ///     mean ~ N(s / (beta + n), ((beta + n) matrix)^-1)
  ///
  /// the posterior under matrix ~ Wishart(1, factors), mean ~ N(0, (beta matrix)^-1).
  ///
  /// Source: Salakhutdinov and Mnih, "Bayesian probabilistic matrix factorization using Markov chain Monte Carlo", ICML
  /// 2008, doi:10.1145/1390156.1390267.
  ///
  /// - Parameter products: the sum of x x^T, row-major.
  /// - Returns: whether the matrices have roots; where overflow or rounding have left none, the prior stays as it is.
  mutating func drawMatrix(_ sums: Sums, products: [Double], stream: inout RandomStream) -> Bool {
    let (k, beta) = (factors, 2.0)
    var inverseScale = products
    for row in 0..<k {
      for column in 0..<k { inverseScale[row * k + column] -= sums.sums[row] * sums.sums[column] / (beta + sums.count) }
      inverseScale[row * k + row] += 1
    }
    // With inverse scale L L^T, and A lower triangular of normals and roots of chi-squares (Bartlett), the matrix is
    // B B^T with B = L^-T A.
    guard let lower = LowerTriangle(factoring: inverseScale, size: k) else { return false }
    var bartlett = [Double](repeating: 0, count: k * k)
    for row in 0..<k {
      for column in 0..<row { bartlett[row * k + column] = stream.normal() }
    }
    for row in 0..<k {
      let freedom = Double(k) + sums.count - Double(row)
      bartlett[row * k + row] = (2 * stream.gamma(shape: freedom / 2, rate: 1)).squareRoot()
    }
    for column in 0..<k {
      let values = lower.solveTransposed((0..<k).map { bartlett[$0 * k + column] })
      for row in 0..<k { bartlett[row * k + column] = values[row] }
    }
    var drawn = [Double](repeating: 0, count: k * k)
    for row in 0..<k {
      for column in 0...row {
        var sum = 0.0
        for index in 0..<k { sum += bartlett[row * k + index] * bartlett[column * k + index] }
        drawn[row * k + column] = sum
        drawn[column * k + row] = sum
      }
    }
    guard let precision = LowerTriangle(factoring: drawn, size: k) else { return false }
    let noise = precision.solveTransposed((0..<k).map { _ in stream.normal() })
    for row in 0..<k {
      means[row] = (sums.sums[row] + (beta + sums.count).squareRoot() * noise[row]) / (beta + sums.count)
    }
    for row in 0..<k { precisions[row] = drawn[row * k + row] }
    matrix = drawn
    return true
  }

  /// A draw from the prior itself.
  func drawRow(stream: inout RandomStream) -> (factors: [Double], bias: Double) {
    var values = (0..<factors).map { _ in stream.normal() }
    if let matrix, let triangle = LowerTriangle(factoring: matrix, size: factors) {
      values = triangle.solveTransposed(values)
    } else {
      for factor in 0..<factors { values[factor] /= precisions[factor].squareRoot() }
    }
    for factor in 0..<factors { values[factor] += means[factor] }
    return (values, means[factors] + stream.normal() / precisions[factors].squareRoot())
  }

  /// Precision x mean of each factor.
  var pull: [Double] {
    guard let matrix else { return (0..<factors).map { precisions[$0] * means[$0] } }
    return (0..<factors).map { row in
      (0..<factors).reduce(0) { $0 + matrix[row * factors + $1] * means[$1] }
    }
  }
}
