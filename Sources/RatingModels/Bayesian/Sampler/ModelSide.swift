import RatingNumerics

/// One side of the model: its rows (users, items, days or sessions), what they are made of, and their ratings.
///
/// A rating is predicted from one row u of each side: the sum of the rows' biases s and of the products of every two rows'
/// factors P. A row is the sum of its own factors v, of weight x = 1, and of those of its features:
///
///     P(u) = sum of x v
///     s(u) = sum of x w + (|P(u)|^2 - sum of x^2 |v|^2) / 2
///
/// which is a factorization machine: all pairs of the active v, each times their weights.
final class ModelSide {
  let name: String
  let ratings: SideRatings
  /// P and s of every row; behind the last one, those of a row that training has not seen.
  let factors: FloatRows
  let biases: FloatRows
  /// What every row has of its own.
  let own: ParameterGroup
  let features: [FeatureGroupState]

  let counts: [Float]
  /// The sums of every row, where the features' draws need them.
  let sums: FloatRows?

  init(
    name: String, ratings: SideRatings, features: [(name: String, matrix: FeatureMatrix)], factors: Int,
    hasBiases: Bool, hasMatrix: Bool
  ) {
    self.name = name
    self.ratings = ratings
    let rows = ratings.rowCount
    self.factors = FloatRows(count: rows + 1, columns: factors)
    biases = FloatRows(count: 1, columns: rows + 1)
    counts = (0..<rows).map { Float(ratings.count($0)) }
    own = ParameterGroup(
      name: name, factors: factors, hasBiases: hasBiases, hasMatrix: hasMatrix,
      isInformed: (0...rows).map { $0 < rows && ratings.count($0) > 0 })
    self.features = features.map { feature in
      let matrix = feature.matrix
      let isInformed = (0..<matrix.featureCount).map { index in
        (matrix.featureStarts[index]..<matrix.featureStarts[index + 1]).contains {
          ratings.count(Int(matrix.rows[$0])) > 0
        }
      }
      return FeatureGroupState(
        matrix,
        ParameterGroup(
          name: feature.name, factors: factors, hasBiases: hasBiases, hasMatrix: false, isInformed: isInformed))
    }
    sums =
      features.isEmpty
      ? nil : FloatRows(count: rows, columns: BayesianKernels.sumsCount(stride: self.factors.stride))
  }

  var rowCount: Int { ratings.rowCount }
  /// All groups of parameters.
  var groups: [ParameterGroup] { [own] + features.map(\.parameters) }

  /// Computes all rows from their parameters.
  func compose(threads: Int?) {
    let size = 256
    for group in features { group.measure() }
    nonisolated(unsafe) let side = self
    Parallel.forEach((rowCount + size) / size, threads: threads) { piece in
      let scratch = FloatRows(count: 2, columns: side.factors.columns)
      let others = scratch[0]
      for row in piece * size..<min((piece + 1) * size, side.rowCount + 1) {
        let bias = side.sumFeatures(row, into: others, scratch: scratch[1])
        side.set(row, others: others, bias: bias)
      }
    }
  }

  /// The features' part of a row's factors. Returns their part of its bias.
  ///
  /// - Parameter scratch: as long as a row.
  private func sumFeatures(_ row: Int, into others: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>)
    -> Float
  {
    let stride = factors.stride
    others.update(repeating: 0, count: stride)
    guard row < rowCount else { return 0 }
    var (bias, squares): (Float, Float) = (0, 0)
    for group in features {
      let matrix = group.matrix
      let range = matrix.starts[row]..<matrix.starts[row + 1]
      if range.isEmpty { continue }
      let (ownBiases, lengths) = (group.parameters.biases.elements, group.squaredLengths.elements)
      matrix.features.withUnsafeBufferPointer { features in
        matrix.weights.withUnsafeBufferPointer { weights in
          let (first, weight) = (features.baseAddress! + range.lowerBound, weights.baseAddress! + range.lowerBound)
          Kernels.sumRows(
            group.parameters.factors.elements, stride: stride, rows: first, weights: weight, count: range.count,
            into: scratch)
          for place in 0..<range.count {
            let feature = Int(first[place])
            bias += weight[place] * ownBiases[feature]
            squares += weight[place] * weight[place] * lengths[feature]
          }
        }
      }
      for factor in 0..<stride { others[factor] += scratch[factor] }
    }
    return bias + (Kernels.dot(others, others, count: stride) - squares) / 2
  }

  /// What a row's features add to its factors: the row without its own. Returns what they add to its bias.
  func takeOwn(_ row: Int, leaving others: UnsafeMutablePointer<Float>) -> Float {
    let (values, sum, stride) = (own.factors[row], factors[row], factors.stride)
    for factor in 0..<stride { others[factor] = sum[factor] - values[factor] }
    return biases.elements[row] - own.biases.elements[row] - Kernels.dot(values, others, count: stride)
  }

  /// Sets a row from the parameters of its own and what its features add.
  func set(_ row: Int, others: UnsafePointer<Float>, bias: Float) {
    let (values, target, stride) = (own.factors[row], factors[row], factors.stride)
    for factor in 0..<stride { target[factor] = values[factor] + others[factor] }
    biases.elements[row] =
      own.biases.elements[row] + bias + Kernels.dot(UnsafePointer(values), others, count: stride)
  }
}
