import RatingBench

/// What `compare` found out: one value, from which every output format is made.
struct ComparisonReport {
  /// A file of predictions.
  struct Model {
    var name: String
    var rmse: ConfidenceInterval
    /// RMSE - RMSE of the best file; nil for that one.
    var behindBest: ConfidenceInterval?
    /// Of that difference, adjusted with those of all pairs.
    var pValue: Double?
    var rank: Int
    var letters: String
  }

  /// What is told where there are two files.
  struct Pair {
    var difference: ConfidenceInterval
    var improvement: ConfidenceInterval
    /// The difference where rows are taken as independent, and where items count as well: for comparison.
    var differenceByRow: ConfidenceInterval
    var differenceByBoth: ConfidenceInterval?
    var signFlip: SignFlipTest
    var wilcoxon: WilcoxonSignedRank
    var smallestDetectable: Double
    var correlation: Double?
    var strata: [(first: StratumGroup, second: StratumGroup)]
    var blend: RidgeBlend
    /// By how many percent the blend's out-of-fold error is below the better file's.
    var blendGain: ConfidenceInterval
  }

  let inputs: [ResultDocument.Input]
  let warnings: [Problem]
  let rows: Int
  let users: Int
  /// In the order of the command.
  let models: [Model]
  let order: [Int]
  let pair: Pair?

  init(
    _ files: JudgedFiles, inputs: [ResultDocument.Input], warnings: [Problem], training: RatingDataset?,
    replicates: Int, seed: Seed, threads: Int?
  ) throws(EvaluationError) {
    let inference = ErrorInference(try ErrorRows(files.rows))
    let groups = try RankGroups(inference)
    let best = groups.order[0]
    var models: [Model] = []
    for (index, name) in files.names.enumerated() {
      models.append(
        Model(
          name: name, rmse: try inference.interval(for: .rmse(index)),
          behindBest: index == best ? nil : try inference.interval(for: .difference(index, best)),
          pValue: index == best ? nil : groups.pValue(index, best), rank: groups.ranks[index],
          letters: groups.letters[index]))
    }
    self.inputs = inputs
    self.warnings = warnings
    self.models = models
    rows = inference.rows
    users = inference.users.count
    order = groups.order
    pair =
      files.rows.count == 2
      ? try Self.pair(files.rows, inference, best, training, replicates: replicates, seed: seed, threads: threads) : nil
  }

  private static func pair(
    _ judged: [JudgedRows], _ inference: ErrorInference, _ best: Int, _ training: RatingDataset?, replicates: Int,
    seed: Seed, threads: Int?
  ) throws(EvaluationError) -> Pair {
    let comparison = PairedComparison(inference, 0, over: 1)
    let answers = judged[0].answers
    let blend = try RidgeBlend(
      predictions: judged.map(\.predictions), answers: answers, users: judged[0].users,
      lambdas: [RidgeBlend.defaultLambdas[0]], seed: seed, threads: threads)
    let gain = ErrorInference(
      try ErrorRows(
        predictions: [blend.outOfFoldPredictions, judged[best].predictions], answers: answers,
        users: judged[0].users))
    let strata = judged.map { rows in
      ScoredRows(rows).map { ErrorStrata($0, training: training, threads: threads).groups } ?? []
    }
    return Pair(
      difference: try comparison.difference(), improvement: try comparison.improvement(),
      differenceByRow: try comparison.difference(clustering: .none),
      differenceByBoth: try? comparison.difference(clustering: .usersAndItems),
      signFlip: comparison.permutationTest(replicates: replicates, seed: seed, threads: threads),
      wilcoxon: comparison.wilcoxon, smallestDetectable: try inference.smallestDetectable(.difference(0, 1)),
      correlation: comparison.correlation, strata: zip(strata[0], strata[1]).map { ($0, $1) }, blend: blend,
      blendGain: try gain.interval(for: .improvement(0, over: 1)))
  }
}
