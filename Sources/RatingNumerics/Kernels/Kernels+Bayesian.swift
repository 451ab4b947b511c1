import CRatingKernels

/// The loops of Bayesian factorization on one instruction set: see rk_bayesian.h for shapes and layouts.
///
/// Rows of factors are `stride` floats long, a multiple of 16, from a multiple of 64 bytes; unused factors are 0. The sums
/// of a row are what `Kernels.normalEquations` writes. No index is checked.
package struct BayesianKernels: @unchecked Sendable {
  /// Sides of ratings, at most four.
  package typealias Companions = rk_companions
  /// The normal prior of a row's factors and bias.
  package typealias Prior = rk_normal_prior
  /// A side whose rows are sums of features' factors.
  package typealias FeatureSide = rk_feature_side
  /// The features of a group, and which rows have them.
  package typealias FeatureGroup = rk_feature_group

  // Unchecked: the table is a constant of the C target.
  private let table: rk_bayesian_kernels
  private let leastSquares: KernelSet

  package init(_ set: KernelSet) {
    table = set.table.pointee.bayesian
    leastSquares = set
  }

  /// The number of floats in the sums of a row.
  package static func sumsCount(stride: Int) -> Int { Kernels.normalEquationsCount(stride: stride) }

  /// The sums of y = ratings[t] - biases[rows[t]] and h = factors[rows[t]]. `ahead` more indices may be read.
  ///
  /// - Complexity: count x stride x (stride + 16) / 2 multiplications.
  package func sums(
    _ side: Kernels.Regressors, rows: UnsafePointer<UInt32>, ratings: UnsafePointer<Float>, count: Int, ahead: Int = 0,
    into sums: UnsafeMutablePointer<Float>
  ) {
    leastSquares.normalEquations(side, rows: rows, ratings: ratings, count: count, ahead: ahead, into: sums)
  }

  /// For rating t from `first` on: rows[t] = the sum of its companions' factors; biases[t] = the sum of their biases and
  /// of the products of every two of their factors.
  ///
  /// - Complexity: O(count x stride).
  package func companionRows(
    _ sides: Companions, from first: Int, count: Int, rows: UnsafeMutablePointer<Float>,
    biases: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: sides) { table.companion_rows($0, first, count, rows, biases) }
  }

  /// means[t] = bias + biases[rows[t]] + factors[rows[t]] . x
  ///
  /// - Complexity: O(count x stride).
  package func means(
    _ side: Kernels.Regressors, rows: UnsafePointer<UInt32>, count: Int, _ x: UnsafePointer<Float>, bias: Float,
    into means: UnsafeMutablePointer<Float>
  ) {
    table.row_means(side.factors, side.biases, side.stride, rows, count, x, bias, means)
  }

  /// The sums when h becomes h + others and y becomes y - bias - others . h.
  ///
  /// - Complexity: O(stride^2), as all that follow but the draw.
  package func shift(
    _ sums: UnsafePointer<Float>, stride: Int, count: Float, others: UnsafePointer<Float>, bias: Float,
    into shifted: UnsafeMutablePointer<Float>
  ) {
    table.shift_sums(sums, stride, count, others, bias, shifted)
  }

  package func copy(_ sums: UnsafePointer<Float>, stride: Int, to copy: UnsafeMutablePointer<Float>) {
    table.copy_sums(sums, stride, copy)
  }

  /// Replaces y by what bias + x . h leaves of it. Returns the sum of its squares, given that of y.
  package func makeResidual(
    _ sums: UnsafeMutablePointer<Float>, stride: Int, count: Float, _ x: UnsafePointer<Float>, bias: Float,
    squares: Double
  ) -> Double {
    table.residual_sums(sums, stride, count, x, bias, squares)
  }

  /// Residual sums after 16 of x's factors, from `first` on, and the bias have grown: for all other factors.
  package func grow(
    _ sums: UnsafeMutablePointer<Float>, stride: Int, first: Int, by growth: UnsafePointer<Float>, bias: Float
  ) {
    table.grow_sums(sums, stride, first, growth, bias)
  }

  /// Draws x and the bias from their normal posterior; `normals` are stride + 1 draws from the standard normal
  /// distribution. The sums are overwritten.
  ///
  /// - Returns: nil, or the number of the pivot that is not positive.
  /// - Complexity: stride^3 / 6 multiplications.
  package func draw(
    _ sums: UnsafeMutablePointer<Float>, stride: Int, factors: Int, count: Float, prior: Prior,
    normals: UnsafePointer<Float>, into x: UnsafeMutablePointer<Float>, bias: UnsafeMutablePointer<Float>
  ) -> Int? {
    let failed = withUnsafePointer(to: prior) { table.draw_row(sums, stride, factors, count, $0, normals, x, bias) }
    return failed == 0 ? nil : failed
  }

  /// The products of `used` factors, from `first` on, in a row's sums: used (used + 1) / 2 floats.
  package func packProducts(
    _ sums: UnsafePointer<Float>, stride: Int, first: Int, used: Int, into products: UnsafeMutablePointer<Float>
  ) {
    table.packed_products(sums, stride, first, used, products)
  }

  /// Draws `used` factors of some features, from `first` on, at most 16, and their biases where the prior has one, one
  /// feature after the other, and brings the side's rows up to date.
  ///
  /// - Parameter prior: of these 16 factors.
  /// - Returns: nil, or the feature whose equations have no solution.
  /// - Complexity: O(used x 16) multiplications for each row that has a feature, and O(used^3) for each feature.
  package func drawFeatures(
    _ side: FeatureSide, _ group: FeatureGroup, _ features: Range<Int>, first: Int, used: Int, prior: Prior
  ) -> Int? {
    let failed = withUnsafePointer(to: side) { side in
      withUnsafePointer(to: group) { group in
        withUnsafePointer(to: prior) {
          table.draw_features(side, group, features.lowerBound, features.upperBound, first, used, $0)
        }
      }
    }
    return failed == 0 ? nil : failed - 1
  }
}

extension Kernels {
  /// The loops of Bayesian factorization on the instruction set of this process.
  package static let bayesian = BayesianKernels(KernelSet(instructionSet)!)
}
