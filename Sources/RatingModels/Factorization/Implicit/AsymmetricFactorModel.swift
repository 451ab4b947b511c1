import RatingData
import RatingNumerics

/// Predicts mean + userBias[u] + itemBias[i] + users[u] . itemFactors[i], in the rating's unit, where users[u] is made
/// from the user's ratings alone.
///
/// The model of `AsymmetricSVD`. It predicts as `BiasedFactorModel` does and costs no more, and keeps what each rated
/// item adds, so that it can serve users who were not there (`userFactors(ofRated:)`).
public struct AsymmetricFactorModel: SavableModel {
  /// The model with the sums done.
  public let base: BiasedFactorModel
  /// c(j) x(j) and c(j) y(j), one row for each item.
  let ratedFactors: Matrix
  let implicitFactors: Matrix

  init(_ base: BiasedFactorModel, ratedFactors: Matrix, implicitFactors: Matrix) {
    self.base = base
    self.ratedFactors = ratedFactors
    self.implicitFactors = implicitFactors
  }

  public var vocabularies: Vocabularies { base.vocabularies }
  public var scale: RatingScale { base.scale }
  public var mean: Double { base.mean }
  /// The number of factors of each user and item.
  public var factors: Int { base.factors }

  public func rating(_ question: Question) -> Double { base.rating(question) }

  /// - Complexity: O(pairs x factors).
  public func predict(_ pairs: RatingPairs, threads: Int?) -> Predictions { base.predict(pairs, threads: threads) }

  /// The factors of a user with these ratings: |R|^(-1/2) x the sum of residual x c(j) x(j), and |R|^(-1/2) x the sum
  /// of c(j) y(j).
  ///
  /// - Parameter ratings: items, each once, with the rating less what biases predict for it, in the rating's unit.
  /// Items
  ///   outside the vocabulary count for nothing.
  /// - Complexity: O(ratings x factors).
  public func userFactors(ofRated ratings: [(item: ItemIndex, residual: Double)]) -> [Float] {
    let known = ratings.filter { Int($0.item.value) < ratedFactors.rows }
    guard !known.isEmpty else { return [Float](repeating: 0, count: factors) }
    let norm = 1 / Float(known.count).squareRoot()
    let rows = known.map(\.item.value)
    var sums = Matrix(rows: 2, columns: ratedFactors.stride)
    sums.withUnsafeMutableElements { sums in
      let second = sums + ratedFactors.stride
      ratedFactors.withUnsafeElements {
        Kernels.sumRows(
          $0, stride: ratedFactors.stride, rows: rows, weights: known.map { Float($0.residual) }, count: rows.count,
          into: sums)
      }
      implicitFactors.withUnsafeElements {
        Kernels.sumRows($0, stride: implicitFactors.stride, rows: rows, count: rows.count, into: second)
      }
      for factor in 0..<factors { sums[factor] = norm * (sums[factor] + second[factor]) }
    }
    return Array(sums.row(0).prefix(factors))
  }

  public var tensors: [Tensor] {
    base.tensors + [ratedFactors.tensor("factors.rated"), implicitFactors.tensor("factors.implicit")]
  }

  public init(_ tensors: ModelTensors) throws(ModelTensors.Failure) {
    base = try BiasedFactorModel(tensors)
    let shape = [tensors.vocabularies.items.count, base.factors]
    ratedFactors = Matrix(
      rows: shape[0], columns: shape[1], dense: try tensors.floats("factors.rated", shape: shape).values)
    implicitFactors = Matrix(
      rows: shape[0], columns: shape[1], dense: try tensors.floats("factors.implicit", shape: shape).values)
  }
}
