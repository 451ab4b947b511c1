import RatingData
import RatingNumerics

/// A run of `BiasedMatrixFactorization`. Its parameters are in units of the training ratings' standard deviation, and in
/// the order of the grid; the models that it makes are in the rating's unit, and in the order of the vocabulary.
public struct BiasedFactorRun: TrainingRun {
  private let algorithm: BiasedMatrixFactorization
  private let seed: Seed
  private let options: RunOptions
  private let vocabularies: Vocabularies
  private let scale: RatingScale
  private let mean: Double
  private let deviation: Double
  private let grid: RatingGrid
  private let regularizations: BiasRegularizations
  private var parts: BiasedFactorParts
  public private(set) var completedEpochs = 0

  init(_ algorithm: BiasedMatrixFactorization, _ dataset: RatingDataset, seed: Seed, options: RunOptions) {
    self.algorithm = algorithm
    self.seed = seed
    self.options = options
    vocabularies = dataset.vocabularies
    scale = dataset.scale
    let moments = RatingMoments(dataset, threads: options.threads)
    mean = algorithm.usesMean ? moments.mean : 0
    deviation = moments.deviation
    let grid = RatingGrid(dataset, mean: mean, deviation: deviation, seed: seed, threads: options.threads)
    self.grid = grid
    regularizations = BiasRegularizations(algorithm, grid)
    func factors(_ partition: GridPartition, _ purpose: StreamPurpose) -> Matrix {
      var factors = Matrix.randomFactors(
        rows: partition.counts.count, factors: algorithm.factors,
        standardDeviation: algorithm.initialStandardDeviation, seed: seed, purpose: purpose, threads: options.threads,
        isSeen: partition.counts.map { $0 > 0 }, positions: partition.positions)
      if algorithm.isNonNegative { factors.makeAbsolute() }
      return factors
    }
    parts = BiasedFactorParts(
      userBiases: [Float](repeating: 0, count: dataset.userCount),
      itemBiases: [Float](repeating: 0, count: dataset.itemCount), userFactors: factors(grid.users, "biased-mf.users"),
      itemFactors: factors(grid.items, "biased-mf.items"))
    if algorithm.learningRateSchedule == .adaptive {
      parts.userSquares = [Float](repeating: 1, count: dataset.userCount)
      parts.itemSquares = [Float](repeating: 1, count: dataset.itemCount)
    }
  }

  public var epochs: Int { algorithm.epochs }

  public mutating func step() throws(TrainingError) -> EpochResult {
    let epoch = completedEpochs + 1
    let learningRate = algorithm.learningRateSchedule.rate(
      algorithm.learningRate, epoch: epoch, of: epochs, decay: algorithm.learningRateDecay)
    let (grid, cancellation, seed, threads) = (grid, options.cancellation, seed, options.threads)
    let squares = parts.withKernelModel(algorithm, regularizations, learningRate: Float(learningRate)) { model in
      nonisolated(unsafe) let model = model
      return grid.forEachBlock(seed: seed, epoch: epoch, threads: threads) { block, firstItem in
        if cancellation?.isCancelled ?? false { return 0 }
        return Kernels.descend(model.items(from: firstItem), block)
      }
    }
    if cancellation?.isCancelled ?? false { throw TrainingError.cancelled }
    completedEpochs = epoch
    // An overflow in the last steps has not met a rating yet: it shows in the parameters.
    return EpochResult(
      trainingRMSE: parts.isFinite(scaledBy: deviation, mean: mean, threads: threads)
        ? (squares / Double(grid.count)).squareRoot() * deviation : .infinity,
      learningRate: learningRate, ratings: grid.count)
  }

  /// - Complexity: O((users + items) x factors): a copy.
  public func model() -> BiasedFactorModel {
    let root = Float(deviation.squareRoot())
    return BiasedFactorModel(
      vocabularies: vocabularies, scale: scale, mean: mean, deviation: deviation,
      userBiases: grid.users.inOrder(parts.userBiases).map { $0 * Float(deviation) },
      itemBiases: grid.items.inOrder(parts.itemBiases).map { $0 * Float(deviation) },
      userFactors: parts.userFactors.rows(grid.users.positions, scaledBy: root, threads: options.threads),
      itemFactors: parts.itemFactors.rows(grid.items.positions, scaledBy: root, threads: options.threads))
  }

  private var tensors: [Tensor] {
    var tensors = [
      Tensor("biases.users", .float32(grid.users.inOrder(parts.userBiases))),
      Tensor("biases.items", .float32(grid.items.inOrder(parts.itemBiases))),
      parts.userFactors.rows(grid.users.positions, threads: options.threads).tensor("factors.users"),
      parts.itemFactors.rows(grid.items.positions, threads: options.threads).tensor("factors.items"),
    ]
    if algorithm.learningRateSchedule == .adaptive {
      tensors.append(Tensor("squares.users", .float32(grid.users.inOrder(parts.userSquares))))
      tensors.append(Tensor("squares.items", .float32(grid.items.inOrder(parts.itemSquares))))
    }
    return tensors
  }

  public func checkpoint() -> Checkpoint {
    Checkpoint(completedEpochs: completedEpochs, seed: seed, tensors: tensors)
  }

  public mutating func restore(_ checkpoint: Checkpoint) throws(TrainingError) {
    try checkpoint.check(epochs: epochs, seed: seed, like: tensors)
    let values = checkpoint.tensors.map(\.floats)
    let (users, items) = (grid.users, grid.items)
    func matrix(_ values: [Float], _ partition: GridPartition) -> Matrix {
      Matrix(rows: partition.order.count, columns: algorithm.factors, dense: values)
        .rows(partition.order, threads: options.threads)
    }
    parts = BiasedFactorParts(
      userBiases: users.inGridOrder(values[0]), itemBiases: items.inGridOrder(values[1]),
      userFactors: matrix(values[2], users), itemFactors: matrix(values[3], items))
    if values.count > 4 {
      parts.userSquares = users.inGridOrder(values[4])
      parts.itemSquares = items.inGridOrder(values[5])
    }
    completedEpochs = checkpoint.completedEpochs
  }
}

extension GridPartition {
  /// Values at positions, by index.
  func inOrder(_ values: [Float]) -> [Float] { positions.map { values[Int($0)] } }
  /// Values by index, at positions.
  func inGridOrder(_ values: [Float]) -> [Float] { order.map { values[Int($0)] } }
}
