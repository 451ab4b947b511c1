import RatingData
import RatingModels
import RatingNumerics

/// Carries a search out.
///
/// Every trial on every inner fold is a cell of the cache, so that a search that was stopped goes on where it was.
public struct Searcher: Sendable {
  /// What is told while a search runs.
  public struct Progress: Sendable {
    public var trial: Study.Trial
    /// From 1.
    public var number: Int
    public var count: Int
    public var isCached: Bool
  }

  public var algorithm: String
  /// Settings that hold for all trials.
  public var settings: [ParameterSetting]
  public var plan: SearchPlan
  public var trainingSeed: UInt64
  public var isClipped: Bool
  public var threads: Int?
  public var cancellation: CancellationFlag?
  public var cache: CellCache?

  public init(
    algorithm: String, settings: [ParameterSetting] = [], plan: SearchPlan, trainingSeed: UInt64 = 1,
    isClipped: Bool = true, threads: Int? = nil, cancellation: CancellationFlag? = nil, cache: CellCache? = nil
  ) {
    self.algorithm = algorithm
    self.settings = settings
    self.plan = plan
    self.trainingSeed = trainingSeed
    self.isClipped = isClipped
    self.threads = threads
    self.cancellation = cancellation
    self.cache = cache
  }

  /// Searches inside these ratings.
  ///
  /// - Parameter key: what tells these ratings from others: their content hash, if nil.
  /// - Throws: `configuration` where the plan can't be carried out; `cancelled`.
  public func search(
    in ratings: RatingDataset, key: String? = nil, progress: (Progress) -> Void = { _ in }
  ) throws(ExperimentError) -> Study {
    let entry = try experiment { try AlgorithmRegistry.standard.entry(algorithm) }
    if let fault = plan.fault(for: entry, settings: settings) {
      throw .configuration([Problem(.error, "bad-search", file: "search", message: fault)])
    }
    let data = key ?? ratings.contentHash
    let splits = try experiment { try innerSplits(of: ratings) }
    var study = Study(
      algorithm: algorithm, fixed: settings, plan: plan, trainingSeed: trainingSeed, isClipped: isClipped,
      ratings: ratings.count, data: data, trials: [])
    let planned = try experiment { () throws -> [(count: Int, budget: Int?)] in try rungs(entry) }
    let total = planned.reduce(0) { $0 + $1.count }
    var alive = candidates()
    for (index, rung) in planned.enumerated() {
      var scored: [(setting: Int, settings: [ParameterSetting], rmse: Double)] = []
      for (setting, values) in alive.prefix(rung.count) {
        let (trial, isCached) = try trial(
          Study.Trial(
            setting: setting, rung: index + 1, budget: rung.budget, settings: values, folds: [], seconds: 0),
          splits, data: data, entry)
        study.trials.append(trial)
        scored.append((setting, values, trial.rmse ?? .infinity))
        progress(Progress(trial: trial, number: study.trials.count, count: total, isCached: isCached))
      }
      scored.sort { ($0.rmse, $0.setting) < ($1.rmse, $1.setting) }
      alive = scored.map { ($0.setting, $0.settings) }
    }
    return study
  }

  /// Settings to begin with, with their numbers.
  private func candidates() -> [(Int, [ParameterSetting])] {
    switch plan.strategy {
    case .grid: plan.space.grid.enumerated().map { ($0 + 1, $1) }
    case .random(let trials), .halving(let trials, _):
      (0..<trials).map { ($0 + 1, plan.space.random(seed: Seed(plan.seed), index: $0)) }
    }
  }

  /// How many settings each rung has, and how many epochs or sweeps they get; nil for all.
  func rungs(_ entry: AlgorithmRegistry.Entry) throws(TrainingError) -> [(count: Int, budget: Int?)] {
    switch plan.strategy {
    case .grid: return [(plan.space.gridCount ?? 0, nil)]
    case .random(let trials): return [(trials, nil)]
    case .halving(let trials, let reduction):
      let recipe = try entry.make(settings.map { ($0.name, $0.text) })
      func value(_ name: String) -> Int? {
        guard case .integer(let value)? = recipe.parameterValues.first(where: { $0.parameter.name == name })?.value
        else { return nil }
        return value
      }
      let all = value("epochs") ?? value("sweeps") ?? 1
      // Of a chain that isn't longer than its burn-in nothing is left.
      let least = min(all, max(1, 2 * (value("burnIn") ?? 0)))
      var counts = [trials]
      while counts.last! > 1 { counts.append((counts.last! + reduction - 1) / reduction) }
      var budgets: [Int?] = [nil]
      var budget = all
      for _ in 1..<counts.count {
        budget = max(least, (budget + reduction - 1) / reduction)
        budgets.append(budget)
      }
      return Array(zip(counts, budgets.reversed()))
    }
  }

  private func innerSplits(of ratings: RatingDataset) throws(RatingDataError) -> Splits {
    let seed = Seed(plan.seed)
    switch plan.inner {
    case .holdOut(let share):
      let split = try ratings.split(.random(testFraction: share), seed: seed)
      guard split.test.count > 0, split.train.count > 0 else {
        throw RatingDataError(
          .badData,
          [
            Problem(
              .error, "unusable-split", file: "ratings",
              message:
                "\(share) of \(ratings.count) ratings leaves nothing to train or to judge on; hold out another share")
          ])
      }
      return Splits(names: ["held"]) { _ in split }
    case .kFold(let folds): return try ratings.split(KFold(folds: folds), seed: seed)
    }
  }

  private func trial(
    _ trial: Study.Trial, _ splits: Splits, data: String, _ entry: AlgorithmRegistry.Entry
  ) throws(ExperimentError) -> (Study.Trial, isCached: Bool) {
    var trial = trial
    var values = (settings + trial.settings).map { ($0.name, $0.text) }
    if let budget = trial.budget, let parameter = entry.budgetParameter {
      values.removeAll { parameter.isNamed($0.0) }
      values.append((parameter.flagName, String(budget)))
    }
    let recipe: any RegisteredAlgorithm
    do throws(TrainingError) { recipe = try entry.make(values) } catch {
      trial.failure = error.message
      return (trial, false)
    }
    let measurement = CellMeasurement(
      isClipped: isClipped, hasCurve: false, hasDetails: false, threads: threads, cancellation: cancellation)
    var squares = 0.0
    var count = 0
    var isCached = true
    for fold in 0..<splits.count {
      let key = CellKey(
        data: data, split: "inner \(plan.innerKeyText) part=\(fold + 1)", algorithm: recipe, search: nil,
        seed: trainingSeed, measurement: measurement.text)
      let cells = Cells(cache: cache)
      let cell = try cells.cell(key) { () throws(ExperimentError) in
        isCached = false
        let split = try experiment { try splits.split(fold) }
        return try measurement.cell(recipe, on: split, seed: Seed(trainingSeed))
      }
      trial.seconds += cell.timing.trainingSeconds
      switch cell.outcome {
      case .measured(let result):
        let rmse = isClipped ? result.rmseClipped : result.rmseUnclipped
        trial.folds.append(rmse)
        squares += rmse * rmse * Double(result.testRatings)
        count += result.testRatings
      case .failed(_, let message):
        trial.failure = message
        return (trial, isCached)
      }
    }
    trial.rmse = (squares / Double(count)).squareRoot()
    return (trial, isCached)
  }
}
