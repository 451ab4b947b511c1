import RatingBench
import Testing
import _RatingTestSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How the defaults of the first models were chosen: five-fold cross-validation inside `u1.base` of MovieLens 100K. No
/// test file is read.
///
///     RATINGBENCH_STUDY=1 RATINGBENCH_DATA=<folder> swift test --filter DefaultsStudy
///
/// prints the table and checks that the defaults are within 0.001 of the best row.
@Suite(
  .enabled(
    if: getenv("RATINGBENCH_STUDY") != nil && RealData.path("ml-100k/u1.base") != nil,
    "the study runs where RATINGBENCH_STUDY is set and RATINGBENCH_DATA names a folder with ml-100k"))
struct DefaultsStudy {
  /// The mean clipped RMSE over five random folds of u1.base.
  func error(_ algorithm: some RegisteredAlgorithm, _ folds: [Split]) throws -> Double {
    let errors = try Parallel.map(folds.count) { fold in
      Result { () throws -> Double in
        let model = try algorithm.fit(to: folds[fold].train, seed: Seed(UInt64(fold)), options: RunOptions(threads: 1))
        let predictions = model.predict(folds[fold].test.pairs, threads: 1)
        return try Scores(predictions: predictions, answers: folds[fold].test).rmseClipped ?? .nan
      }
    }.map { try $0.get() }
    return errors.reduce(0, +) / Double(errors.count)
  }

  func folds() throws -> [Split] {
    let all = try RatingDataset(contentsOf: #require(RealData.path("ml-100k/u1.base")))
    var order = Array(0..<all.count)
    var stream = RandomStream(seed: 7, purpose: "defaults-study")
    stream.shuffle(&order)
    return (0..<5).map { fold in
      Split(
        train: all.selecting(rows: order.indices.filter { $0 % 5 != fold }.map { order[$0] }),
        test: all.selecting(rows: order.indices.filter { $0 % 5 == fold }.map { order[$0] }))
    }
  }

  func best(_ rows: [(text: String, error: Double)]) -> Double {
    for row in rows.sorted(by: { $0.error < $1.error }).prefix(20) { print(row.error, row.text) }
    return rows.map(\.error).min() ?? .infinity
  }

  @Test func biases() throws {
    let folds = try folds()
    var rows: [(String, Double)] = []
    for user in [1.0, 2, 3, 5, 7, 10] {
      for item in [1.0, 2, 3, 4, 5, 7, 10] {
        let algorithm = DampedBiases(userRegularization: user, itemRegularization: item)
        rows.append(("user \(user) item \(item)", try error(algorithm, folds)))
      }
    }
    #expect(try error(DampedBiases(), folds) <= best(rows) + 0.001)
  }

  @Test func biasedMatrixFactorization() throws {
    let folds = try folds()
    var rows: [(String, Double)] = []
    for rate in [0.04, 0.06, 0.08] {
      for regularization in [0.07, 0.075, 0.08] {
        for (users, items) in [(5.0, 3.0), (8, 2), (10, 5)] {
          for deviation in [0.005, 0.01] {
            let algorithm = BiasedMatrixFactorization(
              learningRate: rate, regularization: regularization, userBiasDamping: users, itemBiasDamping: items,
              initialStandardDeviation: deviation)
            rows.append(
              (
                "rate \(rate) regularization \(regularization) damping \(users), \(items) deviation \(deviation)",
                try error(algorithm, folds)
              ))
          }
        }
      }
    }
    #expect(try error(BiasedMatrixFactorization(), folds) <= best(rows) + 0.001)
  }

  @Test func alternatingLeastSquares() throws {
    let folds = try folds()
    var rows: [(String, Double)] = []
    // Weights that mean about the same for a user of 100 ratings, and weaker and stronger ones.
    let settings: [(RidgeWeighting, [Double], [Double])] = [
      (.plain, [10, 11, 12, 14], [3, 5]), (.squareRoot, [1.1, 1.2, 1.3], [0.3, 0.6, 1]),
      (.count, [0.11, 0.12, 0.13], [0.05, 0.07]),
    ]
    for (weighting, regularizations, biasRegularizations) in settings {
      for regularization in regularizations {
        for bias in biasRegularizations {
          for deviation in [0.02, 0.1] {
            let algorithm = AlternatingLeastSquares(
              regularization: regularization, biasRegularization: bias, weighting: weighting, biasWeighting: weighting,
              initialStandardDeviation: deviation)
            rows.append(
              (
                "\(weighting) regularization \(regularization) bias \(bias) deviation \(deviation)",
                try error(algorithm, folds)
              ))
          }
        }
      }
    }
    #expect(try error(AlternatingLeastSquares(), folds) <= best(rows) + 0.001)
  }
}
