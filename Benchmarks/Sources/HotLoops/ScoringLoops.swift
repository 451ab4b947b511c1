import RatingBench
@_spi(Benchmarks) import RatingNumerics

/// Scores and rankings of all items: a model of 64 factors, 1,000 users, 20,000 items.
private enum Scoring {
  static let users = 1000
  static let items = 20_000
  static let askedUsers = (0..<users).map { UserIndex(UInt32($0)) as UserIndex? }

  /// A model of random factors, made from a file of them as any model is loaded.
  static let model: BiasedFactorModel = {
    var stream = RandomStream(seed: Seed(Registry.seed), purpose: "benchmarks.scoring")
    func ids(_ count: Int) -> Vocabulary { Vocabulary((0..<count).map { Identifier(Int64($0)) }) }
    func normals(_ count: Int, _ deviation: Double) -> [Float] {
      (0..<count).map { _ in Float(deviation * stream.normal()) }
    }
    let tensors = [
      Tensor("mean", .float64([3.5])), Tensor("deviation", .float64([1])),
      Tensor("biases.users", .float32(normals(users, 0.4))),
      Tensor("biases.items", .float32(normals(items, 0.5))),
      Tensor("factors.users", shape: [users, 64], .float32(normals(users * 64, 0.3))),
      Tensor("factors.items", shape: [items, 64], .float32(normals(items * 64, 0.3))),
    ]
    let vocabularies = Vocabularies(users: ids(users), items: ids(items))
    return try! BiasedFactorModel(ModelTensors(tensors, vocabularies: vocabularies, scale: .wholeStars))
  }()
}

extension HotLoop {
  /// The ratings of all items by 256 users, by matrix products.
  static func allItemScores(threads: Int) -> HotLoop {
    HotLoop("score-all-items-\(threads)-thread\(threads > 1 ? "s" : "")", unitsPerRun: 256 * Scoring.items) {
      let (model, users) = (Scoring.model, Array(Scoring.askedUsers.prefix(256)))
      return { consume(model.ratingsOfAllItems(by: users, threads: threads)) }
    }
  }

  /// The same by asking for each pair.
  static let allItemPredictions = HotLoop("predict-all-items", unitsPerRun: 16 * Scoring.items) {
    let model = Scoring.model
    let pairs = RatingPairs(
      users: (0..<16).flatMap { [UInt32](repeating: $0, count: Scoring.items) },
      items: (0..<16).flatMap { _ in 0..<UInt32(Scoring.items) })
    return { consume(model.predict(pairs, threads: 1)) }
  }

  /// The 10 best of all items for each of 1,000 users.
  static func topItems(threads: Int) -> HotLoop {
    HotLoop("top-10-\(threads)-thread\(threads > 1 ? "s" : "")", unitsPerRun: Scoring.users * Scoring.items) {
      let (model, users) = (Scoring.model, Scoring.askedUsers)
      return { consume(model.topItems(10, for: users, threads: threads)) }
    }
  }

  /// The same as one writes it first: predict all items of a user, sort them, take the first.
  static let sortedItems = HotLoop("top-10-by-sorting", unitsPerRun: 16 * Scoring.items) {
    let model = Scoring.model
    let items = Array(0..<UInt32(Scoring.items))
    return {
      for user in 0..<UInt32(16) {
        let pairs = RatingPairs(users: [UInt32](repeating: user, count: items.count), items: items)
        let ratings = model.predict(pairs, threads: 1).values
        consume(items.sorted { ratings[Int($0)] > ratings[Int($1)] }.prefix(10).map { $0 })
      }
    }
  }
}
