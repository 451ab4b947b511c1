import RatingData
import RatingNumerics

/// A run of `AsymmetricSVD`. Its parameters are in units of the training ratings' standard deviation; the models that
/// it makes are in the rating's unit.
public struct AsymmetricSVDRun: TrainingRun {
  private let algorithm: AsymmetricSVD
  private let options: RunOptions
  private let data: ImplicitData
  private let residuals: RatedItems
  /// The factors are q, x and y.
  private var state: LearnedState

  init(
    _ algorithm: AsymmetricSVD, _ input: TrainingInput, biases: BiasModel, seed: Seed, options: RunOptions
  ) {
    self.algorithm = algorithm
    self.options = options
    data = ImplicitData(input, implicitDamping: algorithm.implicitDamping, seed: seed, threads: options.threads)
    residuals = RatedItems(
      residuals: input.ratings, biases: biases, deviation: data.deviation, itemWeights: data.rated.itemWeights,
      threads: options.threads)
    let items = data.firstItemFactors(
      algorithm.descent, seed: seed, purpose: "asymmetric-svd.items", threads: options.threads)
    let zeros = Matrix(rows: data.itemCount, columns: algorithm.factors)
    state = LearnedState(
      epochs: algorithm.epochs, seed: seed,
      numbers: [("biases.users", [data.userCount]), ("biases.items", [data.itemCount])],
      factors: [("factors.items", items), ("factors.rated", zeros), ("factors.implicit", zeros)])
  }

  public var epochs: Int { state.epochs }
  public var completedEpochs: Int { state.completedEpochs }

  public mutating func step() throws(TrainingError) -> EpochResult {
    let epoch = completedEpochs + 1
    let steps = ImplicitSteps(algorithm.descent, epoch: epoch)
    let (data, residuals, cancellation) = (data, residuals, options.cancellation)
    let stride = state["factors.items"].stride
    var squares = 0.0
    var ratedSum = ImplicitSum(stride: stride)
    var sum = ImplicitSum(stride: stride)
    try state.withUnsafeElements(
      data.itemCounts.map(steps.itemBiases.rate), data.itemCounts.map(steps.itemBiases.keep)
    ) { elements, itemRates, itemKeeps throws(TrainingError) in
      let (rated, implicit, userBiases) = (
        elements("factors.rated"), elements("factors.implicit"), elements("biases.users")
      )
      let items = Kernels.ImplicitItems(
        factors: elements("factors.items"), biases: elements("biases.items"), bias_rates: itemRates,
        bias_keeps: itemKeeps, stride: stride, factor_rate: steps.rate, factor_keep: steps.itemKeep)
      try data.order.forEachUser(epoch: epoch, data.ratings) { user, first, second throws(TrainingError) in
        if cancellation?.isCancelled ?? false { throw TrainingError.cancelled }
        ratedSum.gather(rated, residuals, user)
        sum.gather(implicit, data.rated, user)
        var row = Kernels.ImplicitUser(
          own: ratedSum.row, implicit: sum.row, own_rate: steps.implicitRate * residuals.gains[user],
          own_keep: steps.implicitKeep, implicit_rate: steps.implicitRate * data.rated.gains[user],
          implicit_keep: steps.implicitKeep, bias: userBiases[user],
          bias_rate: steps.userBiases.rate(data.userCounts[user]),
          bias_keep: steps.userBiases.keep(data.userCounts[user]))
        for run in [first, second] {
          squares += Kernels.descend(items, user: &row, ratings: run.baseAddress!, count: run.count)
        }
        userBiases[user] = row.bias
        let kept = steps.implicitKept(after: first.count + second.count)
        sum.scatter(implicit, data.rated, user, kept: kept)
        // Of a user whose ratings the biases predict exactly, nothing is to be learned about x.
        if residuals.gains[user] > 1e-6 { ratedSum.scatter(rated, residuals, user, kept: kept) }
      }
    }
    state.completedEpochs = epoch
    return EpochResult(
      trainingRMSE: isFinite ? (squares / Double(data.count)).squareRoot() * data.deviation : .infinity,
      learningRate: algorithm.learningRate * steps.share, ratings: data.count)
  }

  /// Whether every prediction would be finite.
  private var isFinite: Bool {
    let users =
      state.longest("factors.implicit") * data.rated.largestGain
      + state.longest("factors.rated") * residuals.largestGain
    return users * state.longest("factors.items") * data.deviation < 1e38
      && state.largestNumber * data.deviation < 1e38
  }

  /// - Complexity: O((ratings + users + items) x factors): the sums over the rated items, in parallel.
  public func model() -> AsymmetricFactorModel {
    let (rated, implicit, root) = (
      state["factors.rated"], state["factors.implicit"], Float(data.deviation.squareRoot())
    )
    let zeros = Matrix(rows: data.userCount, columns: algorithm.factors)
    let users = data.rated.users(
      residuals.users(zeros, plus: rated, threads: options.threads), plus: implicit, threads: options.threads)
    return AsymmetricFactorModel(
      data.model(state, users: users),
      // The residuals that these are multiplied with are in the rating's unit.
      ratedFactors: data.rated.weighted(rated, scale: root / Float(data.deviation)),
      implicitFactors: data.rated.weighted(implicit, scale: root))
  }

  public func checkpoint() -> Checkpoint { state.checkpoint }
  public mutating func restore(_ checkpoint: Checkpoint) throws(TrainingError) { try state.restore(checkpoint) }
}
