import RatingData
import RatingNumerics

/// A run of `SVDPlusPlus`. Its parameters are in units of the training ratings' standard deviation; the models that it
/// makes are in the rating's unit.
public struct SVDPlusPlusRun: TrainingRun {
  private let algorithm: SVDPlusPlus
  private let options: RunOptions
  private let data: ImplicitData
  /// The factors are p, q and y.
  private var state: LearnedState

  init(_ algorithm: SVDPlusPlus, _ input: TrainingInput, seed: Seed, options: RunOptions) {
    self.algorithm = algorithm
    self.options = options
    data = ImplicitData(input, implicitDamping: algorithm.implicitDamping, seed: seed, threads: options.threads)
    let items = data.firstItemFactors(algorithm.descent, seed: seed, purpose: "svd++.items", threads: options.threads)
    state = LearnedState(
      epochs: algorithm.epochs, seed: seed,
      numbers: [("biases.users", [data.userCount]), ("biases.items", [data.itemCount])],
      factors: [
        ("factors.users", Matrix(rows: data.userCount, columns: algorithm.factors)), ("factors.items", items),
        ("factors.implicit", Matrix(rows: data.itemCount, columns: algorithm.factors)),
      ])
  }

  public var epochs: Int { state.epochs }
  public var completedEpochs: Int { state.completedEpochs }

  public mutating func step() throws(TrainingError) -> EpochResult {
    let epoch = completedEpochs + 1
    let steps = ImplicitSteps(algorithm.descent, epoch: epoch)
    let ownKeep = 1 - steps.rate * Float(algorithm.regularization)
    let (data, cancellation, stride) = (data, options.cancellation, state["factors.items"].stride)
    var squares = 0.0
    var sum = ImplicitSum(stride: stride)
    try state.withUnsafeElements(
      data.itemCounts.map(steps.itemBiases.rate), data.itemCounts.map(steps.itemBiases.keep)
    ) { elements, itemRates, itemKeeps throws(TrainingError) in
      let (users, implicit, userBiases) = (
        elements("factors.users"), elements("factors.implicit"), elements("biases.users")
      )
      let items = Kernels.ImplicitItems(
        factors: elements("factors.items"), biases: elements("biases.items"), bias_rates: itemRates,
        bias_keeps: itemKeeps, stride: stride, factor_rate: steps.rate, factor_keep: steps.itemKeep)
      try data.order.forEachUser(epoch: epoch, data.ratings) { user, first, second throws(TrainingError) in
        if cancellation?.isCancelled ?? false { throw TrainingError.cancelled }
        sum.gather(implicit, data.rated, user)
        var row = Kernels.ImplicitUser(
          own: users + user * stride, implicit: sum.row, own_rate: steps.rate, own_keep: ownKeep,
          implicit_rate: steps.implicitRate * data.rated.gains[user], implicit_keep: steps.implicitKeep,
          bias: userBiases[user], bias_rate: steps.userBiases.rate(data.userCounts[user]),
          bias_keep: steps.userBiases.keep(data.userCounts[user]))
        for run in [first, second] {
          squares += Kernels.descend(items, user: &row, ratings: run.baseAddress!, count: run.count)
        }
        userBiases[user] = row.bias
        sum.scatter(implicit, data.rated, user, kept: steps.implicitKept(after: first.count + second.count))
      }
    }
    state.completedEpochs = epoch
    return EpochResult(
      trainingRMSE: isFinite ? (squares / Double(data.count)).squareRoot() * data.deviation : .infinity,
      learningRate: algorithm.learningRate * steps.share, ratings: data.count)
  }

  /// Whether every prediction would be finite.
  private var isFinite: Bool {
    let users = state.longest("factors.users") + state.longest("factors.implicit") * data.rated.largestGain
    return users * state.longest("factors.items") * data.deviation < 1e38
      && state.largestNumber * data.deviation < 1e38
  }

  /// - Complexity: O((ratings + users + items) x factors): the sums over N(u), in parallel.
  public func model() -> ImplicitFactorModel {
    let (users, implicit) = (state["factors.users"], state["factors.implicit"])
    return ImplicitFactorModel(
      data.model(state, users: data.rated.users(users, plus: implicit, threads: options.threads)),
      implicitFactors: data.rated.weighted(implicit, scale: Float(data.deviation.squareRoot())))
  }

  public func checkpoint() -> Checkpoint { state.checkpoint }
  public mutating func restore(_ checkpoint: Checkpoint) throws(TrainingError) { try state.restore(checkpoint) }
}
