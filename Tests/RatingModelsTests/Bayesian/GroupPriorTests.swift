import Foundation
import RatingNumerics
import Testing

@testable import RatingModels

/// The distributions that hyper-parameters are drawn from.
@Suite struct GroupPriorTests {
  @Test(arguments: [(0.5, 0.5), (0.05, 2), (1, 3), (3.5, 0.25), (50_000.5, 51_000)])
  func gammasHaveTheirDistribution(shape: Double, rate: Double) {
    var stream = RandomStream(seed: 3, purpose: "tests.gamma")
    let count = 40_000
    let draws = (0..<count).map { _ in stream.gamma(shape: shape, rate: rate) }
    #expect(draws.allSatisfy { $0 > 0 && $0.isFinite })
    #expect(kolmogorovSmirnov(draws) { gammaDistribution(rate * $0, shape: shape) } < 2.2)
    let mean = draws.reduce(0, +) / Double(count)
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    // Four standard errors; a gamma's fourth central moment is (3 + 6 / shape) variance^2.
    #expect(abs(mean - shape / rate) < 4 * (shape / Double(count)).squareRoot() / rate)
    #expect(
      abs(variance * rate * rate / shape - 1) < 4 * ((2 + 6 / shape) / Double(count)).squareRoot())
  }

  /// Under precision ~ Gamma(1/2, 1/2), mean ~ N(0, 1 / precision), and n values: the marginals of both, by formula.
  @Test(arguments: [0, 1, 7, 400])
  func meanAndPrecisionFollowTheNormalGammaPosterior(_ n: Int) {
    var stream = RandomStream(seed: 4, purpose: "tests.normal-gamma")
    let values = (0..<n).map { _ in 0.7 + 0.6 * stream.normal() }
    var sums = GroupPrior.Sums(factors: 1)
    sums.count = Double(n)
    sums.sums = [values.reduce(0, +), 0]
    sums.squares = [values.reduce(0) { $0 + $1 * $1 }, 0]
    let shape = (1 + Double(n)) / 2
    let center = sums.sums[0] / (1 + Double(n))
    // Completing the square: sum x^2 - (sum x)^2 / (n + 1) is what the values are from the mean, and the mean from 0.
    let rate = (1 + sums.squares[0] - sums.sums[0] * center) / 2
    var (precisions, standardized): ([Double], [Double]) = ([], [])
    for _ in 0..<20_000 {
      var prior = GroupPrior(factors: 1, hasMatrix: false)
      prior.draw(sums, stream: &stream)
      precisions.append(prior.precisions[0])
      standardized.append((prior.means[0] - center) * ((1 + Double(n)) * prior.precisions[0]).squareRoot())
    }
    #expect(kolmogorovSmirnov(precisions) { gammaDistribution(rate * $0, shape: shape) } < 2.2)
    #expect(kolmogorovSmirnov(standardized, normalDistribution) < 2.2)
    // Given the precision, the mean knows nothing else of it.
    let middle = precisions.sorted()[precisions.count / 2]
    let (low, high) = (
      zip(precisions, standardized).filter { $0.0 < middle }.map(\.1),
      zip(precisions, standardized).filter { $0.0 >= middle }.map(\.1)
    )
    #expect(kolmogorovSmirnov(low, high) < 2.2)
  }

  /// Wishart(V, n): mean n V, variance of element (i, j) n (V_ij^2 + V_ii V_jj).
  @Test(arguments: [0, 1, 30])
  func precisionMatricesFollowTheWishartPosterior(_ n: Int) throws {
    let k = 3
    var stream = RandomStream(seed: 5, purpose: "tests.wishart")
    let rows = (0..<n).map { _ in
      let x = stream.normal()
      return [x + 0.3, 0.5 * x + 0.5 * stream.normal(), 0.7 * stream.normal() - 0.2]
    }
    var sums = GroupPrior.Sums(factors: k)
    sums.count = Double(n)
    for f in 0..<k {
      sums.sums[f] = rows.reduce(0) { $0 + $1[f] }
      sums.squares[f] = rows.reduce(0) { $0 + $1[f] * $1[f] }
    }
    let products = (0..<k * k).map { place in rows.reduce(0) { $0 + $1[place / k] * $1[place % k] } }
    let (beta, freedom) = (2.0, Double(k + n))
    let inverseScale = (0..<k * k).map { place in
      (place / k == place % k ? 1 : 0) + products[place]
        - sums.sums[place / k] * sums.sums[place % k] / (beta + Double(n))
    }
    let lower = try #require(LowerTriangle(factoring: inverseScale, size: k))
    let scale = (0..<k).map { row in lower.solve((0..<k).map { $0 == row ? 1 : 0 }) }

    let count = 30_000
    var (means, squares) = ([Double](repeating: 0, count: k * k), [Double](repeating: 0, count: k * k))
    var noise = [[Double]](repeating: [], count: k)
    for _ in 0..<count {
      var prior = GroupPrior(factors: k, hasMatrix: true)
      #expect(prior.drawMatrix(sums, products: products, stream: &stream))
      let matrix = try #require(prior.matrix)
      for place in matrix.indices {
        means[place] += matrix[place] / Double(count)
        squares[place] += matrix[place] * matrix[place] / Double(count)
      }
      // The mean vector, standardized by the matrix: L^T (mean - center) sqrt(beta + n), L L^T = matrix.
      let factor = try #require(LowerTriangle(factoring: matrix, size: k))
      for column in 0..<k {
        let value = (column..<k).reduce(0) {
          $0 + factor.elements[$1 * k + column] * (prior.means[$1] - sums.sums[$1] / (beta + Double(n)))
        }
        noise[column].append(value * (beta + Double(n)).squareRoot())
      }
    }
    for row in 0..<k {
      for column in 0..<k {
        let place = row * k + column
        let mean = freedom * scale[row][column]
        let variance = freedom * (scale[row][column] * scale[row][column] + scale[row][row] * scale[column][column])
        #expect(abs(means[place] - mean) < 4.5 * (variance / Double(count)).squareRoot())
        // The kurtosis of a Wishart's element is at most 3 + 12 / (its degrees of freedom), so this is five errors.
        let bound = 5 * ((2 + 12 / freedom) / Double(count)).squareRoot()
        #expect(abs((squares[place] - means[place] * means[place]) / variance - 1) < bound)
      }
      #expect(kolmogorovSmirnov(noise[row], normalDistribution) < 2.2)
    }
  }

  @Test func rowsFromThePriorHaveItsMeanAndCovariance() {
    var prior = GroupPrior(factors: 2, hasMatrix: true)
    prior.means = [1, -2, 0.5]
    prior.precisions = [2, 1, 4]
    prior.matrix = [2, 0.6, 0.6, 1]
    #expect(zip(prior.pull, [2 - 1.2, 0.6 - 2]).allSatisfy { abs($0 - $1) < 1e-12 })
    var stream = RandomStream(seed: 6, purpose: "tests.rows")
    let rows = (0..<20_000).map { _ in prior.drawRow(stream: &stream) }
    #expect(kolmogorovSmirnov(rows.map { ($0.bias - 0.5) * 2 }, normalDistribution) < 2.2)
    // Along any direction d, the variance is d^T matrix^-1 d; the determinant is 1.64.
    for (a, b) in [(1.0, 0.0), (0, 1), (1, 1), (1, -2)] {
      let deviation = ((a * a * 1 - 2 * a * b * 0.6 + b * b * 2) / 1.64).squareRoot()
      let numbers = rows.map { (a * ($0.factors[0] - 1) + b * ($0.factors[1] + 2)) / deviation }
      #expect(kolmogorovSmirnov(numbers, normalDistribution) < 2.2)
    }
  }
}
