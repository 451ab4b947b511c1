import RatingData
import RatingNumerics

/// Predicts lower + deviation x users[u] . items[i], with rows that are never negative: the factors, then (bias, 1)
/// for a user and (1, bias) for an item.
///
/// An unseen user or item has a row of even shares of the mean; where both are unseen, the prediction is the mean.
///
/// The model of `NonNegativeFactorization`.
public struct NonNegativeModel: SavableModel {
  public let vocabularies: Vocabularies
  public let scale: RatingScale
  public let mean: Double
  let lower: Double
  let deviation: Double
  let users: Matrix
  let items: Matrix
  /// The row of an unseen user, and of an unseen item.
  private let unseen: Matrix

  /// What makes the mean where nothing else is known: half of it from the factors, half from the two biases.
  struct EvenShare: Sendable {
    let factor: Double
    let bias: Double

    /// - Parameter mean: above the lower bound, in units of the deviation.
    init(of mean: Double, factors: Int) {
      factor = (mean / 2 / Double(factors)).squareRoot()
      bias = mean / 4
    }
  }

  init(
    vocabularies: Vocabularies, scale: RatingScale, mean: Double, lower: Double, deviation: Double, users: Matrix,
    items: Matrix
  ) {
    self.vocabularies = vocabularies
    self.scale = scale
    self.mean = mean
    self.lower = lower
    self.deviation = deviation
    self.users = users
    self.items = items
    let factors = users.columns - 2
    let share = EvenShare(of: max(mean - lower, 0) / deviation, factors: factors)
    unseen = Matrix(rows: 2, columns: factors + 2) { row, column in
      column < factors ? Float(share.factor) : column - factors == row ? Float(share.bias) : 1
    }
  }

  /// The number of factors of each user and item.
  public var factors: Int { users.columns - 2 }

  /// The factors of a user or an item; none is negative.
  public func factors(of user: UserIndex) -> [Float] { Array(users.row(Int(user.value)).prefix(factors)) }
  public func factors(of item: ItemIndex) -> [Float] { Array(items.row(Int(item.value)).prefix(factors)) }

  public func rating(_ question: Question) -> Double {
    rating(question.user?.value ?? .max, question.item?.value ?? .max)
  }

  /// - Complexity: O(pairs x factors).
  public func predict(_ pairs: RatingPairs, threads: Int?) -> Predictions {
    .inPieces(pairs.count, threads: threads) { rows, values in
      for row in rows { values[row] = rating(pairs.users[row], pairs.items[row]) }
    }
  }

  private func rating(_ user: UInt32, _ item: UInt32) -> Double {
    let (user, item, stride) = (Int(user), Int(item), users.stride)
    let (knowsUser, knowsItem) = (user < users.rows, item < items.rows)
    guard knowsUser || knowsItem else { return mean }
    let product = users.withUnsafeElements { users in
      items.withUnsafeElements { items in
        unseen.withUnsafeElements { unseen in
          Kernels.dot(
            knowsUser ? users + user * stride : unseen, knowsItem ? items + item * stride : unseen + stride,
            count: stride)
        }
      }
    }
    return lower + deviation * Double(product)
  }

  public var tensors: [Tensor] {
    [
      Tensor("mean", .float64([mean])), Tensor("unit", .float64([lower, deviation])),
      users.tensor("factors.users"), items.tensor("factors.items"),
    ]
  }

  public init(_ tensors: ModelTensors) throws(ModelTensors.Failure) {
    let (users, items) = (tensors.vocabularies.users.count, tensors.vocabularies.items.count)
    let (shape, userValues) = try tensors.floats("factors.users", shape: [users, nil])
    let itemValues = try tensors.floats("factors.items", shape: [items, shape[1]]).values
    guard (3...BiasedMatrixFactorization.largestFactors + 2).contains(shape[1]) else {
      throw ModelTensors.Failure(
        "rows have \(shape[1]) numbers, expected 3...\(BiasedMatrixFactorization.largestFactors + 2)")
    }
    guard (userValues + itemValues).allSatisfy({ $0 >= 0 }) else {
      throw ModelTensors.Failure("a factor is negative")
    }
    let unit = try tensors.doubles("unit", shape: [2])
    let mean = try tensors.doubles("mean", shape: [1])[0]
    self.init(
      vocabularies: tensors.vocabularies, scale: tensors.scale, mean: mean, lower: unit[0], deviation: unit[1],
      users: Matrix(rows: users, columns: shape[1], dense: userValues),
      items: Matrix(rows: items, columns: shape[1], dense: itemValues))
    let longest = max(self.users.largestSquaredLength(), unseen.largestSquaredLength())
    let product = (longest * max(self.items.largestSquaredLength(), unseen.largestSquaredLength())).squareRoot()
    guard deviation > 0, abs(mean) < 1e37, abs(lower) < 1e37, product * max(deviation, 1) < 1e37 else {
      throw ModelTensors.Failure("the factors are so large that a prediction would not be finite")
    }
  }
}
