import RatingData
import RatingNumerics

/// A run of `DampedBiases`.
public struct BiasRun: TrainingRun {
  private enum Ratings {
    case alternating(byUser: SparseRatings, byItem: SparseRatings)
    case sgd(ShuffledRatings, userDamping: [Double], itemDamping: [Double])
  }

  private let algorithm: DampedBiases
  private let seed: Seed
  private let options: RunOptions
  private let vocabularies: Vocabularies
  private let scale: RatingScale
  private let mean: Double
  private let ratings: Ratings
  private let count: Int
  private var userBiases: [Double]
  private var itemBiases: [Double]
  public private(set) var completedEpochs = 0

  init(_ algorithm: DampedBiases, _ dataset: RatingDataset, seed: Seed, options: RunOptions) {
    self.algorithm = algorithm
    self.seed = seed
    self.options = options
    vocabularies = dataset.vocabularies
    scale = dataset.scale
    mean = dataset.mean
    count = dataset.count
    userBiases = [Double](repeating: 0, count: dataset.userCount)
    itemBiases = [Double](repeating: 0, count: dataset.itemCount)
    switch algorithm.solver {
    case .alternating:
      let (byUser, byItem) = SparseRatings.both(dataset, threads: options.threads)
      ratings = .alternating(byUser: byUser, byItem: byItem)
    case .sgd:
      var (users, items) = (userBiases, itemBiases)
      dataset.withUnsafeColumns { columns in
        for user in columns.users { users[Int(user)] += 1 }
        for item in columns.items { items[Int(item)] += 1 }
      }
      ratings = .sgd(
        ShuffledRatings(dataset, seed: seed),
        userDamping: users.map { $0 == 0 ? 0 : algorithm.userRegularization / $0 },
        itemDamping: items.map { $0 == 0 ? 0 : algorithm.itemRegularization / $0 })
    }
  }

  public var epochs: Int { algorithm.sweeps }

  public mutating func step() throws(TrainingError) -> EpochResult {
    let result: EpochResult
    switch ratings {
    case .alternating(let byUser, let byItem):
      result = try alternate(byUser, byItem)
    case .sgd(let rows, let userDamping, let itemDamping):
      result = try descend(rows, userDamping, itemDamping)
    }
    completedEpochs += 1
    return result
  }

  private mutating func alternate(
    _ byUser: SparseRatings, _ byItem: SparseRatings
  ) throws(TrainingError) -> EpochResult {
    itemBiases = optimum(byItem, given: userBiases, damping: algorithm.itemRegularization)
    if options.cancellation?.isCancelled ?? false { throw TrainingError.cancelled }
    userBiases = optimum(byUser, given: itemBiases, damping: algorithm.userRegularization)
    if options.cancellation?.isCancelled ?? false { throw TrainingError.cancelled }
    return EpochResult(trainingRMSE: (squaredError(byUser) / Double(count)).squareRoot(), ratings: count)
  }

  /// The biases of one side that minimize the objective where those of the other side are `others`.
  private func optimum(_ ratings: SparseRatings, given others: [Double], damping: Double) -> [Double] {
    let mean = mean
    return Parallel.map(ratings.pieces, threads: options.threads) { piece in
      let decoded = DecodedRatings()
      return ratings.keys(inPiece: piece).map { key in
        decoded.read(ratings, ratings.range(key))
        let (values, indices) = (decoded.values, decoded.others)
        var sum = 0.0
        for place in 0..<decoded.count { sum += Double(values[place]) - mean - others[Int(indices[place])] }
        return ratings.count(key) == 0 ? 0 : sum / (damping + Double(ratings.count(key)))
      }
    }.flatMap { $0 }
  }

  private func squaredError(_ byUser: SparseRatings) -> Double {
    let (mean, userBiases, itemBiases) = (mean, userBiases, itemBiases)
    return Parallel.map(byUser.pieces, threads: options.threads) { piece in
      let decoded = DecodedRatings()
      var sum = 0.0
      for user in byUser.keys(inPiece: piece) {
        decoded.read(byUser, byUser.range(user))
        let (values, items) = (decoded.values, decoded.others)
        for place in 0..<decoded.count {
          let error = Double(values[place]) - mean - userBiases[user] - itemBiases[Int(items[place])]
          sum += error * error
        }
      }
      return sum
    }.reduce(0, +)
  }

  private mutating func descend(
    _ rows: ShuffledRatings, _ userDamping: [Double], _ itemDamping: [Double]
  ) throws(TrainingError) -> EpochResult {
    let epoch = completedEpochs + 1
    let rate = LearningRateSchedule.linear.rate(algorithm.learningRate, epoch: epoch, of: epochs)
    let (mean, cancellation) = (mean, options.cancellation)
    var squares = 0.0
    var (users, items) = (userBiases, itemBiases)
    try users.withUnsafeMutableBufferPointer { users throws(TrainingError) in
      try items.withUnsafeMutableBufferPointer { items throws(TrainingError) in
        try rows.forEachBlock(epoch: epoch) { block throws(TrainingError) in
          if cancellation?.isCancelled ?? false { throw TrainingError.cancelled }
          for row in block {
            let (user, item) = (Int(row.user), Int(row.item))
            let error = Double(row.rating) - mean - users[user] - items[item]
            squares += error * error
            users[user] += rate * (error - userDamping[user] * users[user])
            items[item] += rate * (error - itemDamping[item] * items[item])
          }
        }
      }
    }
    (userBiases, itemBiases) = (users, items)
    // An overflow in the last steps has not met a rating yet: it shows in the biases.
    let total = userBiases.reduce(0) { $0 + abs($1) } + itemBiases.reduce(0) { $0 + abs($1) }
    return EpochResult(
      trainingRMSE: total.isFinite ? (squares / Double(count)).squareRoot() : .infinity, learningRate: rate,
      ratings: count)
  }

  public func model() -> BiasModel {
    BiasModel(
      vocabularies: vocabularies, scale: scale, mean: mean, userBiases: userBiases, itemBiases: itemBiases)
  }

  private var tensors: [Tensor] {
    [Tensor("biases.users", .float64(userBiases)), Tensor("biases.items", .float64(itemBiases))]
  }

  public func checkpoint() -> Checkpoint {
    Checkpoint(completedEpochs: completedEpochs, seed: seed, tensors: tensors)
  }

  public mutating func restore(_ checkpoint: Checkpoint) throws(TrainingError) {
    try checkpoint.check(epochs: epochs, seed: seed, like: tensors)
    if case .float64(let users) = checkpoint.tensors[0].values { userBiases = users }
    if case .float64(let items) = checkpoint.tensors[1].values { itemBiases = items }
    completedEpochs = checkpoint.completedEpochs
  }
}
