import RatingData
import RatingNumerics

/// A run of `BiasedMatrixFactorization`. Its parameters are in units of the training ratings' standard deviation; the
/// models that it makes are in the rating's unit.
public struct BiasedFactorRun: TrainingRun {
  private let algorithm: BiasedMatrixFactorization
  private let seed: Seed
  private let cancellation: CancellationFlag?
  private let vocabularies: Vocabularies
  private let scale: RatingScale
  private let mean: Double
  private let deviation: Double
  private let ratings: ShuffledRatings
  private var userBiases: [Float]
  private var itemBiases: [Float]
  private var userFactors: Matrix
  private var itemFactors: Matrix
  public private(set) var completedEpochs = 0

  init(_ algorithm: BiasedMatrixFactorization, _ dataset: RatingDataset, seed: Seed, options: RunOptions) {
    self.algorithm = algorithm
    self.seed = seed
    cancellation = options.cancellation
    vocabularies = dataset.vocabularies
    scale = dataset.scale
    mean = dataset.mean
    deviation = dataset.standardDeviation(from: mean)
    ratings = ShuffledRatings(dataset, seed: seed, mean: mean, deviation: deviation)
    userBiases = [Float](repeating: 0, count: dataset.userCount)
    itemBiases = [Float](repeating: 0, count: dataset.itemCount)
    var seenUsers = [Bool](repeating: false, count: dataset.userCount)
    var seenItems = [Bool](repeating: false, count: dataset.itemCount)
    dataset.withUnsafeColumns { columns in
      for user in columns.users { seenUsers[Int(user)] = true }
      for item in columns.items { seenItems[Int(item)] = true }
    }
    userFactors = .randomFactors(
      rows: dataset.userCount, factors: algorithm.factors, standardDeviation: algorithm.initialStandardDeviation,
      seed: seed, purpose: "biased-mf.users", threads: options.threads, isSeen: seenUsers)
    itemFactors = .randomFactors(
      rows: dataset.itemCount, factors: algorithm.factors, standardDeviation: algorithm.initialStandardDeviation,
      seed: seed, purpose: "biased-mf.items", threads: options.threads, isSeen: seenItems)
  }

  public var epochs: Int { algorithm.epochs }

  public mutating func step() throws(TrainingError) -> EpochResult {
    let epoch = completedEpochs + 1
    let learningRate = algorithm.learningRateSchedule.rate(algorithm.learningRate, epoch: epoch, of: epochs)
    let (rate, cancellation, stride) = (Float(learningRate), cancellation, userFactors.stride)
    let (regularization, biasRegularization) = (Float(algorithm.regularization), Float(algorithm.biasRegularization))
    var squares = 0.0
    try userBiases.withUnsafeMutableBufferPointer { userBiases throws(TrainingError) in
      try itemBiases.withUnsafeMutableBufferPointer { itemBiases throws(TrainingError) in
        try userFactors.withUnsafeMutableElements { userFactors throws(TrainingError) in
          try itemFactors.withUnsafeMutableElements { itemFactors throws(TrainingError) in
            // The mean is 0 in units of the deviation.
            let model = Kernels.BiasedFactors(
              user_factors: userFactors, item_factors: itemFactors, user_biases: userBiases.baseAddress!,
              item_biases: itemBiases.baseAddress!, factors: stride, mean: 0, user_bias_rate: rate,
              item_bias_rate: rate, bias_regularization: biasRegularization, factor_rate: rate,
              factor_regularization: regularization)
            try ratings.forEachBlock(epoch: epoch) { block throws(TrainingError) in
              if cancellation?.isCancelled ?? false { throw TrainingError.cancelled }
              squares += Kernels.descend(model, ratings: block.baseAddress!, count: block.count)
            }
          }
        }
      }
    }
    completedEpochs = epoch
    // An overflow in the last steps has not met a rating yet: it shows in the parameters. Those of the model are scaled.
    let isFinite = BiasedFactorModel.isFinite(
      mean: mean, userBiases: userBiases.map { $0 * Float(deviation) },
      itemBiases: itemBiases.map { $0 * Float(deviation) }, userFactors: userFactors, itemFactors: itemFactors)
    return EpochResult(
      trainingRMSE: isFinite ? (squares / Double(ratings.count)).squareRoot() * deviation : .infinity,
      learningRate: learningRate, ratings: ratings.count)
  }

  /// - Complexity: O((users + items) x factors): a copy.
  public func model() -> BiasedFactorModel {
    BiasedFactorModel(
      vocabularies: vocabularies, scale: scale, mean: mean, deviation: deviation,
      userBiases: userBiases.map { $0 * Float(deviation) }, itemBiases: itemBiases.map { $0 * Float(deviation) },
      userFactors: userFactors.scaled(by: Float(deviation.squareRoot())),
      itemFactors: itemFactors.scaled(by: Float(deviation.squareRoot())))
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
    let values = checkpoint.tensors.map { tensor -> [Float] in
      if case .float32(let values) = tensor.values { values } else { [] }
    }
    (userBiases, itemBiases) = (values[0], values[1])
    userFactors = Matrix(rows: userFactors.rows, columns: userFactors.columns, dense: values[2])
    itemFactors = Matrix(rows: itemFactors.rows, columns: itemFactors.columns, dense: values[3])
    completedEpochs = checkpoint.completedEpochs
  }
}

extension RatingDataset {
  /// The standard deviation of the ratings around `mean`; 1 where they are all the same.
  func standardDeviation(from mean: Double) -> Double {
    let squares = withUnsafeColumns { columns in
      columns.ratings.reduce(into: 0.0) { $0 += (Double($1) - mean) * (Double($1) - mean) }
    }
    let deviation = (squares / Double(max(count, 1))).squareRoot()
    return deviation > 0 ? deviation : 1
  }
}
