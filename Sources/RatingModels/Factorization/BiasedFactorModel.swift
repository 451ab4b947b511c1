import RatingData

/// Predicts mean + userBias[u] + itemBias[i] + userFactors[u] . itemFactors[i], in the rating's unit.
///
/// An unseen user or item has bias 0 and factors 0: what is known of the other side still counts.
public struct BiasedFactorModel: SavableModel {
  public let vocabularies: Vocabularies
  public let scale: RatingScale
  public let mean: Double
  let userBiases: [Float]
  let itemBiases: [Float]
  let userFactors: FactorRows
  let itemFactors: FactorRows

  init(
    vocabularies: Vocabularies, scale: RatingScale, mean: Double, userBiases: [Float], itemBiases: [Float],
    userFactors: FactorRows, itemFactors: FactorRows
  ) {
    self.vocabularies = vocabularies
    self.scale = scale
    self.mean = mean
    self.userBiases = userBiases
    self.itemBiases = itemBiases
    self.userFactors = userFactors
    self.itemFactors = itemFactors
  }

  /// The number of factors of each user and item.
  public var factors: Int { userFactors.factors }

  public func rating(_ question: Question) -> Double {
    rating(user: question.user.map { Int($0.value) } ?? .max, item: question.item.map { Int($0.value) } ?? .max)
  }

  private func rating(user: Int, item: Int) -> Double {
    let (knowsUser, knowsItem) = (user < userBiases.count, item < itemBiases.count)
    var rating = mean
    if knowsUser { rating += Double(userBiases[user]) }
    if knowsItem { rating += Double(itemBiases[item]) }
    if knowsUser && knowsItem {
      rating += Double(FactorStep.dot(userFactors.row(user), itemFactors.row(item), count: userFactors.stride))
    }
    return rating
  }

  /// - Complexity: O(pairs x factors).
  public func predict(_ pairs: RatingPairs, threads: Int?) -> Predictions {
    .inPieces(pairs.count, threads: threads) { rows, values in
      for row in rows { values[row] = rating(user: Int(pairs.users[row]), item: Int(pairs.items[row])) }
    }
  }

  /// Whether every prediction of a model with these parts is finite, also in Float arithmetic.
  static func isFinite(
    mean: Double, userBiases: [Float], itemBiases: [Float], userFactors: FactorRows, itemFactors: FactorRows
  ) -> Bool {
    // |p . q| <= |p| |q|, and so is every partial sum of the dot product.
    let product = (userFactors.largestSquaredNorm * itemFactors.largestSquaredNorm).squareRoot()
    let isFinite = { (values: [Float]) in values.allSatisfy(\.isFinite) }
    return mean.isFinite && abs(mean) < 1e38 && product < 1e38 && isFinite(userBiases) && isFinite(itemBiases)
  }

  public var tensors: [Tensor] {
    [
      Tensor("mean", .float64([mean])), Tensor("biases.users", .float32(userBiases)),
      Tensor("biases.items", .float32(itemBiases)), userFactors.tensor("factors.users"),
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
    let userFactors = FactorRows(rows: users, factors: userShape[1])
    let itemFactors = FactorRows(rows: items, factors: userShape[1])
    userFactors.load(userValues)
    itemFactors.load(itemValues)
    self.init(
      vocabularies: tensors.vocabularies, scale: tensors.scale, mean: try tensors.doubles("mean", shape: [1])[0],
      userBiases: try tensors.floats("biases.users", shape: [users]).values,
      itemBiases: try tensors.floats("biases.items", shape: [items]).values, userFactors: userFactors,
      itemFactors: itemFactors)
    guard
      Self.isFinite(
        mean: mean, userBiases: userBiases, itemBiases: itemBiases, userFactors: userFactors, itemFactors: itemFactors)
    else {
      throw ModelTensors.Failure("the biases or factors are so large that a prediction would not be finite")
    }
  }
}
