import RatingNumerics

/// A group's prior as the kernels read it: relative to the precision of a rating around the model.
final class ScaledPrior: @unchecked Sendable {
  // Unchecked: written by init only.
  private let rows: FloatRows
  private let matrix: FloatRows?
  private let biasPrecision: Float
  private let biasPull: Float
  private let hasBias: Bool
  private let deviation: Float
  private let overrelaxation: Float
  let factors: Int

  /// - Parameters:
  ///   - precision: of one rating around the model.
  ///   - overrelaxation: how far draws go to the other side of their mean, in 0..<1.
  init(_ prior: GroupPrior, hasBias: Bool, precision: Double, overrelaxation: Double = 0) {
    factors = prior.factors
    let rows = FloatRows(count: 2, columns: prior.factors)
    let pull = prior.pull
    for factor in 0..<prior.factors {
      rows[0][factor] = Float(prior.precisions[factor] / precision)
      rows[1][factor] = Float(pull[factor] / precision)
    }
    matrix = prior.matrix.map { values in
      let matrix = FloatRows(count: rows.stride, columns: rows.stride)
      for row in 0..<prior.factors {
        for column in 0..<prior.factors {
          matrix[row][column] = Float(values[row * prior.factors + column] / precision)
        }
      }
      return matrix
    }
    self.rows = rows
    biasPrecision = Float(prior.precisions[prior.factors] / precision)
    biasPull = Float(prior.precisions[prior.factors] * prior.means[prior.factors] / precision)
    self.hasBias = hasBias
    deviation = Float(1 / precision.squareRoot())
    self.overrelaxation = Float(overrelaxation)
  }

  /// The prior of a row's own factors and bias.
  var ofRow: BayesianKernels.Prior {
    BayesianKernels.Prior(
      precisions: UnsafePointer(rows[0]), matrix: matrix.map { UnsafePointer($0.elements) },
      pull: UnsafePointer(rows[1]),
      bias_precision: biasPrecision, bias_pull: biasPull, has_bias: hasBias ? 1 : 0, deviation: deviation,
      overrelaxation: overrelaxation)
  }

  /// The prior of 16 of a feature's factors, from `first` on, and of its bias, which is drawn with the first 16.
  func ofFactors(from first: Int) -> BayesianKernels.Prior {
    var prior = ofRow
    prior.precisions += first
    prior.pull += first
    prior.has_bias = hasBias && first == 0 ? 1 : 0
    return prior
  }
}
