import RatingData
import RatingNumerics

/// A run of `AlternatingLeastSquares`. Its parameters are in units of the training ratings' standard deviation; the models
/// that it makes are in the rating's unit.
///
/// Memory: two times `SparseRatings` beside the data set, and 4 x (factors + 1) for each user and item.
public struct AlternatingLeastSquaresRun: TrainingRun {
  private let algorithm: AlternatingLeastSquares
  private let seed: Seed
  private let options: RunOptions
  private let vocabularies: Vocabularies
  private let scale: RatingScale
  private let mean: Double
  private let deviation: Double
  let byUser: RatingRows
  let byItem: RatingRows
  private(set) var userBiases: [Float]
  private(set) var itemBiases: [Float]
  private(set) var userFactors: Matrix
  private(set) var itemFactors: Matrix
  public private(set) var completedEpochs = 0

  init(_ algorithm: AlternatingLeastSquares, _ dataset: RatingDataset, seed: Seed, options: RunOptions) {
    self.algorithm = algorithm
    self.seed = seed
    self.options = options
    vocabularies = dataset.vocabularies
    scale = dataset.scale
    let moments = RatingMoments(dataset, threads: options.threads)
    let (mean, deviation) = (moments.mean, moments.deviation)
    self.mean = mean
    self.deviation = deviation
    let (byUser, byItem) = RatingRows.both(dataset, mean: mean, deviation: deviation, threads: options.threads)
    self.byUser = byUser
    self.byItem = byItem
    userBiases = [Float](repeating: 0, count: dataset.userCount)
    itemBiases = [Float](repeating: 0, count: dataset.itemCount)
    userFactors = .randomFactors(
      rows: dataset.userCount, factors: algorithm.factors, standardDeviation: algorithm.initialStandardDeviation,
      seed: seed, purpose: "als.users", threads: options.threads,
      isSeen: (0..<dataset.userCount).map { byUser.count($0) > 0 })
    itemFactors = Matrix(rows: dataset.itemCount, columns: algorithm.factors)
  }

  public var epochs: Int { algorithm.sweeps }

  public mutating func step() throws(TrainingError) -> EpochResult {
    try solveItems()
    let squares = try solveUsers()
    completedEpochs += 1
    let isFinite = BiasedFactorModel.isFinite(
      mean: mean, userBiases: userBiases.map { $0 * Float(deviation) },
      itemBiases: itemBiases.map { $0 * Float(deviation) }, userFactors: userFactors, itemFactors: itemFactors)
    return EpochResult(
      trainingRMSE: isFinite ? (squares / Double(byUser.ratings.count)).squareRoot() * deviation : .infinity,
      ratings: byUser.ratings.count)
  }

  /// The first half of a sweep: every item, given the users.
  mutating func solveItems() throws(TrainingError) {
    let outcome = algorithm.rowSolver.solve(
      byItem, factors: &itemFactors, biases: &itemBiases, given: userFactors, userBiases, sumsSquares: false,
      threads: options.threads, cancellation: options.cancellation)
    try check(outcome, "item", vocabularies.items)
  }

  /// The second half of a sweep: every user, given the items. Returns the sum of squared errors after it.
  mutating func solveUsers() throws(TrainingError) -> Double {
    let outcome = algorithm.rowSolver.solve(
      byUser, factors: &userFactors, biases: &userBiases, given: itemFactors, itemBiases, sumsSquares: true,
      threads: options.threads, cancellation: options.cancellation)
    try check(outcome, "user", vocabularies.users)
    return outcome.squares
  }

  private func check(_ outcome: RowSolver.Outcome, _ kind: String, _ ids: Vocabulary) throws(TrainingError) {
    if outcome.isCancelled { throw TrainingError.cancelled }
    guard let row = outcome.failedRow else { return }
    throw .notUnique("\(kind) \(ids[row])", sweep: completedEpochs + 1)
  }

  /// - Complexity: O((users + items) x factors): a copy.
  public func model() -> BiasedFactorModel {
    BiasedFactorModel(
      vocabularies: vocabularies, scale: scale, mean: mean, unit: deviation, userBiases: userBiases,
      itemBiases: itemBiases, userFactors: userFactors, itemFactors: itemFactors)
  }

  private var tensors: [Tensor] {
    [
      Tensor("biases.users", .float32(userBiases)), Tensor("biases.items", .float32(itemBiases)),
      userFactors.tensor("factors.users"), itemFactors.tensor("factors.items"),
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
    completedEpochs = checkpoint.completedEpochs
  }
}

extension TrainingError {
  /// The least squares problem of `row`, such as `user 17`, has no unique solution.
  static func notUnique(_ row: String, sweep: Int? = nil) -> TrainingError {
    TrainingError(
      .diverged,
      message: "the equations of \(row) have no unique solution\(sweep.map { " in sweep \($0)" } ?? "")",
      remedy: "raise regularization and biasRegularization, for example to 0.05")
  }
}
