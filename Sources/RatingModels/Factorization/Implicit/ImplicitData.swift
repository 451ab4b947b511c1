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

  /// - Complexity: O(n log n) for n ratings and questions, in parallel; 16 bytes for each.
  init(_ input: TrainingInput, implicitDamping: Double, seed: Seed, threads: Int?) {
    let dataset = input.ratings
    vocabularies = dataset.vocabularies
    scale = dataset.scale
    let moments = RatingMoments(dataset, threads: threads)
    let (mean, deviation) = (moments.mean, moments.deviation)
    (self.mean, self.deviation) = (mean, deviation)
    let byUser = SparseRatings(dataset, by: .user, threads: threads)
    order = UserOrder(starts: byUser.starts, seed: seed)
    userCounts = (0..<dataset.userCount).map(byUser.count)
    itemCounts = dataset.withUnsafeColumns { columns in
      columns.items.reduce(into: [Int](repeating: 0, count: dataset.itemCount)) { $0[Int($1)] += 1 }
    }
    rated = RatedItems(
      byUser, itemCount: dataset.itemCount, questions: input.questions, damping: implicitDamping, threads: threads)
    let scaled = byUser.mapping { Float((Double($0) - mean) / deviation) }
    ratings = order.arranged(scaled, threads: threads) { _, own, order, target in
      for (place, rating) in order.enumerated() {
        (target + place).initialize(
          to: Kernels.ItemRating(item: own.others[Int(rating)], rating: own.values[Int(rating)]))
      }
    }
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
