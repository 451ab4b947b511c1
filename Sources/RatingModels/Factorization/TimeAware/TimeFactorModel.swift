import RatingData
import RatingNumerics

/// Predicts what `TimeBiasModel` does, plus itemFactors[i] . (users[u] + drift(u, t) x slopes[u]), in the rating's
/// unit, where users[u] holds the user's own factors and the sum over the rated items.
///
/// The model of `TimeSVDPlusPlus`.
public struct TimeFactorModel: SavableModel {
  /// The part without factors.
  public let biases: TimeBiasModel
  let userFactors: Matrix
  let slopes: Matrix
  let itemFactors: Matrix
  /// c(j) y(j), one row for each item.
  let implicitFactors: Matrix

  init(
    _ biases: TimeBiasModel, userFactors: Matrix, slopes: Matrix, itemFactors: Matrix, implicitFactors: Matrix
  ) {
    self.biases = biases
    self.userFactors = userFactors
    self.slopes = slopes
    self.itemFactors = itemFactors
    self.implicitFactors = implicitFactors
  }

  public var vocabularies: Vocabularies { biases.vocabularies }
  public var scale: RatingScale { biases.scale }
  public var mean: Double { biases.mean }
  /// The number of factors of each user and item.
  public var factors: Int { userFactors.columns }

  public func rating(_ question: Question) -> Double {
    rating(question.user?.value ?? .max, question.item?.value ?? .max, question.time)
  }

  /// - Complexity: O(pairs x (factors + log of the sessions of a user)).
  public func predict(_ pairs: RatingPairs, threads: Int?) -> Predictions {
    .inPieces(pairs.count, threads: threads) { rows, values in
      for row in rows { values[row] = rating(pairs.users[row], pairs.items[row], pairs.times?[row]) }
    }
  }

  private func rating(_ user: UInt32, _ item: UInt32, _ time: UInt32?) -> Double {
    let base = biases.rating(user, item, time)
    guard Int(user) < userFactors.rows, Int(item) < itemFactors.rows else { return base }
    let (user, item, stride) = (Int(user), Int(item), userFactors.stride)
    return itemFactors.withUnsafeElements { items in
      let q = items + item * stride
      let still = userFactors.withUnsafeElements { Kernels.dot($0 + user * stride, q, count: stride) }
      let moved = slopes.withUnsafeElements { Kernels.dot($0 + user * stride, q, count: stride) }
      return base + Double(still) + biases.drift(UInt32(user), time) * Double(moved)
    }
  }

  public var tensors: [Tensor] {
    biases.tensors + [
      userFactors.tensor("factors.users"), slopes.tensor("factors.slopes"), itemFactors.tensor("factors.items"),
      implicitFactors.tensor("factors.implicit"),
    ]
  }

  public init(_ tensors: ModelTensors) throws(ModelTensors.Failure) {
    biases = try TimeBiasModel(tensors)
    let (users, items) = (tensors.vocabularies.users.count, tensors.vocabularies.items.count)
    let factors = try tensors.floats("factors.users", shape: [users, nil]).shape[1]
    guard (1...BiasedMatrixFactorization.largestFactors).contains(factors) else {
      throw ModelTensors.Failure(
        "the model has \(factors) factors, expected 1...\(BiasedMatrixFactorization.largestFactors)")
    }
    func matrix(_ name: String, _ rows: Int) throws(ModelTensors.Failure) -> Matrix {
      Matrix(rows: rows, columns: factors, dense: try tensors.floats(name, shape: [rows, factors]).values)
    }
    userFactors = try matrix("factors.users", users)
    slopes = try matrix("factors.slopes", users)
    itemFactors = try matrix("factors.items", items)
    implicitFactors = try matrix("factors.implicit", items)
    let users2 = max(userFactors.largestSquaredLength(), slopes.largestSquaredLength())
    guard (users2 * itemFactors.largestSquaredLength()).squareRoot() < 1e37 else {
      throw ModelTensors.Failure("the factors are so large that a prediction would not be finite")
    }
  }
}
