extension BiasedMatrixFactorization {
  /// The grid (`RatingGrid`): 4 bytes for each rating, and 8 for each user in each of its blocks. The factors: 4 bytes x
  /// (factors rounded up to 16) for each user and item, and 20 to 28 for their biases and places.
  public func memory(for shape: TrainingShape) -> MemoryPlan? {
    var plan = MemoryPlan(shape)
    let itemBlocks = max(RatingGrid.size(ratings: shape.ratings), (shape.items + 65_535) / 65_536)
    let runs = 8 * min(shape.ratings, shape.users * itemBlocks)
    plan.add("grid", 4 * shape.ratings + runs)
    plan.add("sorting", 2 * shape.ratings + runs + 4 * shape.usersAndItems * shape.pieces, .beginning)
    let isAdaptive = learningRateSchedule == .adaptive
    plan.add("biases and places", (isAdaptive ? 28 : 20) * shape.usersAndItems)
    plan.addFactors(shape, factors)
    let model = shape.matrix(shape.usersAndItems, factors) + 4 * shape.usersAndItems
    plan.addModels(shape, model: model, state: 4 * (factors + (isAdaptive ? 2 : 1)) * shape.usersAndItems)
    return plan
  }
}

extension AlternatingLeastSquares {
  /// The ratings by user and by item (`SparseRatings`), 4 bytes x (factors rounded up to 16) for each user and item, and
  /// for each thread the normal equations of a row.
  public func memory(for shape: TrainingShape) -> MemoryPlan? {
    var plan = MemoryPlan(shape)
    plan.addViews(shape)
    plan.add("biases", 4 * shape.usersAndItems)
    plan.addFactors(shape, factors)
    // Long rows are summed in up to 64 segments of 16,384 ratings or more at a time.
    let equations = shape.matrix(factors + 2, factors)
    plan.add("equations", (shape.threads + min(shape.ratings >> 14, 64)) * equations, .learning)
    let model = shape.matrix(shape.usersAndItems, factors) + 4 * shape.usersAndItems
    plan.addModels(shape, model: model, state: 4 * (factors + 1) * shape.usersAndItems)
    return plan
  }
}

extension NonNegativeFactorization {
  /// The ratings by user and by item (`SparseRatings`), and 4 bytes x (factors + 2, rounded up to 16) for each user and
  /// item, which the model shares.
  public func memory(for shape: TrainingShape) -> MemoryPlan? {
    var plan = MemoryPlan(shape)
    plan.addViews(shape)
    plan.addFactors(shape, factors + 2)
    let copies = shape.keepsModel || shape.validation > 0
    plan.addModels(
      shape, model: copies ? shape.matrix(shape.usersAndItems, factors + 2) : 0,
      state: 4 * (factors + 2) * shape.usersAndItems)
    return plan
  }
}

extension MemoryPlan {
  mutating func addFactors(_ shape: TrainingShape, _ factors: Int) {
    add("user factors", shape.matrix(shape.users, factors))
    add("item factors", shape.matrix(shape.items, factors))
  }
}
