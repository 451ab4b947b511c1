import RatingData
import RatingNumerics

/// Predicts mean + userBias[u] + itemBias[i] + userFactors[u] . itemFactors[i], in the rating's unit.
///
/// An unseen user or item has bias 0 and factors 0: what is known of the other side still counts.
public struct BiasedFactorModel: SavableModel {
  public let vocabularies: Vocabularies
  public let scale: RatingScale
  public let mean: Double
  /// The standard deviation of the training ratings: the unit in which regularization was given.
  public let deviation: Double
  let userBiases: [Float]
  let itemBiases: [Float]
  let userFactors: Matrix
  let itemFactors: Matrix

  init(
    vocabularies: Vocabularies, scale: RatingScale, mean: Double, deviation: Double, userBiases: [Float],
    itemBiases: [Float], userFactors: Matrix, itemFactors: Matrix
  ) {
    self.vocabularies = vocabularies
    self.scale = scale
    self.mean = mean
    self.deviation = deviation
    self.userBiases = userBiases
    self.itemBiases = itemBiases
    self.userFactors = userFactors
    self.itemFactors = itemFactors
  }

  /// Of parts in units of `unit`, the deviation of the training ratings.
  init(
    vocabularies: Vocabularies, scale: RatingScale, mean: Double, unit: Double, userBiases: [Float],
    itemBiases: [Float], userFactors: Matrix, itemFactors: Matrix
  ) {
    self.init(
      vocabularies: vocabularies, scale: scale, mean: mean, deviation: unit,
      userBiases: userBiases.map { $0 * Float(unit) }, itemBiases: itemBiases.map { $0 * Float(unit) },
      userFactors: userFactors.scaled(by: Float(unit.squareRoot())),
      itemFactors: itemFactors.scaled(by: Float(unit.squareRoot())))
  }

  /// The number of factors of each user and item.
  public var factors: Int { userFactors.columns }

  public func rating(_ question: Question) -> Double {
    userFactors.withUnsafeElements { users in
      itemFactors.withUnsafeElements { items in
        rating(question.user?.value ?? .max, question.item?.value ?? .max, users, items)
      }
    }
  }

  /// - Complexity: O(pairs x factors).
  public func predict(_ pairs: RatingPairs, threads: Int?) -> Predictions {
    .inPieces(pairs.count, threads: threads) { rows, values in
      userFactors.withUnsafeElements { users in
        itemFactors.withUnsafeElements { items in
          for row in rows { values[row] = rating(pairs.users[row], pairs.items[row], users, items) }
        }
      }
    }
  }

  @inline(__always)
  private func rating(
    _ user: UInt32, _ item: UInt32, _ users: UnsafePointer<Float>, _ items: UnsafePointer<Float>
  ) -> Double {
    let (user, item) = (Int(user), Int(item))
    let (knowsUser, knowsItem) = (user < userBiases.count, item < itemBiases.count)
    var rating = mean
    if knowsUser { rating += Double(userBiases[user]) }
    if knowsItem { rating += Double(itemBiases[item]) }
    if knowsUser && knowsItem {
      let stride = userFactors.stride
      rating += Double(Kernels.dot(users + user * stride, items + item * stride, count: stride))
    }
    return rating
  }

  /// Whether every prediction of a model with these parts is finite, also in Float arithmetic.
  static func isFinite(
    mean: Double, userBiases: [Float], itemBiases: [Float], userFactors: Matrix, itemFactors: Matrix
  ) -> Bool {
    // |p . q| <= |p| |q|, and so is every partial sum of the dot product.
    let product = (userFactors.largestSquaredLength() * itemFactors.largestSquaredLength()).squareRoot()
    let isFinite = { (values: [Float]) in values.allSatisfy(\.isFinite) }
    return mean.isFinite && abs(mean) < 1e38 && product < 1e38 && isFinite(userBiases) && isFinite(itemBiases)
  }

  public var tensors: [Tensor] {
    [
      Tensor("mean", .float64([mean])), Tensor("deviation", .float64([deviation])),
      Tensor("biases.users", .float32(userBiases)), Tensor("biases.items", .float32(itemBiases)),
      userFactors.tensor("factors.users"),
      itemFactors.tensor("factors.items"),
    ]
  }

  public init(_ tensors: ModelTensors) throws(ModelTensors.Failure) {
    let users = tensors.vocabularies.users.count
    let items = tensors.vocabularies.items.count
    let (userShape, userValues) = try tensors.floats("factors.users", shape: [users, nil])
    let (_, itemValues) = try tensors.floats("factors.items", shape: [items, userShape[1]])
    guard (1...BiasedMatrixFactorization.largestFactors).contains(userShape[1]) else {
      throw ModelTensors.Failure(
        "the model has \(userShape[1]) factors, expected 1...\(BiasedMatrixFactorization.largestFactors)")
    }
    let userFactors = Matrix(rows: users, columns: userShape[1], dense: userValues)
    let itemFactors = Matrix(rows: items, columns: userShape[1], dense: itemValues)
    self.init(
      vocabularies: tensors.vocabularies, scale: tensors.scale, mean: try tensors.doubles("mean", shape: [1])[0],
      deviation: try tensors.doubles("deviation", shape: [1])[0],
      userBiases: try tensors.floats("biases.users", shape: [users]).values,
      itemBiases: try tensors.floats("biases.items", shape: [items]).values, userFactors: userFactors,
      itemFactors: itemFactors)
    guard deviation > 0 else { throw ModelTensors.Failure("the deviation is \(deviation), expected more than 0") }
    guard
      Self.isFinite(
        mean: mean, userBiases: userBiases, itemBiases: itemBiases, userFactors: userFactors, itemFactors: itemFactors)
    else {
      throw ModelTensors.Failure("the biases or factors are so large that a prediction would not be finite")
    }
  }
}
