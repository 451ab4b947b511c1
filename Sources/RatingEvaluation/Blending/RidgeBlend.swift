import RatingNumerics

/// The linear blend of several predictions of the same rows that is closest to the answers.
///
///     let blend = try RidgeBlend(predictions: [mine, yours, theirs], answers: probe, users: users)
///     blend.weights, blend.intercept
///     blend.outOfFoldRMSE                                   // what it would reach on users it has not seen
///     blend.blended([mineQualifying, yoursQualifying, theirsQualifying])
///
/// Ridge regression: with predictions x and answer y of a row, weights w and intercept c minimize
/// sum (y - c - w . x)^2 + lambda t |w - 1 / k|^2, where k is the number of predictions and t the mean of their sums of
/// squared deviations, so that lambda has no unit. It draws toward the plain average, not toward 0: an endlessly large
/// lambda gives the average, shifted to the right mean.
///
/// Lambda is the one of a list whose **out-of-fold** error is least: users are dealt into folds, and the rows of each fold
/// are predicted with weights from the others. No user is on both sides. That error is the honest estimate of what the
/// blend reaches, but for the choice of lambda; the error on the rows that the weights were fitted to is too low.
///
/// Everything follows from sums of products, one pass over the rows by BLAS (`syrk`); systems are solved by Cholesky
/// factors.
///
/// Source: Jahrer, Toescher and Legenstein, "Combining predictions for accurate recommender systems", KDD 2010,
/// doi:10.1145/1835804.1835893.
public struct RidgeBlend: Sendable, Hashable {
  /// From nearly none to nearly the plain average.
  public static let defaultLambdas = [1e-8, 1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 10, 1000]
  public static let defaultFolds = 10

  /// A lambda that was tried, and the out-of-fold error with it.
  public struct Trial: Sendable, Hashable {
    public let lambda: Double
    public let rmse: Double
  }

  /// One for each of the predictions.
  public let weights: [Double]
  public let intercept: Double
  public let lambda: Double
  /// All lambdas, in the order given.
  public let trials: [Trial]
  public let folds: Int
  /// The error on rows whose users were kept out of the fit.
  public let outOfFoldRMSE: Double
  /// The error on the rows that the weights were fitted to: too low by what fitting them gains.
  public let inSampleRMSE: Double
  /// The blend of each row with the weights of the folds that don't have its user.
  public let outOfFoldPredictions: [Double]

  /// - Parameters:
  ///   - predictions: one array for each of the k predictions, row by row.
  ///   - users: a number for each row, the same for rows of one user.
  ///   - lambdas: above 0.
  ///   - folds: at least 2; fewer are made where there are fewer users.
  ///   - seed: decides which user is in which fold.
  /// - Throws: `no-rows`, `lengths-differ`, `not-a-number`; `too-few-clusters` where all rows are of one user.
  /// - Complexity: O(rows k^2 + lambdas folds k^3).
  public init(
    predictions: [[Double]], answers: [Double], users: [UInt32], lambdas: [Double] = defaultLambdas,
    folds: Int = defaultFolds, seed: Seed = 1, threads: Int? = nil
  ) throws(EvaluationError) {
    precondition(!predictions.isEmpty, "a blend is of at least 1 prediction, got none")
    precondition(!lambdas.isEmpty && lambdas.allSatisfy { $0 > 0 }, "lambdas are above 0, got \(lambdas)")
    precondition(folds >= 2, "a blend needs at least 2 folds, got \(folds)")
    guard !answers.isEmpty else { throw EvaluationError(.noRows, "there are no rows, and nothing has no weights") }
    for count in predictions.map(\.count) + [users.count] where count != answers.count {
      throw EvaluationError(.lengthsDiffer, "every answer has its predictions, got \(count) of \(answers.count)")
    }
    for column in predictions + [answers] {
      if let wrong = column.first(where: { !(abs($0) <= 1000) }) {
        throw EvaluationError(.notANumber, "a number to blend is \(wrong); expected one in -1000...1000")
      }
    }
    let dealt = UserFolds(users, folds: folds, seed: seed)
    guard dealt.folds >= 2 else {
      throw EvaluationError(.tooFewClusters, "a blend needs rows of at least 2 users, to check it on one of them")
    }
    let shift = answers.reduce(0, +) / Double(answers.count)
    let parts = Parallel.map(dealt.folds, threads: threads) { fold in
      BlendMoments(predictions, answers, rows: dealt.rows[fold], shift: shift)
    }
    var total = BlendMoments(models: predictions.count, shift: shift)
    for part in parts { total.add(part) }
    let others = parts.map { part in
      var rest = total
      rest.subtract(part)
      return rest
    }
    let rows = Double(answers.count)
    var best: (lambda: Double, rmse: Double, fits: [BlendWeights])?
    var trials: [Trial] = []
    for lambda in lambdas {
      let fits = others.map { $0.weights(lambda: lambda) }
      let squares = zip(parts, fits).reduce(0.0) { $0 + $1.0.squaredError(of: $1.1) }
      let rmse = (max(squares, 0) / rows).squareRoot()
      trials.append(Trial(lambda: lambda, rmse: rmse))
      if rmse < best?.rmse ?? .infinity { best = (lambda, rmse, fits) }
    }
    let chosen = best!
    let final = total.weights(lambda: chosen.lambda)
    var blended = [Double](repeating: 0, count: answers.count)
    for (fold, fit) in chosen.fits.enumerated() {
      for row in dealt.rows[fold] {
        var value = fit.intercept
        for model in predictions.indices { value += fit.weights[model] * predictions[model][row] }
        blended[row] = value
      }
    }
    weights = final.weights
    intercept = final.intercept
    lambda = chosen.lambda
    self.trials = trials
    self.folds = dealt.folds
    outOfFoldRMSE = chosen.rmse
    inSampleRMSE = (max(total.squaredError(of: final), 0) / rows).squareRoot()
    outOfFoldPredictions = blended
  }

  /// intercept + weights . x for each row.
  ///
  /// - Precondition: there is one array for each weight, all of one length.
  public func blended(_ predictions: [[Double]]) -> [Double] {
    precondition(
      predictions.count == weights.count, "a blend of \(weights.count) predictions got \(predictions.count)")
    var values = [Double](repeating: intercept, count: predictions[0].count)
    for (weight, column) in zip(weights, predictions) {
      precondition(column.count == values.count, "predictions to blend have one length")
      for row in values.indices { values[row] += weight * column[row] }
    }
    return values
  }
}

/// Users dealt into folds at random, all rows of a user into one.
struct UserFolds {
  /// The number of folds that have rows.
  let folds: Int
  /// The rows of each.
  let rows: [[Int]]

  init(_ users: [UInt32], folds: Int, seed: Seed) {
    var rows = [[Int]](repeating: [], count: folds)
    var foldOf = [Int8](repeating: -1, count: Int(users.max() ?? 0) + 1)
    precondition(folds <= 127, "there are at most 127 folds, got \(folds)")
    // Users in the order of their first rows are dealt one by one, each round of folds in another order.
    var order = Array(0..<folds)
    var stream = RandomStream(seed: seed, purpose: "blend.folds")
    var dealt = 0
    for (row, user) in users.enumerated() {
      if foldOf[Int(user)] < 0 {
        if dealt % folds == 0 { stream.shuffle(&order) }
        foldOf[Int(user)] = Int8(order[dealt % folds])
        dealt += 1
      }
      rows[Int(foldOf[Int(user)])].append(row)
    }
    self.rows = rows.filter { !$0.isEmpty }
    self.folds = self.rows.count
  }
}
