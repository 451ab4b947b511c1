import RatingData
import RatingNumerics

/// Predicts the mean of all training ratings for everything.
public struct GlobalMean: RegisteredAlgorithm {
  public init() {}

  public static let name = "global-mean"
  public static let summary = "the mean of all training ratings"
  public static let paper = "the sample mean, textbook knowledge"
  public static var parameters: [ParameterBinding<Self>] { [] }

  /// - Complexity: O(ratings).
  public func fit(to input: TrainingInput, seed: Seed, options: RunOptions) throws(TrainingError) -> BiasModel {
    try BiasModel(input)
  }
}

/// Predicts the plain mean of the user's training ratings, and the global mean for an unseen user.
public struct UserMean: RegisteredAlgorithm {
  public init() {}

  public static let name = "user-mean"
  public static let summary = "the mean of the user's training ratings"
  public static let paper = "the sample mean, textbook knowledge"
  public static var parameters: [ParameterBinding<Self>] { [] }

  /// - Complexity: O(ratings).
  public func fit(to input: TrainingInput, seed: Seed, options: RunOptions) throws(TrainingError) -> BiasModel {
    try BiasModel(input, meansBy: .user)
  }
}

/// Predicts the plain mean of the item's training ratings, and the global mean for an unseen item.
public struct ItemMean: RegisteredAlgorithm {
  public init() {}

  public static let name = "item-mean"
  public static let summary = "the mean of the item's training ratings"
  public static let paper = "the sample mean, textbook knowledge"
  public static var parameters: [ParameterBinding<Self>] { [] }

  /// - Complexity: O(ratings).
  public func fit(to input: TrainingInput, seed: Seed, options: RunOptions) throws(TrainingError) -> BiasModel {
    try BiasModel(input, meansBy: .item)
  }
}

extension BiasModel {
  /// The global mean, and for each user or item what the mean of its ratings is above that.
  fileprivate init(_ input: TrainingInput, meansBy key: SparseRatings.Key? = nil) throws(TrainingError) {
    try input.requireRatings()
    let (ratings, mean) = (input.ratings, input.ratings.mean)
    func biases(_ side: SparseRatings.Key, _ count: Int) -> [Double] {
      side == key ? ratings.meanDeviations(from: mean, by: side) : [Double](repeating: 0, count: count)
    }
    self.init(
      vocabularies: ratings.vocabularies, scale: ratings.scale, mean: mean,
      userBiases: biases(.user, ratings.userCount), itemBiases: biases(.item, ratings.itemCount))
  }
}

extension RatingDataset {
  /// For each user or item, the mean of its ratings less `mean`; 0 where it has none. Summed in Double in row order.
  func meanDeviations(from mean: Double, by key: SparseRatings.Key) -> [Double] {
    var sums = [Double](repeating: 0, count: key == .user ? userCount : itemCount)
    var counts = [Int](repeating: 0, count: sums.count)
    withUnsafeColumns { columns in
      let keys = key == .user ? columns.users : columns.items
      for row in 0..<columns.ratings.count {
        sums[Int(keys[row])] += Double(columns.ratings[row])
        counts[Int(keys[row])] += 1
      }
    }
    return sums.indices.map { counts[$0] == 0 ? 0 : sums[$0] / Double(counts[$0]) - mean }
  }
}
