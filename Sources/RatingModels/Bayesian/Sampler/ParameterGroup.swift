import RatingNumerics

/// A group of parameters that share a prior: for each of its rows a bias and factors.
final class ParameterGroup {
  /// What tensors and streams of random numbers are named by, such as `users` or `users.items`.
  let name: String
  let factors: FloatRows
  let biases: FloatRows
  var prior: GroupPrior
  let hasBiases: Bool
  /// Rows without anything to learn from follow the prior and say nothing about it.
  private let isInformed: [Bool]

  private static let rowsInPiece = 4096

  init(name: String, factors: Int, hasBiases: Bool, hasMatrix: Bool, isInformed: [Bool]) {
    self.name = name
    self.isInformed = isInformed
    self.factors = FloatRows(count: isInformed.count, columns: factors)
    biases = FloatRows(count: 1, columns: isInformed.count)
    prior = GroupPrior(factors: factors, hasMatrix: hasMatrix)
    self.hasBiases = hasBiases
  }

  var count: Int { isInformed.count }

  /// Begins with factors from N(0, deviation^2) and biases of 0.
  func initialize(deviation: Double, keys: DrawKeys) {
    for row in 0..<count where isInformed[row] {
      var stream = keys.stream("initial." + name, row: row)
      for factor in 0..<factors.columns { factors[row][factor] = Float(deviation * stream.normal()) }
    }
  }

  /// Draws the prior, given the parameters.
  ///
  /// - Returns: whether it could be drawn.
  /// - Complexity: O(rows x factors), and O(rows x factors^2 + factors^3) with a matrix.
  func drawPrior(keys: DrawKeys, threads: Int?) -> Bool {
    let size = Self.rowsInPiece
    let (factors, biases, isInformed) = (factors, biases, isInformed)
    let k = factors.columns
    var total = GroupPrior.Sums(factors: k)
    let parts = Parallel.map((count + size - 1) / size, threads: threads) { piece in
      var sums = GroupPrior.Sums(factors: k)
      for row in piece * size..<min((piece + 1) * size, isInformed.count) where isInformed[row] {
        sums.count += 1
        let values = factors[row]
        sums.sums.withUnsafeMutableBufferPointer { totals in
          sums.squares.withUnsafeMutableBufferPointer { squares in
            for factor in 0..<k {
              let value = Double(values[factor])
              totals[factor] += value
              squares[factor] += value * value
            }
            let bias = Double(biases.elements[row])
            totals[k] += bias
            squares[k] += bias * bias
          }
        }
      }
      return sums
    }
    for part in parts { total.add(part) }
    var stream = keys.stream("prior." + name)
    prior.draw(total, stream: &stream)
    guard prior.matrix != nil else { return true }
    var matrixStream = keys.stream("prior.matrix." + name)
    return prior.drawMatrix(total, products: products(threads: threads), stream: &matrixStream)
  }

  /// The sum of the products x x^T of all informed rows.
  private func products(threads: Int?) -> [Double] {
    let (k, size) = (factors.columns, Self.rowsInPiece)
    let (factors, isInformed) = (factors, isInformed)
    let parts = Parallel.map((count + size - 1) / size, threads: threads) { piece in
      let rows = (piece * size..<min((piece + 1) * size, isInformed.count)).filter { isInformed[$0] }.map { UInt32($0) }
      var sums = [Float](repeating: 0, count: BayesianKernels.sumsCount(stride: factors.stride))
      let zeros = [Float](repeating: 0, count: isInformed.count)
      if !rows.isEmpty {
        sums.withUnsafeMutableBufferPointer { sums in
          zeros.withUnsafeBufferPointer { zeros in
            Kernels.bayesian.sums(
              Kernels.Regressors(factors: factors.elements, biases: zeros.baseAddress!, stride: factors.stride),
              rows: rows, ratings: zeros.baseAddress!, count: rows.count, into: sums.baseAddress!)
          }
        }
      }
      return sums
    }
    var products = [Double](repeating: 0, count: k * k)
    for part in parts {
      for row in 0..<k {
        for column in row..<k {
          let sum = products[row * k + column] + Double(part[row * factors.stride + column])
          products[row * k + column] = sum
          products[column * k + row] = sum
        }
      }
    }
    return products
  }
}
