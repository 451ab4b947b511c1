import RatingData
import RatingNumerics

/// A run of `AsymmetricSVD`. Its parameters are in units of the training ratings' standard deviation; the models that
/// it makes are in the rating's unit.
public struct AsymmetricSVDRun: TrainingRun {
  private let algorithm: AsymmetricSVD
  private let seed: Seed
  private let options: RunOptions
  private let data: ImplicitData
  private let residuals: RatedResiduals
  private var userBiases: [Float]
  private var itemBiases: [Float]
  /// q, x and y.
  private var itemFactors: Matrix
  private var ratedFactors: Matrix
  private var implicitFactors: Matrix
  public private(set) var completedEpochs = 0

  init(
    _ algorithm: AsymmetricSVD, _ input: TrainingInput, biases: BiasModel, seed: Seed, options: RunOptions
  ) {
    self.algorithm = algorithm
    self.seed = seed
    self.options = options
    data = ImplicitData(input, implicitDamping: algorithm.implicitDamping, seed: seed)
    residuals = RatedResiduals(
      input.ratings, biases: biases, deviation: data.deviation, itemWeights: data.rated.itemWeights)
    userBiases = [Float](repeating: 0, count: data.userCount)
    itemBiases = [Float](repeating: 0, count: data.itemCount)
    itemFactors = .randomFactors(
      rows: data.itemCount, factors: algorithm.factors, standardDeviation: algorithm.initialStandardDeviation,
      seed: seed, purpose: "asymmetric-svd.items", threads: options.threads, isSeen: data.itemCounts.map { $0 > 0 })
    ratedFactors = Matrix(rows: data.itemCount, columns: algorithm.factors)
    implicitFactors = ratedFactors
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
    let itemKeep = 1 - rate * Float(algorithm.itemRegularization)
    let implicitKeep = 1 - implicitRate * Float(algorithm.implicitRegularization)
    let (data, residuals, cancellation, stride) = (data, residuals, options.cancellation, itemFactors.stride)
    var squares = 0.0
    var sum = ImplicitSum(stride: stride)
    var rated = Matrix(rows: 2, columns: stride)
    try withUnsafeState(itemRates, itemKeeps, &rated) { state throws(TrainingError) in
      let items = Kernels.ImplicitItems(
        factors: state.items, biases: state.itemBiases, bias_rates: state.itemBiasRates,
        bias_keeps: state.itemBiasKeeps, stride: stride, factor_rate: rate, factor_keep: itemKeep)
      let (row, start) = (state.sums, state.sums + stride)
      try data.forEachUser(epoch: epoch) { user, first, second throws(TrainingError) in
        if cancellation?.isCancelled ?? false { throw TrainingError.cancelled }
        let gain = residuals.squares[user]
        let rated = data.rated.ofUser(user)
        sum.gather(state.implicit, rated)
        residuals.gather(state.rated, user, stride: stride, into: row)
        start.update(from: row, count: stride)
        var moving = Kernels.ImplicitUser(
          own: row, implicit: sum.row, own_rate: implicitRate * gain, own_keep: implicitKeep,
          implicit_rate: implicitRate * rated.gain, implicit_keep: implicitKeep, bias: state.userBiases[user],
          bias_rate: biases.rate(data.userCounts[user]), bias_keep: biases.keep(data.userCounts[user]))
        for run in [first, second] {
          squares += Kernels.descend(items, user: &moving, ratings: run.baseAddress!, count: run.count)
        }
        state.userBiases[user] = moving.bias
        let kept = SVDPlusPlusRun.power(implicitKeep, first.count + second.count)
        sum.scatter(state.implicit, rated, kept: kept)
        // Of a user whose ratings the biases predict exactly, nothing is to be learned about x.
        guard gain > 1e-6 else { return }
        for factor in 0..<stride { start[factor] = (row[factor] - kept * start[factor]) / gain }
        residuals.scatter(state.rated, user, stride: stride, keep: kept, addend: start)
      }
    }
    completedEpochs = epoch
    return EpochResult(
      trainingRMSE: isFinite ? (squares / Double(data.count)).squareRoot() * data.deviation : .infinity,
      learningRate: algorithm.learningRate * share, ratings: data.count)
  }

  private struct State {
    let userBiases, itemBiases, items, rated, implicit, sums: UnsafeMutablePointer<Float>
    let itemBiasRates, itemBiasKeeps: UnsafePointer<Float>
  }

  private mutating func withUnsafeState(
    _ itemRates: [Float], _ itemKeeps: [Float], _ sums: inout Matrix, _ body: (State) throws(TrainingError) -> Void
  ) throws(TrainingError) {
    try userBiases.withUnsafeMutableBufferPointer { userBiases throws(TrainingError) in
      try itemBiases.withUnsafeMutableBufferPointer { itemBiases throws(TrainingError) in
        try itemFactors.withUnsafeMutableElements { items throws(TrainingError) in
          try ratedFactors.withUnsafeMutableElements { rated throws(TrainingError) in
            try implicitFactors.withUnsafeMutableElements { implicit throws(TrainingError) in
              try sums.withUnsafeMutableElements { sums throws(TrainingError) in
                try itemRates.withUnsafeBufferPointer { rates throws(TrainingError) in
                  try itemKeeps.withUnsafeBufferPointer { keeps throws(TrainingError) in
                    try body(
                      State(
                        userBiases: userBiases.baseAddress!, itemBiases: itemBiases.baseAddress!, items: items,
                        rated: rated, implicit: implicit, sums: sums, itemBiasRates: rates.baseAddress!,
                        itemBiasKeeps: keeps.baseAddress!))
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  /// Whether every prediction would be finite.
  private var isFinite: Bool {
    let implicit = (implicitFactors.largestSquaredLength() * Double(data.rated.largestCount)).squareRoot()
    let users = implicit + ratedFactors.largestSquaredLength().squareRoot() * residuals.largestGain
    let product = users * itemFactors.largestSquaredLength().squareRoot() * data.deviation
    let largest = (userBiases + itemBiases).reduce(0) { max($0, $1.isFinite ? abs($1) : .infinity) }
    return product < 1e38 && Double(largest) * data.deviation < 1e38
  }

  /// - Complexity: O((ratings + users + items) x factors): the sums over the rated items, in parallel.
  public func model() -> AsymmetricFactorModel {
    let root = Float(data.deviation.squareRoot())
    let users = data.rated.users(
      residuals.users(ratedFactors, threads: options.threads), plus: implicitFactors, threads: options.threads)
    return AsymmetricFactorModel(
      BiasedFactorModel(
        vocabularies: data.vocabularies, scale: data.scale, mean: data.mean, deviation: data.deviation,
        userBiases: userBiases.map { $0 * Float(data.deviation) },
        itemBiases: itemBiases.map { $0 * Float(data.deviation) }, userFactors: users.scaled(by: root),
        itemFactors: itemFactors.scaled(by: root)),
      // The residuals that these are multiplied with are in the rating's unit.
      ratedFactors: data.rated.weighted(ratedFactors, scale: root / Float(data.deviation)),
      implicitFactors: data.rated.weighted(implicitFactors, scale: root))
  }

  private var tensors: [Tensor] {
    [
      Tensor("biases.users", .float32(userBiases)), Tensor("biases.items", .float32(itemBiases)),
      itemFactors.tensor("factors.items"), ratedFactors.tensor("factors.rated"),
      implicitFactors.tensor("factors.implicit"),
    ]
  }

  public func checkpoint() -> Checkpoint {
    Checkpoint(completedEpochs: completedEpochs, seed: seed, tensors: tensors)
  }

  public mutating func restore(_ checkpoint: Checkpoint) throws(TrainingError) {
    try checkpoint.check(epochs: epochs, seed: seed, like: tensors)
    let values = checkpoint.tensors.map(\.floats)
    let (rows, columns) = (itemFactors.rows, itemFactors.columns)
    (userBiases, itemBiases) = (values[0], values[1])
    itemFactors = Matrix(rows: rows, columns: columns, dense: values[2])
    ratedFactors = Matrix(rows: rows, columns: columns, dense: values[3])
    implicitFactors = Matrix(rows: rows, columns: columns, dense: values[4])
    completedEpochs = checkpoint.completedEpochs
  }
}
