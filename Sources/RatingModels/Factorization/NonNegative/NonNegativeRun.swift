import RatingData
import RatingNumerics

/// A run of `NonNegativeFactorization`, in units of the training ratings' standard deviation.
///
/// A row holds the factors, then for a user (bias, 1) and for an item (1, bias): the product of two rows is the
/// prediction.
public struct NonNegativeRun: TrainingRun {
  private let algorithm: NonNegativeFactorization
  private let seed: Seed
  private let options: RunOptions
  private let dataset: RatingDataset
  private let lower: Double
  private let deviation: Double
  private let byUser: SparseRatings
  private let byItem: SparseRatings
  /// What rows without ratings hold, and what others are held to.
  private let share: NonNegativeModel.EvenShare
  private(set) var users: Matrix
  private(set) var items: Matrix
  public private(set) var completedEpochs = 0

  init(_ algorithm: NonNegativeFactorization, _ dataset: RatingDataset, seed: Seed, options: RunOptions) {
    self.algorithm = algorithm
    self.seed = seed
    self.options = options
    self.dataset = dataset
    let smallest = dataset.withUnsafeColumns { $0.ratings.reduce(.infinity) { min($0, Double($1)) } }
    lower = min(dataset.scale.lower, smallest)
    let moments = RatingMoments(dataset, threads: options.threads)
    let mean = moments.mean
    deviation = moments.deviation
    (byUser, byItem) = SparseRatings.both(dataset, threads: options.threads)
    let factors = algorithm.factors
    let share = NonNegativeModel.EvenShare(of: max(mean - lower, 0) / deviation, factors: factors)
    self.share = share
    func rows(_ ratings: SparseRatings, purpose: StreamPurpose, bias: Int) -> Matrix {
      var matrix = Matrix(rows: ratings.keyCount, columns: factors + 2)
      for row in 0..<ratings.keyCount {
        var stream = RandomStream(seed: seed, purpose: purpose, index: UInt64(row))
        let spread = ratings.count(row) == 0 ? 0 : algorithm.initialSpread
        for factor in 0..<factors {
          matrix[row, factor] = Float(share.factor * (1 + spread * (2 * stream.uniform() - 1)))
        }
        matrix[row, factors + bias] = Float(share.bias)
        matrix[row, factors + 1 - bias] = 1
      }
      return matrix
    }
    users = rows(byUser, purpose: "nmf.users", bias: 0)
    items = rows(byItem, purpose: "nmf.items", bias: 1)
  }

  public var epochs: Int { algorithm.sweeps }

  public mutating func step() throws(TrainingError) -> EpochResult {
    let factors = algorithm.factors
    try update(&users, from: items, byUser, bias: factors)
    try update(&items, from: users, byItem, bias: factors + 1)
    completedEpochs += 1
    return EpochResult(trainingRMSE: try trainingRMSE(), ratings: dataset.count)
  }

  /// One multiplicative update of every row that has ratings.
  private func update(
    _ rows: inout Matrix, from others: Matrix, _ ratings: SparseRatings, bias: Int
  ) throws(TrainingError) {
    let (stride, factors, lower, scale) = (rows.stride, algorithm.factors, Float(lower), 1 / Float(deviation))
    let (weight, biasWeight) = (Float(algorithm.regularization), Float(algorithm.biasRegularization))
    let (evenFactor, evenBias) = (Float(share.factor), Float(share.bias))
    let cancellation = options.cancellation
    rows.withUnsafeMutableElements { rows in
      nonisolated(unsafe) let rows = rows
      others.withUnsafeElements { others in
        nonisolated(unsafe) let others = others
        Parallel.forEach(ratings.pieces, threads: options.threads) { piece in
          let decoded = DecodedRatings()
          var (wanted, predicted): ([Float], [Float]) = ([], [])
          var sums = Matrix(rows: 2, columns: stride)
          for key in ratings.keys(inPiece: piece) where ratings.count(key) > 0 {
            if cancellation?.isCancelled ?? false { return }
            let row = rows + key * stride
            decoded.read(ratings, ratings.range(key))
            let (values, indices) = (decoded.values, decoded.others)
            wanted.removeAll(keepingCapacity: true)
            predicted.removeAll(keepingCapacity: true)
            for place in 0..<decoded.count {
              wanted.append((values[place] - lower) * scale)
              predicted.append(Kernels.dot(row, others + Int(indices[place]) * stride, count: stride))
            }
            sums.withUnsafeMutableElements { sums in
              let below = sums + stride
              Kernels.sumRows(
                others, stride: stride, rows: indices, weights: wanted, count: decoded.count, into: sums)
              Kernels.sumRows(
                others, stride: stride, rows: indices, weights: predicted, count: decoded.count, into: below)
              func step(_ place: Int, _ weight: Float, _ even: Float) {
                let divisor = below[place] + weight * row[place]
                if divisor > 0 { row[place] *= (sums[place] + weight * even) / divisor }
              }
              for factor in 0..<factors { step(factor, weight, evenFactor) }
              step(bias, biasWeight, evenBias)
            }
          }
        }
      }
    }
    if cancellation?.isCancelled ?? false { throw TrainingError.cancelled }
  }

  /// The error on the training ratings, after the sweep.
  private func trainingRMSE() throws(TrainingError) -> Double {
    let (stride, ratings, lower, deviation) = (users.stride, byUser, lower, deviation)
    let squares = users.withUnsafeElements { users in
      nonisolated(unsafe) let users = users
      return items.withUnsafeElements { items in
        nonisolated(unsafe) let items = items
        return Parallel.map(ratings.pieces, threads: options.threads) { piece in
          let decoded = DecodedRatings()
          var sum = 0.0
          for user in ratings.keys(inPiece: piece) {
            decoded.read(ratings, ratings.range(user))
            for place in 0..<decoded.count {
              let product = Kernels.dot(
                users + user * stride, items + Int(decoded.others[place]) * stride, count: stride)
              let error = Double(decoded.values[place]) - lower - deviation * Double(product)
              sum += error * error
            }
          }
          return sum
        }
      }
    }
    let product = (users.largestSquaredLength() * items.largestSquaredLength()).squareRoot() * deviation
    return product < 1e37 ? (squares.reduce(0, +) / Double(dataset.count)).squareRoot() : .infinity
  }

  /// - Complexity: O((users + items) x factors): a copy.
  public func model() -> NonNegativeModel {
    NonNegativeModel(
      vocabularies: dataset.vocabularies, scale: dataset.scale, mean: dataset.mean, lower: lower,
      deviation: deviation, users: users, items: items)
  }

  private var tensors: [Tensor] { [users.tensor("factors.users"), items.tensor("factors.items")] }

  public func checkpoint() -> Checkpoint {
    Checkpoint(completedEpochs: completedEpochs, seed: seed, tensors: tensors)
  }

  public mutating func restore(_ checkpoint: Checkpoint) throws(TrainingError) {
    try checkpoint.check(epochs: epochs, seed: seed, like: tensors)
    let values = checkpoint.tensors.map(\.floats)
    users = Matrix(rows: users.rows, columns: users.columns, dense: values[0])
    items = Matrix(rows: items.rows, columns: items.columns, dense: values[1])
    completedEpochs = checkpoint.completedEpochs
  }
}
