import RatingData
import RatingModels
import RatingNumerics

/// Carries a suite out, cell by cell, and goes on where an earlier run stopped.
///
/// A cell is one algorithm with one seed on one split. Cells are made one after the other, each with all threads, so that
/// their seconds can be compared.
public struct SuiteRunner: Sendable {
  /// What is told while a suite runs.
  public enum Event: Sendable {
    /// A data set was read.
    case data(String, ratings: Int, seconds: Double)
    /// A cell of the cache couldn't be used, and was made again.
    case damaged(file: String)
    /// A cell begins that is not in the cache.
    case began(Progress)
    /// A trial of the search inside a cell.
    case trial(Progress, Searcher.Progress)
    case finished(Progress, CellOutcome, CellTiming, isCached: Bool)
  }

  /// Which cell it is.
  public struct Progress: Sendable {
    /// From 1.
    public var number: Int
    public var count: Int
    public var data: String
    public var split: String
    public var algorithm: String
    public var seed: UInt64
  }

  public var suite: Suite
  /// Where relative paths of data start.
  public var folder: String
  public var cache: CellCache?
  /// Names of data sets, or labels of algorithms: where any are named, the others are left out.
  public var only: Set<String>
  public var cancellation: CancellationFlag?
  /// Finds the path of a data set.
  public var locate: @Sendable (SuiteData) throws(RatingDataError) -> String

  public init(
    _ suite: Suite, folder: String = ".", cache: CellCache? = nil, only: Set<String> = [],
    cancellation: CancellationFlag? = nil,
    locate: (@Sendable (SuiteData) throws(RatingDataError) -> String)? = nil
  ) {
    self.suite = suite
    self.folder = folder
    self.cache = cache
    self.only = only
    self.cancellation = cancellation
    self.locate = locate ?? { data in data.path.hasPrefix("/") ? data.path : "\(folder)/\(data.path)" }
  }

  /// The data sets and algorithms that `only` leaves.
  private func chosen() throws(ExperimentError) -> ([SuiteData], [SuiteAlgorithm]) {
    let names = suite.data.map(\.name) + suite.algorithms.map(\.label)
    let unknown = only.subtracting(names).sorted()
    if !unknown.isEmpty {
      throw .configuration(
        unknown.map {
          Problem(
            .error, "unknown-name", file: suite.name,
            message: "--only: found \($0), expected one of \(names.joined(separator: ", "))"
              + NearestName.hint($0, among: names))
        })
    }
    let data = suite.data.filter { only.contains($0.name) }
    let algorithms = suite.algorithms.filter { only.contains($0.label) }
    return (data.isEmpty ? suite.data : data, algorithms.isEmpty ? suite.algorithms : algorithms)
  }

  /// Runs the cells that are not in the cache, and gathers all.
  ///
  /// - Throws: `data` where ratings can't be read or divided, `cancelled` after the flag was raised. An algorithm that
  ///   can't be trained is no error: its cells say so.
  public func run(progress: (Event) -> Void = { _ in }) throws(ExperimentError) -> SuiteResult {
    let (data, algorithms) = try chosen()
    var recipes: [any RegisteredAlgorithm] = []
    for algorithm in algorithms {
      recipes.append(
        try experiment {
          try AlgorithmRegistry.standard.algorithm(algorithm.algorithm, algorithm.settings.map { ($0.name, $0.text) })
        })
    }
    var result = SuiteResult(suite: suite, algorithms: algorithms, recipes: recipes.map { $0.settingsText }, groups: [])
    var loaded: [(LoadedData, [Splits])] = []
    for item in data {
      let start = ContinuousClock.now
      let ratings = try experiment { try LoadedData(item, path: try locate(item), threads: suite.threads) }
      progress(.data(item.name, ratings: ratings.ratings.count, seconds: (ContinuousClock.now - start).seconds))
      var splits: [Splits] = []
      for split in suite.splits {
        splits.append(try experiment { try split.splits(of: ratings, threads: suite.threads) })
      }
      loaded.append((ratings, splits))
    }
    let parts = loaded.reduce(0) { $0 + $1.1.reduce(0) { $0 + $1.count } }
    let count = parts * algorithms.count * suite.seeds.count
    var number = 0
    for (item, (ratings, allSplits)) in zip(data, loaded) {
      for (split, splits) in zip(suite.splits, allSplits) {
        var group = SuiteResult.Group(
          data: DataSummary(item, ratings), split: split.title, parts: splits.names, cells: [])
        group.cells = algorithms.map { _ in [] }
        for part in 0..<splits.count {
          let halves = LazySplit(splits, part)
          var hash = ratings.hash
          if case .plan(.predefined) = split.kind { hash += " " + (try halves.hash()) }
          for (place, algorithm) in algorithms.enumerated() {
            for seed in suite.seeds {
              number += 1
              let cell = try cell(
                algorithm, recipes[place], seed, halves, hash: hash, split: split, part: part,
                Progress(
                  number: number, count: count, data: item.name, split: splits.names[part], algorithm: algorithm.label,
                  seed: seed), progress)
              group.cells[place].append(
                SuiteResult.Cell(part: part, seed: seed, outcome: cell.outcome, timing: cell.timing))
            }
          }
        }
        result.groups.append(group)
      }
    }
    return result
  }

  private func cell(
    _ algorithm: SuiteAlgorithm, _ recipe: any RegisteredAlgorithm, _ seed: UInt64, _ halves: LazySplit, hash: String,
    split: SuiteSplit, part: Int, _ at: Progress, _ progress: (Event) -> Void
  ) throws(ExperimentError) -> Cells.Cell {
    if cancellation?.isCancelled ?? false { throw .cancelled }
    let measurement = CellMeasurement(
      metrics: suite.metrics, isClipped: suite.isClipped, hasCurve: suite.hasCurves, threads: suite.threads,
      cancellation: cancellation)
    let splitText = "\(split.text) repetitions=\(split.repetitions) seed=\(split.seed) part=\(part + 1)"
    let key = CellKey(
      data: hash, split: splitText, algorithm: recipe, search: algorithm.search, seed: seed,
      measurement: measurement.text)
    let cells = Cells(cache: cache)
    let cell = try cells.cell(key) { () throws(ExperimentError) in
      progress(.began(at))
      guard let plan = algorithm.search else {
        return try measurement.cell(recipe, on: try halves.value(), seed: Seed(seed))
      }
      let searcher = Searcher(
        algorithm: algorithm.algorithm, settings: algorithm.settings, plan: plan, trainingSeed: seed,
        isClipped: suite.isClipped, threads: suite.threads, cancellation: cancellation, cache: cache)
      let study = try searcher.search(in: try halves.value().train, key: "\(hash) \(splitText)") {
        progress(.trial(at, $0))
      }
      let seconds = study.trials.reduce(0) { $0 + $1.seconds }
      guard let settings = study.bestSettings, let best = study.best else {
        let message = study.trials.first?.failure ?? "no trial of the search has a result"
        var cell = Cells.Cell(
          outcome: .failed(code: "search-failed", message: message), timing: CellTiming.none(suite.threads))
        cell.timing.searchSeconds = seconds
        return cell
      }
      let tuned = try experiment {
        try AlgorithmRegistry.standard.algorithm(algorithm.algorithm, settings.map { ($0.name, $0.text) })
      }
      var cell = try measurement.cell(tuned, on: try halves.value(), seed: Seed(seed))
      cell.timing.searchSeconds = seconds
      if case .measured(var result) = cell.outcome {
        result.chosen = best.settings
        cell.outcome = .measured(result)
      }
      return cell
    }
    if let file = cell.damagedFile { progress(.damaged(file: file)) }
    progress(.finished(at, cell.outcome, cell.timing, isCached: cell.isCached))
    return cell
  }
}

extension CellTiming {
  static func none(_ threads: Int?) -> CellTiming {
    CellTiming(
      trainingSeconds: 0, predictionSeconds: 0, searchSeconds: 0, threads: threads ?? Parallel.availableThreads,
      machine: .current)
  }
}

/// A split that is made when it is first needed: with all of its cells in the cache, never.
final class LazySplit {
  private let splits: Splits
  private let part: Int
  private var made: Split?

  init(_ splits: Splits, _ part: Int) {
    self.splits = splits
    self.part = part
  }

  func value() throws(ExperimentError) -> Split {
    if let made { return made }
    let split = try experiment { try splits.split(part) }
    made = split
    return split
  }

  /// The SHA-256 of both halves.
  func hash() throws(ExperimentError) -> String {
    let split = try value()
    return "\(split.train.contentHash) \(split.test.contentHash)"
  }
}

extension RegisteredAlgorithm {
  /// All hyper-parameters, those with their defaults too: `factors=64 epochs=20 ...`.
  var settingsText: String {
    parameterValues.map { "\($0.parameter.flagName)=\($0.value)" }.joined(separator: " ")
  }
}
