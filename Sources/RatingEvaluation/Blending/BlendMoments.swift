import RatingNumerics

/// Weights of a blend and what is added.
struct BlendWeights: Sendable, Hashable {
  var weights: [Double]
  var intercept: Double
}

/// Sums of products of predictions, 1 and answer over some rows: all that a linear blend is fitted and judged by.
struct BlendMoments: Sendable {
  private let models: Int
  /// Taken off predictions and answers before they are multiplied, so that sums don't cancel.
  private let shift: Double
  /// The lower triangle of transpose(Z) Z for rows z = (x - shift, 1, y - shift), width x width.
  private var products: [Double]
  private var width: Int { models + 2 }

  init(models: Int, shift: Double) {
    self.models = models
    self.shift = shift
    products = [Double](repeating: 0, count: (models + 2) * (models + 2))
  }

  /// - Complexity: O(rows x models^2), by BLAS, some thousand rows at a time.
  init(_ predictions: [[Double]], _ answers: [Double], rows: [Int], shift: Double) {
    self.init(models: predictions.count, shift: shift)
    let width = width
    let size = 4096
    var block = [Double](repeating: 0, count: size * width)
    for start in stride(from: 0, to: rows.count, by: size) {
      let count = min(size, rows.count - start)
      for (model, column) in predictions.enumerated() {
        for row in 0..<count { block[row * width + model] = column[rows[start + row]] - shift }
      }
      for row in 0..<count {
        block[row * width + models] = 1
        block[row * width + models + 1] = answers[rows[start + row]] - shift
      }
      block.withUnsafeBufferPointer { block in
        products.withUnsafeMutableBufferPointer { products in
          BLAS.gram(
            rows: count, columns: width, block.baseAddress!, aStride: width, beta: 1, into: products.baseAddress!,
            cStride: width)
        }
      }
    }
  }

  mutating func add(_ other: BlendMoments) {
    for place in products.indices { products[place] += other.products[place] }
  }

  mutating func subtract(_ other: BlendMoments) {
    for place in products.indices { products[place] -= other.products[place] }
  }

  private func product(_ a: Int, _ b: Int) -> Double { products[max(a, b) * width + min(a, b)] }

  /// The weights and the intercept that `RidgeBlend` describes.
  func weights(lambda: Double) -> BlendWeights {
    let (one, answer) = (models, models + 1)
    let rows = product(one, one)
    func mean(_ column: Int) -> Double { product(column, one) / rows }
    func deviation(_ a: Int, _ b: Int) -> Double { product(a, b) - rows * mean(a) * mean(b) }
    let spread = (0..<models).reduce(0) { $0 + max(deviation($1, $1), 0) } / Double(models)
    let equal = 1 / Double(models)
    // Predictions that never vary have no best weight; any positive number keeps the system solvable.
    let pull = spread > 0 ? lambda * spread : 1
    var matrix = [Double](repeating: 0, count: models * models)
    for a in 0..<models {
      for b in 0..<models { matrix[a * models + b] = deviation(a, b) + (a == b ? pull : 0) }
    }
    let right = (0..<models).map { deviation($0, answer) + pull * equal }
    let solution = try? Cholesky.solution(matrix, right)
    // Rounding may leave a system of nearly equal predictions without a factor; a larger lambda then wins.
    let weights = solution ?? [Double](repeating: equal, count: models)
    let means = (0..<models).reduce(0) { $0 + weights[$1] * mean($1) }
    // y - shift = c' + w . (x - shift), so c = c' + shift (1 - sum of w).
    let intercept = mean(answer) - means + shift * (1 - weights.reduce(0, +))
    return BlendWeights(weights: weights, intercept: intercept)
  }

  /// The sum over these rows of (y - c - w . x)^2.
  func squaredError(of fit: BlendWeights) -> Double {
    let constant = fit.intercept - shift * (1 - fit.weights.reduce(0, +))
    let vector = fit.weights.map { -$0 } + [-constant, 1]
    var sum = 0.0
    for a in 0..<width {
      for b in 0..<width { sum += vector[a] * vector[b] * product(a, b) }
    }
    return sum
  }
}
