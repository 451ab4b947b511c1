import RatingData
import RatingEvaluation
import RatingModels
import RatingNumerics

/// Trains an algorithm on one half of a split and measures it on the other.
struct CellMeasurement {
  var metrics: [Metric] = []
  var isClipped = true
  var hasCurve = true
  /// Strata and reliability, which a search has no use for.
  var hasDetails = true
  var threads: Int?
  var cancellation: CancellationFlag?

  /// What is measured, for the key of a cell.
  var text: String {
    "\(isClipped ? "clipped" : "unclipped") curve=\(hasCurve) details=\(hasDetails) "
      + "metrics=\(metrics.map(\.name).joined(separator: ","))"
  }

  /// - Throws: `cancelled`, and what can't be scored. An algorithm that fails is an outcome.
  func measure(
    _ algorithm: any RegisteredAlgorithm, on split: Split, seed: Seed
  ) throws(ExperimentError) -> (CellOutcome, trainingSeconds: Double, predictionSeconds: Double) {
    let recorder = CurveRecorder()
    var input = TrainingInput(split.train)
    let isIterative = algorithm is any IterativeAlgorithm
    if hasCurve && isIterative { input.validation = split.test }
    let began = ContinuousClock.now
    var options = RunOptions(threads: threads, cancellation: cancellation)
    if isIterative { options.onEpoch = { recorder.note($0) } }
    let model: any RatingModel
    switch Self.fit(algorithm, input, seed, options) {
    case .success(let learned): model = learned
    case .failure(let error):
      if error.code == .cancelled { throw .cancelled }
      return (.failed(code: error.code.rawValue, message: error.description), 0, 0)
    }
    let fitted = ContinuousClock.now
    let predictions = model.predict(split.test.pairs, threads: threads)
    let predictionSeconds = (ContinuousClock.now - fitted).seconds
    let trainingSeconds = recorder.withoutValidation((fitted - began).seconds, hasValidation: input.validation != nil)
    let result = try result(of: predictions, on: split, curve: hasCurve ? recorder.points : [])
    return (.measured(result), trainingSeconds, predictionSeconds)
  }

  private static func fit(
    _ algorithm: some RegisteredAlgorithm, _ input: TrainingInput, _ seed: Seed, _ options: RunOptions
  ) -> Result<any RatingModel, TrainingError> {
    Result { () throws(TrainingError) -> any RatingModel in
      try algorithm.fit(to: input, seed: seed, options: options)
    }
  }

  private func result(
    of predictions: Predictions, on split: Split, curve: [CellResult.CurvePoint]
  ) throws(ExperimentError) -> CellResult {
    do throws(EvaluationError) {
      let judged = isClipped ? predictions.clipped(to: split.test.scale) : predictions
      let scores = try Scores(predictions: predictions, answers: split.test)
      let rows = try ScoredRows(predictions: judged, answers: split.test, threads: threads)
      let cold = ColdRatings(split)
      var result = CellResult(
        trainingRatings: split.train.count, testRatings: split.test.count, coldUserRatings: cold.users,
        coldItemRatings: cold.items, rmseUnclipped: scores.rmse, rmseClipped: scores.rmseClipped ?? scores.rmse,
        metrics: try rows.values(of: metrics, threads: threads).map { .init(name: $0.metric.name, value: $0.value) },
        users: Self.userErrors(judged, split.test), curve: curve, strata: [], reliability: [], chosen: [])
      if hasDetails {
        let strata = ErrorStrata(rows, training: split.train, threads: threads)
        result.strata = strata.groups.flatMap { group in
          group.strata.map { stratum in
            CellResult.StratumErrors(
              group: group.property.rawValue, label: stratum.label, count: stratum.count,
              squares: stratum.sums.mse * Double(stratum.count), errors: stratum.bias * Double(stratum.count))
          }
        }
        result.reliability = ReliabilityCurve(rows, threads: threads).bins.map {
          .init(lower: $0.lower, count: $0.count, meanPrediction: $0.meanPrediction, meanAnswer: $0.meanAnswer)
        }
      }
      return result
    } catch { throw .evaluation(error) }
  }

  /// Sums over each user's rows, in the order of the rows; users ascending.
  private static func userErrors(_ predictions: Predictions, _ test: RatingDataset) -> [CellResult.UserErrors] {
    var counts = [Int](repeating: 0, count: test.userCount)
    var squares = [Double](repeating: 0, count: test.userCount)
    test.withUnsafeColumns { columns in
      for row in 0..<columns.users.count {
        let user = Int(columns.users[row])
        let error = predictions.values[row] - Double(columns.ratings[row])
        counts[user] += 1
        squares[user] += error * error
      }
    }
    return counts.indices.compactMap {
      counts[$0] == 0 ? nil : CellResult.UserErrors(user: $0, count: counts[$0], squares: squares[$0])
    }
  }
}

/// The test ratings whose user, or whose item, has no training ratings.
struct ColdRatings {
  let users, items: Int

  init(_ split: Split) {
    func seen(_ column: UnsafeBufferPointer<UInt32>, _ count: Int) -> [Bool] {
      column.reduce(into: [Bool](repeating: false, count: count)) { $0[Int($1)] = true }
    }
    func unseen(_ column: UnsafeBufferPointer<UInt32>, _ seen: [Bool]) -> Int { column.count { !seen[Int($0)] } }
    let (seenUsers, seenItems) = split.train.withUnsafeColumns {
      (seen($0.users, split.test.userCount), seen($0.items, split.test.itemCount))
    }
    (users, items) = split.test.withUnsafeColumns { (unseen($0.users, seenUsers), unseen($0.items, seenItems)) }
  }
}
