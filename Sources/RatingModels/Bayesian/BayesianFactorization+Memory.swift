import RatingNumerics

extension BayesianFactorization {
  /// With s sides (users, items and, in some designs, days and sessions): for each rating and side 4 bytes x (s - 1) and
  /// 4 more, or 1 with levels. For each row of a side 8 bytes x (factors rounded up to 16); where a side has features,
  /// also the sums of its rows, 4 bytes x (factors rounded up to 16)^2, which is the most where there are many. Features
  /// take 16 bytes where they are given. All but the ratings once for each chain. A sample that is kept takes 2 bytes x
  /// factors + 4 for each row and feature.
  public func memory(for shape: TrainingShape) -> MemoryPlan? {
    var plan = MemoryPlan(shape)
    let hasLevels = likelihood == .orderedProbit
    let rated = shape.ratings + shape.questions
    // The rows of each side, and their features.
    var sides = [
      (rows: shape.users, features: shape.features.users + (Design.usersHaveItems ? shape.items : 0)),
      (rows: shape.items, features: shape.features.items + (Design.itemsHaveUsers ? shape.users : 0)),
    ]
    if Design.hasDays { sides.append((shape.days, 0)) }
    if Design.hasSessions { sides.append((shape.sessions(sessionMinutes), 0)) }

    let perRating = 4 * (sides.count - 1) + (hasLevels ? 1 : 4)
    plan.add("ratings by side", sides.count * perRating * shape.ratings)
    let entries =
      shape.features.entries + (Design.usersHaveItems || Design.itemsHaveUsers ? rated : 0)
      + (Design.itemsHaveUsers ? rated : 0)
    plan.add("features", (16 + 4 * chains) * entries)
    plan.add(
      "sorting", 4 * (sides.count - 1) * shape.ratings + 12 * min(shape.ratings, 1 << 23) + 8 * shape.usersAndItems,
      .beginning)

    let rows = sides.reduce(0) { $0 + $1.rows + 1 }
    let features = sides.reduce(0) { $0 + $1.features }
    plan.add("rows", chains * (2 * shape.matrix(rows, factors) + 16 * rows))
    plan.add("features' parameters", chains * (shape.matrix(features, factors) + 8 * features))
    let stride = (factors + 15) / 16 * 16
    let summed = sides.reduce(0) { $0 + ($1.features > 0 ? $1.rows : 0) }
    plan.add("sums of rows with features", chains * 4 * summed * BayesianKernels.sumsCount(stride: stride))
    if hasLevels {
      plan.add("order of levels", chains * 8 * shape.ratings)
      plan.add("latents", chains * 4 * shape.ratings, .learning)
    }

    let sample = (2 * factors + 4) * (rows + features)
    let gap = thinning > 0 ? thinning : max(Int((Double(sample) / Double(1 << 19)).squareRoot().rounded(.up)), 1)
    let samples = max(max(sweeps - burnIn, 0) / gap * chains, chains) * sample
    plan.add("samples", samples)
    let state = chains * 4 * (factors + 1) * (rows + features)
    if shape.validation > 0 { plan.add("validation sums", (4 * sides.count + 16) * shape.validation, .learning) }
    if shape.keepsCheckpoints { plan.add("checkpoints", 2 * (state + samples), .learning) }
    if shape.stopsEarly { plan.add("best state", state + samples, .learning) }
    plan.add("state in the model", state, .ending)
    if shape.keepsModel { plan.add("model to be saved", samples, .ending) }
    plan.add("predictions", (4 * sides.count + 24) * shape.predictions, .ending)
    return plan
  }
}
