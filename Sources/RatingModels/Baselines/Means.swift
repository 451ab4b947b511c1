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
    try input.requireRatings()
    return BiasModel(
      vocabularies: input.ratings.vocabularies, scale: input.ratings.scale, mean: input.ratings.mean,
      userBiases: [Double](repeating: 0, count: input.ratings.userCount),
      itemBiases: [Double](repeating: 0, count: input.ratings.itemCount))
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
    try input.requireRatings()
    let mean = input.ratings.mean
    return BiasModel(
      vocabularies: input.ratings.vocabularies, scale: input.ratings.scale, mean: mean,
      userBiases: input.ratings.meanDeviations(from: mean, by: .user),
      itemBiases: [Double](repeating: 0, count: input.ratings.itemCount))
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
    try input.requireRatings()
    let mean = input.ratings.mean
    return BiasModel(
      vocabularies: input.ratings.vocabularies, scale: input.ratings.scale, mean: mean,
      userBiases: [Double](repeating: 0, count: input.ratings.userCount),
      itemBiases: input.ratings.meanDeviations(from: mean, by: .item))
  }
}

extension RatingDataset {
  /// For each user or item, the mean of its ratings less `mean`; 0 where it has none. Summed in Double in row order.
  func meanDeviations(from mean: Double, by key: CompressedRatings.Key) -> [Double] {
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
