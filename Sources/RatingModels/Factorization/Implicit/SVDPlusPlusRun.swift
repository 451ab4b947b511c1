import RatingData
import RatingNumerics

/// A run of `SVDPlusPlus`. Its parameters are in units of the training ratings' standard deviation; the models that it
/// makes are in the rating's unit.
public struct SVDPlusPlusRun: TrainingRun {
  private let algorithm: SVDPlusPlus
  private let seed: Seed
  private let options: RunOptions
  private let data: ImplicitData
  private var userBiases: [Float]
  private var itemBiases: [Float]
  /// p, q and y.
  private var userFactors: Matrix
  private var itemFactors: Matrix
  private var implicitFactors: Matrix
  public private(set) var completedEpochs = 0

  init(_ algorithm: SVDPlusPlus, _ input: TrainingInput, seed: Seed, options: RunOptions) {
    self.algorithm = algorithm
    self.seed = seed
    self.options = options
    data = ImplicitData(input, implicitDamping: algorithm.implicitDamping, seed: seed)
    userBiases = [Float](repeating: 0, count: data.userCount)
    itemBiases = [Float](repeating: 0, count: data.itemCount)
    let (factors, deviation) = (algorithm.factors, algorithm.initialStandardDeviation)
    userFactors = Matrix(rows: data.userCount, columns: factors)
    itemFactors = .randomFactors(
      rows: data.itemCount, factors: factors, standardDeviation: deviation, seed: seed, purpose: "svd++.items",
      threads: options.threads, isSeen: data.itemCounts.map { $0 > 0 })
    implicitFactors = Matrix(rows: data.itemCount, columns: factors)
  }

  public var epochs: Int { algorithm.epochs }

  public mutating func step() throws(TrainingError) -> EpochResult {
    let epoch = completedEpochs + 1
    // The same share of each rate.
    let share = algorithm.learningRateSchedule.rate(1, epoch: epoch, of: epochs)
    let rate = Float(algorithm.learningRate * share)
    let implicitRate = Float(algorithm.implicitLearningRate * share)
    let biases = BiasSteps(
      rate: algorithm.biasLearningRate, regularization: algorithm.biasRegularization, share: share)
    let itemSteps = BiasSteps(
      rate: algorithm.biasLearningRate, regularization: algorithm.itemBiasRegularization, share: share)
    let (itemRates, itemKeeps) = (data.itemCounts.map(itemSteps.rate), data.itemCounts.map(itemSteps.keep))
    let ownKeep = 1 - rate * Float(algorithm.regularization)
    let implicitKeep = 1 - implicitRate * Float(algorithm.implicitRegularization)
    let itemKeep = 1 - rate * Float(algorithm.itemRegularization)
    let (data, cancellation, stride) = (data, options.cancellation, userFactors.stride)
    var squares = 0.0
    var sum = ImplicitSum(stride: stride)
    try withUnsafeState(itemRates, itemKeeps) { state throws(TrainingError) in
      let items = Kernels.ImplicitItems(
        factors: state.items, biases: state.itemBiases, bias_rates: state.itemBiasRates,
        bias_keeps: state.itemBiasKeeps, stride: stride, factor_rate: rate, factor_keep: itemKeep)
      try data.forEachUser(epoch: epoch) { user, first, second throws(TrainingError) in
        if cancellation?.isCancelled ?? false { throw TrainingError.cancelled }
        let rated = data.rated.ofUser(user)
        sum.gather(state.implicit, rated)
        var row = Kernels.ImplicitUser(
          own: state.users + user * stride, implicit: sum.row, own_rate: rate, own_keep: ownKeep,
          implicit_rate: implicitRate * rated.gain, implicit_keep: implicitKeep, bias: state.userBiases[user],
          bias_rate: biases.rate(data.userCounts[user]), bias_keep: biases.keep(data.userCounts[user]))
        squares += Kernels.descend(items, user: &row, ratings: first.baseAddress!, count: first.count)
        if let rest = second.baseAddress {
          squares += Kernels.descend(items, user: &row, ratings: rest, count: second.count)
        }
        state.userBiases[user] = row.bias
        sum.scatter(state.implicit, rated, kept: Self.power(implicitKeep, first.count + second.count))
      }
    }
    completedEpochs = epoch
    return EpochResult(
      trainingRMSE: isFinite ? (squares / Double(data.count)).squareRoot() * data.deviation : .infinity,
      learningRate: algorithm.learningRate * share, ratings: data.count)
  }

  /// base^exponent, by the same multiplications everywhere.
  static func power(_ base: Float, _ exponent: Int) -> Float {
    var (result, factor, rest) = (1.0, Double(base), exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return Float(result)
  }

  private struct State {
    let userBiases, itemBiases, users, items, implicit: UnsafeMutablePointer<Float>
    let itemBiasRates, itemBiasKeeps: UnsafePointer<Float>
  }

  private mutating func withUnsafeState(
    _ itemRates: [Float], _ itemKeeps: [Float], _ body: (State) throws(TrainingError) -> Void
  ) throws(TrainingError) {
    try userBiases.withUnsafeMutableBufferPointer { userBiases throws(TrainingError) in
      try itemBiases.withUnsafeMutableBufferPointer { itemBiases throws(TrainingError) in
        try userFactors.withUnsafeMutableElements { users throws(TrainingError) in
          try itemFactors.withUnsafeMutableElements { items throws(TrainingError) in
            try implicitFactors.withUnsafeMutableElements { implicit throws(TrainingError) in
              try itemRates.withUnsafeBufferPointer { rates throws(TrainingError) in
                try itemKeeps.withUnsafeBufferPointer { keeps throws(TrainingError) in
                  try body(
                    State(
                      userBiases: userBiases.baseAddress!, itemBiases: itemBiases.baseAddress!, users: users,
                      items: items, implicit: implicit, itemBiasRates: rates.baseAddress!,
                      itemBiasKeeps: keeps.baseAddress!))
                }
              }
            }
          }
        }
      }
    }
  }

  /// Whether every prediction would be finite: |p + z| is at most |p| and |N(u)|^(1/2) of the longest y.
  private var isFinite: Bool {
    let implicit = implicitFactors.largestSquaredLength() * Double(data.rated.largestCount)
    let users = userFactors.largestSquaredLength().squareRoot() + implicit.squareRoot()
    let product = users * itemFactors.largestSquaredLength().squareRoot() * data.deviation
    let largest = (userBiases + itemBiases).reduce(0) { max($0, $1.isFinite ? abs($1) : .infinity) }
    return product < 1e38 && Double(largest) * data.deviation < 1e38
  }

  /// - Complexity: O((ratings + users + items) x factors): the sums over N(u), in parallel.
  public func model() -> ImplicitFactorModel {
    let root = Float(data.deviation.squareRoot())
    return ImplicitFactorModel(
      BiasedFactorModel(
        vocabularies: data.vocabularies, scale: data.scale, mean: data.mean, deviation: data.deviation,
        userBiases: userBiases.map { $0 * Float(data.deviation) },
        itemBiases: itemBiases.map { $0 * Float(data.deviation) },
        userFactors: data.rated.users(userFactors, plus: implicitFactors, threads: options.threads).scaled(by: root),
        itemFactors: itemFactors.scaled(by: root)),
      implicitFactors: data.rated.weighted(implicitFactors, scale: root))
  }

  private var tensors: [Tensor] {
    [
      Tensor("biases.users", .float32(userBiases)), Tensor("biases.items", .float32(itemBiases)),
      userFactors.tensor("factors.users"), itemFactors.tensor("factors.items"),
      implicitFactors.tensor("factors.implicit"),
    ]
  }

  public func checkpoint() -> Checkpoint {
    Checkpoint(completedEpochs: completedEpochs, seed: seed, tensors: tensors)
  }

  public mutating func restore(_ checkpoint: Checkpoint) throws(TrainingError) {
    try checkpoint.check(epochs: epochs, seed: seed, like: tensors)
    let values = checkpoint.tensors.map(\.floats)
    (userBiases, itemBiases) = (values[0], values[1])
    userFactors = Matrix(rows: userFactors.rows, columns: userFactors.columns, dense: values[2])
    itemFactors = Matrix(rows: itemFactors.rows, columns: itemFactors.columns, dense: values[3])
    implicitFactors = Matrix(rows: itemFactors.rows, columns: itemFactors.columns, dense: values[4])
    completedEpochs = checkpoint.completedEpochs
  }
}

extension Tensor {
  /// The values of a Float tensor, none for others.
  var floats: [Float] { if case .float32(let values) = values { values } else { [] } }
}
