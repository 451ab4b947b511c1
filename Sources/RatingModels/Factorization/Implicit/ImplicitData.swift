import RatingData
import RatingNumerics

/// What SVD++ and its kin learn from: the ratings user by user in units of their deviation, and who rated what.
struct ImplicitData: Sendable {
  let vocabularies: Vocabularies
  let scale: RatingScale
  let mean: Double
  let deviation: Double
  /// Training ratings of each user and item.
  let userCounts: [Int]
  let itemCounts: [Int]
  let rated: RatedItems
  let order: UserOrder
  let ratings: [Kernels.ItemRating]

  /// - Complexity: O(n log n) for n ratings and questions; 16 bytes for each.
  init(_ input: TrainingInput, implicitDamping: Double, seed: Seed) {
    let dataset = input.ratings
    vocabularies = dataset.vocabularies
    scale = dataset.scale
    let moments = RatingMoments(dataset, threads: nil)
    let (mean, deviation) = (moments.mean, moments.deviation)
    (self.mean, self.deviation) = (mean, deviation)
    let order = UserOrder(dataset, seed: seed)
    self.order = order
    userCounts = (0..<dataset.userCount).map(order.count)
    (ratings, itemCounts) = dataset.withUnsafeColumns { columns in
      var counts = [Int](repeating: 0, count: dataset.itemCount)
      for item in columns.items { counts[Int(item)] += 1 }
      let ratings = order.rows.map { row in
        Kernels.ItemRating(
          item: columns.items[Int(row)], rating: Float((Double(columns.ratings[Int(row)]) - mean) / deviation))
      }
      return (ratings, counts)
    }
    rated = RatedItems(dataset, questions: input.questions, damping: implicitDamping)
  }

  /// The number of training ratings.
  var count: Int { ratings.count }
  var userCount: Int { userCounts.count }
  var itemCount: Int { itemCounts.count }

  /// Draws for the items that have ratings.
  func firstItemFactors(_ descent: ImplicitDescent, seed: Seed, purpose: StreamPurpose, threads: Int?) -> Matrix {
    .randomFactors(
      rows: itemCount, factors: descent.factors, standardDeviation: descent.initialStandardDeviation, seed: seed,
      purpose: purpose, threads: threads, isSeen: itemCounts.map { $0 > 0 })
  }

  /// The model, in the rating's unit, of what has been learned of biases and items, and all that is known of the users.
  func model(_ state: LearnedState, users: Matrix) -> BiasedFactorModel {
    BiasedFactorModel(
      vocabularies: vocabularies, scale: scale, mean: mean, unit: deviation, userBiases: state.numbers("biases.users"),
      itemBiases: state.numbers("biases.items"), userFactors: users, itemFactors: state["factors.items"])
  }
}
