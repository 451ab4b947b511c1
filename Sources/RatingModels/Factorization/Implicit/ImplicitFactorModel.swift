import RatingData
import RatingNumerics

/// Predicts mean + userBias[u] + itemBias[i] + users[u] . itemFactors[i], in the rating's unit, where users[u] holds
/// all that is known of the user: own factors and the sum over the rated items.
///
/// The model of `SVDPlusPlus`. It predicts as `BiasedFactorModel` does and costs no more, and keeps the implicit
/// factors, from which a vector can be made for a user who was not there (`userFactors(ofRated:)`).
public struct ImplicitFactorModel: SavableModel {
  /// The model with the sums done.
  public let base: BiasedFactorModel
  /// c(j) y(j), one row for each item.
  let implicitFactors: Matrix

  init(_ base: BiasedFactorModel, implicitFactors: Matrix) {
    self.base = base
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

  /// The factors of a user of whom is known only which items were rated: |N|^(-1/2) x the sum of c y over these.
  ///
  /// Items outside the vocabulary count for nothing. The scalar product with an item's factors is what the model
  /// expects the user's rating to be above the mean and the biases.
  ///
  /// - Complexity: O(items x factors).
  public func userFactors(ofRated items: [ItemIndex]) -> [Float] {
    let known = items.map(\.value).filter { Int($0) < implicitFactors.rows }
    guard !known.isEmpty else { return [Float](repeating: 0, count: factors) }
    let norm = 1 / Float(known.count).squareRoot()
    var sum = Matrix(rows: 1, columns: factors)
    sum.withUnsafeMutableElements { sum in
      implicitFactors.withUnsafeElements {
        Kernels.sumRows(
          $0, stride: implicitFactors.stride, rows: known, weights: known.map { _ in norm }, count: known.count,
          into: sum)
      }
    }
    return sum.row(0)
  }

  public var tensors: [Tensor] { base.tensors + [implicitFactors.tensor("factors.implicit")] }

  public init(_ tensors: ModelTensors) throws(ModelTensors.Failure) {
    base = try BiasedFactorModel(tensors)
    let items = tensors.vocabularies.items.count
    let values = try tensors.floats("factors.implicit", shape: [items, base.factors]).values
    implicitFactors = Matrix(rows: items, columns: base.factors, dense: values)
  }
}
