/// Which models of a table can be told apart on this test set.
///
/// The rule: every pair of models gets a paired test of its difference in RMSE, clustered by user, and all p-values are
/// adjusted together by Holm's method. A pair whose adjusted p-value is at most alpha differs.
///
/// - `ranks`: 1 + the number of models that differ from a model and are better. All models of rank 1 may be the best.
/// - `letters`: models stand in the order of their RMSE, and each largest run of them in which no pair differs gets a
///   letter. Models that share a letter can't be told apart. (Two models without a common letter differ, or one between
///   them differs from one of the two.)
public struct RankGroups: Sendable, Hashable {
  /// The models by RMSE, the best first.
  public let order: [Int]
  /// For each model.
  public let ranks: [Int]
  /// For each model, such as `a` or `ab`.
  public let letters: [String]
  /// models x models: the adjusted p-value of each pair, 1 on the diagonal.
  private let pValues: [Double]
  /// The level at which pairs differ.
  public let alpha: Double

  /// - Throws: `too-few-clusters`.
  /// - Complexity: O(models^2 x users).
  public init(
    _ inference: ErrorInference, clustering: Clustering = .users, alpha: Double = 0.05
  ) throws(EvaluationError) {
    let models = inference.models
    var pairs: [(Int, Int)] = []
    var values: [Double] = []
    for a in 0..<models {
      for b in 0..<a {
        pairs.append((a, b))
        values.append(try inference.interval(for: .difference(a, b), clustering: clustering).pValue())
      }
    }
    var matrix = [Double](repeating: 1, count: models * models)
    for ((a, b), value) in zip(pairs, holm(values)) {
      matrix[a * models + b] = value
      matrix[b * models + a] = value
    }
    let errors = (0..<models).map(inference.rmse)
    self.init(errors: errors, pValues: matrix, alpha: alpha)
  }

  /// - Parameters:
  ///   - errors: an RMSE for each model.
  ///   - pValues: errors.count x errors.count, symmetric, adjusted already.
  public init(errors: [Double], pValues: [Double], alpha: Double = 0.05) {
    let models = errors.count
    precondition(
      pValues.count == models * models, "\(models) models have \(models * models) pairs, got \(pValues.count)")
    func differ(_ a: Int, _ b: Int) -> Bool { pValues[a * models + b] <= alpha }
    let order = errors.indices.sorted { (errors[$0], $0) < (errors[$1], $1) }
    ranks = (0..<models).map { model in
      1 + (0..<models).count { errors[$0] < errors[model] && differ($0, model) }
    }
    var letters = [String](repeating: "", count: models)
    var (letter, covered) = (0, 0)
    for start in 0..<models {
      var end = start + 1
      while end < models, !(start..<end).contains(where: { differ(order[$0], order[end]) }) { end += 1 }
      // A run that ends no later than the one before is a part of it.
      guard end > covered else { continue }
      covered = end
      for place in start..<end { letters[order[place]] += Self.name(letter) }
      letter += 1
    }
    self.order = order
    self.letters = letters
    self.pValues = pValues
    self.alpha = alpha
  }

  /// The adjusted p-value of the hypothesis that two models have the same RMSE.
  public func pValue(_ a: Int, _ b: Int) -> Double { pValues[a * ranks.count + b] }

  /// `a` ... `z`, then `a1` ... `z1`, ...
  private static func name(_ index: Int) -> String {
    let letter = String(UnicodeScalar(UInt8(ascii: "a") + UInt8(index % 26)))
    return index < 26 ? letter : "\(letter)\(index / 26)"
  }
}
