import RatingNumerics

/// A group of features and their parameters.
final class FeatureGroupState {
  let matrix: FeatureMatrix
  let parameters: ParameterGroup
  /// The squares of `matrix.rowWeights`.
  let squaredWeights: [Float]
  /// |v|^2 of each feature, as of the last `measure()`.
  let squaredLengths: FloatRows

  init(_ matrix: FeatureMatrix, _ parameters: ParameterGroup) {
    self.matrix = matrix
    self.parameters = parameters
    squaredWeights = matrix.rowWeights.map { $0 * $0 }
    squaredLengths = FloatRows(count: 1, columns: parameters.count)
  }

  func measure() {
    let factors = parameters.factors
    for feature in 0..<parameters.count {
      squaredLengths.elements[feature] = Kernels.dot(factors[feature], factors[feature], count: factors.stride)
    }
  }
}
