import RatingNumerics

/// What `BiasedMatrixFactorization` learns: in units of the ratings' standard deviation, and in the order of the grid.
struct BiasedFactorParts: Sendable {
  var userBiases: [Float]
  var itemBiases: [Float]
  var userFactors: Matrix
  var itemFactors: Matrix
  /// The sums of squares of the adaptive schedule.
  var userSquares: [Float] = []
  var itemSquares: [Float] = []

  /// Calls `body` with the parts as the kernels change them; the pointers are valid during the call only.
  mutating func withKernelModel(
    _ algorithm: BiasedMatrixFactorization, _ regularizations: BiasRegularizations, learningRate: Float,
    _ body: (Kernels.BiasedFactors) -> Double
  ) -> Double {
    let isAdaptive = algorithm.learningRateSchedule == .adaptive
    let stride = userFactors.stride
    return userBiases.withUnsafeMutableBufferPointer { userBiases in
      itemBiases.withUnsafeMutableBufferPointer { itemBiases in
        userSquares.withUnsafeMutableBufferPointer { userSquares in
          itemSquares.withUnsafeMutableBufferPointer { itemSquares in
            userFactors.withUnsafeMutableElements { userFactors in
              itemFactors.withUnsafeMutableElements { itemFactors in
                regularizations.users.withUnsafeBufferPointer { userRegularizations in
                  regularizations.items.withUnsafeBufferPointer { itemRegularizations in
                    body(
                      // The mean is 0 in units of the deviation.
                      Kernels.BiasedFactors(
                        user_factors: userFactors, item_factors: itemFactors, user_biases: userBiases.baseAddress!,
                        item_biases: itemBiases.baseAddress!, factors: stride, mean: 0,
                        user_bias_rate: algorithm.usesUserBiases ? learningRate : 0,
                        item_bias_rate: algorithm.usesItemBiases ? learningRate : 0,
                        user_bias_regularizations: userRegularizations.baseAddress!,
                        item_bias_regularizations: itemRegularizations.baseAddress!, factor_rate: learningRate,
                        factor_regularization: Float(algorithm.regularization),
                        user_squares: isAdaptive ? userSquares.baseAddress : nil,
                        item_squares: isAdaptive ? itemSquares.baseAddress : nil,
                        per_factor: 1 / Float(max(algorithm.factors, 1)),
                        nonnegative: algorithm.isNonNegative ? 1 : 0))
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  /// Whether a model of these parts, in the rating's unit, predicts finite ratings only.
  func isFinite(scaledBy deviation: Double, mean: Double, threads: Int?) -> Bool {
    let largest = { (biases: [Float]) in biases.reduce(0) { $1.isFinite ? max($0, abs($1)) : .infinity } }
    let biases = (Double(largest(userBiases)) + Double(largest(itemBiases))) * deviation
    // |p . q| <= |p| |q|
    let product =
      (userFactors.largestSquaredLength(threads: threads) * itemFactors.largestSquaredLength(threads: threads))
      .squareRoot() * deviation
    return abs(mean) + biases + product < 1e38
  }
}

/// For each user and item the regularization of the bias, for one of its ratings, in the order of the grid.
struct BiasRegularizations: Sendable {
  let users: [Float]
  let items: [Float]

  init(_ algorithm: BiasedMatrixFactorization, _ grid: RatingGrid) {
    func each(_ partition: GridPartition, damping: Double) -> [Float] {
      partition.order.map { index in
        let share = damping / Double(max(partition.counts[Int(index)], 1))
        // A step may take a bias to 0, not beyond. The first epoch's rate is the highest.
        return Float(min(algorithm.biasRegularization + share, 1 / max(algorithm.learningRate, 1e-9)))
      }
    }
    users = each(grid.users, damping: algorithm.userBiasDamping)
    items = each(grid.items, damping: algorithm.itemBiasDamping)
  }
}

extension Kernels.BiasedFactors {
  /// The same model, with the items from a position on.
  func items(from first: Int) -> Self {
    var model = self
    model.item_factors += first * factors
    model.item_biases += first
    model.item_bias_regularizations += first
    model.item_squares = item_squares.map { $0 + first }
    return model
  }
}
