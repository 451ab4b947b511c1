extension GlobalMean {
  /// 8 bytes for each user and item, in the model.
  public func memory(for shape: TrainingShape) -> MemoryPlan? { .means(shape, sums: 0) }
}

extension UserMean {
  /// 24 bytes for each user while means are made, and 8 for each user and item in the model.
  public func memory(for shape: TrainingShape) -> MemoryPlan? { .means(shape, sums: shape.users) }
}

extension ItemMean {
  /// 24 bytes for each item while means are made, and 8 for each user and item in the model.
  public func memory(for shape: TrainingShape) -> MemoryPlan? { .means(shape, sums: shape.items) }
}

extension DampedBiases {
  /// The alternating solver: the ratings by user and by item (`SparseRatings`). The solver `sgd`: 12 bytes for each
  /// rating. And 8 for each bias, twice where they change.
  public func memory(for shape: TrainingShape) -> MemoryPlan? {
    var plan = MemoryPlan(shape)
    switch solver {
    case .alternating: plan.addViews(shape)
    case .sgd: plan.add("ratings in random order", 12 * shape.ratings)
    }
    let biases = 8 * shape.usersAndItems
    plan.add("biases", biases)
    plan.add("new biases", 2 * biases, .learning)
    plan.addModels(shape, model: biases, state: biases)
    return plan
  }
}

extension MemoryPlan {
  fileprivate static func means(_ shape: TrainingShape, sums: Int) -> MemoryPlan {
    var plan = MemoryPlan(shape)
    plan.add("sums", 24 * sums, .beginning)
    plan.add("means", 8 * shape.usersAndItems)
    plan.addModels(shape, model: 0, state: 8 * shape.usersAndItems)
    return plan
  }
}
