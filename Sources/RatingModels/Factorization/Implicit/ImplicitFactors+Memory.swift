extension SVDPlusPlus {
  /// 8 bytes for each rating in the order of learning, and 8 for each pair that counts as rated (`RatedItems`); 4 x
  /// (factors rounded up to 16) for each user and twice for each item.
  public func memory(for shape: TrainingShape) -> MemoryPlan? {
    var plan = MemoryPlan(shape)
    plan.addImplicitData(shape)
    plan.addFactors(shape, descent.factors)
    plan.add("implicit factors", shape.matrix(shape.items, descent.factors))
    let model = shape.matrix(2 * shape.users + 2 * shape.items, descent.factors) + 4 * shape.usersAndItems
    plan.addModels(
      shape, model: model, state: 4 * ((descent.factors + 1) * shape.usersAndItems + descent.factors * shape.items))
    return plan
  }
}

extension AsymmetricSVD {
  /// As `SVDPlusPlus`, and 8 bytes more for each rating, its residual; 4 x (factors rounded up to 16) three times for each
  /// item, and for each user in the model only.
  public func memory(for shape: TrainingShape) -> MemoryPlan? {
    var plan = MemoryPlan(shape)
    plan.addImplicitData(shape)
    plan.add("residuals of rated items", 8 * shape.ratings + 12 * shape.users)
    plan.add("item factors", 3 * shape.matrix(shape.items, descent.factors))
    let model = shape.matrix(3 * shape.users + 3 * shape.items, descent.factors) + 4 * shape.usersAndItems
    plan.addModels(shape, model: model, state: 4 * (shape.usersAndItems + 3 * descent.factors * shape.items))
    return plan
  }
}

extension TimeBiases {
  /// As `TimeSVDPlusPlus` of no factors.
  public func memory(for shape: TrainingShape) -> MemoryPlan? { recipe.memory(for: shape) }
}

extension TimeSVDPlusPlus {
  /// 20 bytes for each rating in the order of learning, and 8 for each pair that counts as rated; 12 for each number of
  /// time: 3 for each user, 2 for each session, 1 + bins for each item; 8 for each session; 4 x (factors rounded up to 16)
  /// twice for each user and item.
  public func memory(for shape: TrainingShape) -> MemoryPlan? {
    var plan = MemoryPlan(shape)
    let sessions = shape.sessions(effects.sessionMinutes)
    let numbers = 4 * (3 * shape.users + shape.items * (1 + effects.bins) + 2 * sessions)
    plan.add("ratings in order", 20 * shape.ratings + 20 * shape.users)
    plan.addRatedItems(shape)
    plan.add("sessions", 8 * sessions + 16 * shape.users)
    plan.add("numbers of time", 2 * numbers)
    plan.add("times", 4 * shape.ratings, .beginning)
    plan.addRatingsByUser(shape, followedBy: plan.bytes(.training))
    plan.add("steps of numbers", numbers, .learning)
    plan.addFactors(shape, descent.factors)
    plan.add("slopes of factors", shape.matrix(shape.users, descent.factors))
    plan.add("implicit factors", shape.matrix(shape.items, descent.factors))
    plan.addModels(
      shape, model: 2 * numbers + shape.matrix(3 * shape.users + 2 * shape.items, descent.factors),
      state: numbers + 8 * descent.factors * shape.usersAndItems)
    return plan
  }
}

extension MemoryPlan {
  /// What `ImplicitData` holds.
  fileprivate mutating func addImplicitData(_ shape: TrainingShape) {
    add("ratings in order", 8 * shape.ratings + 20 * shape.users)
    addRatedItems(shape)
    addRatingsByUser(shape, followedBy: bytes(.training))
  }

  /// The view by user that others are made from, and what sorting takes beyond those: it comes before them.
  fileprivate mutating func addRatingsByUser(_ shape: TrainingShape, followedBy made: Int) {
    add("ratings by user", shape.byUser, .beginning)
    add("sorting", max(shape.sorting - made, 0), .beginning)
  }

  /// What `RatedItems` holds of ratings and questions: 8 bytes for each, and 12 for each user.
  fileprivate mutating func addRatedItems(_ shape: TrainingShape) {
    add("rated items", 8 * (shape.ratings + shape.questions) + 12 * shape.users)
  }
}
