import RatingData
import RatingNumerics

/// A model whose ratings are sums of a part of the user, a part of the item, and a product of two vectors: all items of
/// many users can then be scored by one matrix product.
///
///     rating(u, i) = constant(u) + itemBias(i) + vector(u) . vector(i)
///
/// Matrix factorization is of this form, and so is SVD++ with the implicit part added to the user's factors. Where the
/// rating depends on time, the parts are those of one moment.
public protocol ScoresAllItems: RatingModel {
  /// The parts of the sum at a time, in seconds since 1970-01-01 00:00 UTC; nil means a question without a time.
  func itemScorer(time: UInt32?) -> ItemScorer
}

/// The parts of a model that scores all items of a user at once; see `ScoresAllItems`.
///
/// Scores are computed in Float by a matrix product, so that they differ a little from the ratings that the model
/// predicts, by at most `error(userLength:constant:)`.
public struct ItemScorer: Sendable {
  /// The length of the vectors; 0 for a model without them.
  public let factors: Int
  let itemVectors: Matrix
  let itemBiases: [Float]
  /// Writes a user's vector, `factors` numbers, and returns the user's constant. A user that the model doesn't know, also
  /// `RatingPairs.unknown`, gets zeros.
  let writeUser: @Sendable (_ user: UInt32, _ vector: UnsafeMutablePointer<Float>) -> Double
  private let largestItemLength: Double
  private let largestBias: Double

  /// - Parameters:
  ///   - itemVectors: a row for each item.
  ///   - itemBiases: one for each item.
  ///   - writeUser: writes the vector of a user, as many numbers as `itemVectors` has columns, and returns the user's
  ///     constant. It is called on several threads at once.
  /// - Complexity: O(items x factors).
  public init(
    itemVectors: Matrix, itemBiases: [Float],
    writeUser: @escaping @Sendable (_ user: UInt32, _ vector: UnsafeMutablePointer<Float>) -> Double
  ) {
    precondition(
      itemVectors.rows == itemBiases.count,
      "each item needs a vector and a bias, got \(itemVectors.rows) vectors and \(itemBiases.count) biases")
    factors = itemVectors.columns
    self.itemVectors = itemVectors
    self.itemBiases = itemBiases
    self.writeUser = writeUser
    largestItemLength = itemVectors.largestSquaredLength().squareRoot()
    largestBias = itemBiases.reduce(0) { max($0, Double(abs($1))) }
  }

  public var items: Int { itemBiases.count }

  /// How far a score without the user's constant may lie from itemBias(i) + vector(u) . vector(i), and a rating that is
  /// computed in Float in another order too: twice the bound of a dot product, n eps |a| |b| with n two larger than the
  /// length for the bias, and as much for the bias; and what adding the constant in Double loses.
  ///
  /// Source: Higham, "Accuracy and stability of numerical algorithms" (2002), section 3.1, doi:10.1137/1.9780898718027.
  func error(userLength: Double, constant: Double) -> Double {
    2 * Double(factors + 2) * 0x1p-23 * (userLength * largestItemLength + largestBias) + abs(constant) * 0x1p-50
  }

  /// The vectors and constants of users, a row each, and the vectors' Euclidean lengths.
  func users(_ users: ArraySlice<UInt32>) -> (vectors: Matrix, constants: [Double], lengths: [Double]) {
    var vectors = Matrix(rows: users.count, columns: factors)
    var (constants, lengths) = ([Double](), [Double]())
    let stride = vectors.stride
    vectors.withUnsafeMutableElements { elements in
      for (row, user) in users.enumerated() {
        let vector = elements + row * stride
        constants.append(writeUser(user, vector))
        lengths.append((0..<factors).reduce(0.0) { $0 + Double(vector[$1]) * Double(vector[$1]) }.squareRoot())
      }
    }
    return (vectors, constants, lengths)
  }

  /// Writes the scores of a range of items without the users' constants:
  /// `scores[row * stride + (item - items.lowerBound)]`.
  func score(_ users: Matrix, items: Range<Int>, into scores: UnsafeMutablePointer<Float>, stride: Int) {
    for row in 0..<users.rows {
      itemBiases.withUnsafeBufferPointer {
        (scores + row * stride).update(from: $0.baseAddress! + items.lowerBound, count: items.count)
      }
    }
    guard factors > 0 else { return }
    users.withUnsafeElements { user in
      itemVectors.withUnsafeElements { item in
        BLAS.multiply(
          m: users.rows, n: items.count, k: factors, user, aStride: users.stride,
          item + items.lowerBound * itemVectors.stride, bStride: itemVectors.stride, transposeB: true, beta: 1,
          into: scores, cStride: stride)
      }
    }
  }
}

extension BiasedFactorModel: ScoresAllItems {
  public func itemScorer(time: UInt32?) -> ItemScorer {
    ItemScorer(itemVectors: itemFactors, itemBiases: itemBiases) { user, vector in
      guard user < userBiases.count else { return mean }
      userFactors.withUnsafeElements {
        vector.update(from: $0 + Int(user) * userFactors.stride, count: userFactors.columns)
      }
      return mean + Double(userBiases[Int(user)])
    }
  }
}

extension BiasModel: ScoresAllItems {
  public func itemScorer(time: UInt32?) -> ItemScorer {
    ItemScorer(itemVectors: Matrix(rows: itemBiases.count, columns: 0), itemBiases: itemBiases.map { Float($0) }) {
      user, _ in
      mean + (user < userBiases.count ? userBiases[Int(user)] : 0)
    }
  }
}
