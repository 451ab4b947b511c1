import RatingData

/// Predicts mean + userBias[u] + itemBias[i], in the rating's unit; an unseen user or item has bias 0.
///
/// The model of `GlobalMean`, `UserMean`, `ItemMean` and `DampedBiases`.
public struct BiasModel: SavableModel {
  public let vocabularies: Vocabularies
  public let scale: RatingScale
  public let mean: Double
  /// One for each user of the vocabulary; 0 for those without training ratings.
  public let userBiases: [Double]
  /// One for each item of the vocabulary; 0 for those without training ratings.
  public let itemBiases: [Double]

  init(vocabularies: Vocabularies, scale: RatingScale, mean: Double, userBiases: [Double], itemBiases: [Double]) {
    self.vocabularies = vocabularies
    self.scale = scale
    self.mean = mean
    self.userBiases = userBiases
    self.itemBiases = itemBiases
  }

  public func rating(_ question: Question) -> Double {
    var rating = mean
    if let user = question.user, user.value < userBiases.count { rating += userBiases[Int(user.value)] }
    if let item = question.item, item.value < itemBiases.count { rating += itemBiases[Int(item.value)] }
    return rating
  }

  /// - Complexity: O(pairs).
  public func predict(_ pairs: RatingPairs, threads: Int?) -> Predictions {
    .inPieces(pairs.count, threads: threads) { rows, values in
      for row in rows {
        let (user, item) = (Int(pairs.users[row]), Int(pairs.items[row]))
        values[row] =
          mean + (user < userBiases.count ? userBiases[user] : 0) + (item < itemBiases.count ? itemBiases[item] : 0)
      }
    }
  }

  public var tensors: [Tensor] {
    [
      Tensor("mean", .float64([mean])), Tensor("biases.users", .float64(userBiases)),
      Tensor("biases.items", .float64(itemBiases)),
    ]
  }

  public init(_ tensors: ModelTensors) throws(ModelTensors.Failure) {
    self.init(
      vocabularies: tensors.vocabularies, scale: tensors.scale, mean: try tensors.doubles("mean", shape: [1])[0],
      userBiases: try tensors.doubles("biases.users", shape: [tensors.vocabularies.users.count]),
      itemBiases: try tensors.doubles("biases.items", shape: [tensors.vocabularies.items.count]))
    let largest = { (values: [Double]) in values.reduce(0) { max($0, abs($1)) } }
    guard (abs(mean) + largest(userBiases) + largest(itemBiases)).isFinite else {
      throw ModelTensors.Failure("the mean and the biases are so large that a prediction would not be finite")
    }
  }
}
