import ArgumentParser
import RatingBench

/// `prizecheck tune`: searches for hyper-parameters inside the ratings given.
struct Tune: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Search for the best hyper-parameters of an algorithm.",
    discussion: """
      Every setting is judged on a part of the given ratings that it was not trained on, so give the training ratings \
      alone, never those that the result will be measured on.

      The space lists values with | or gives a range; with log the range is drawn from by its logarithm, and a number \
      behind it makes that many points for a grid:

        factors=8|16|32, regularization=0.01...0.2 log, learning-rate=0.01...0.1 log 5

      Strategies: grid tries all settings; random draws --trials settings; halving draws them too, trains them for a \
      fraction of the epochs or sweeps, and gives the best 1/--reduction of them --reduction times as many, until one is \
      left. With --cache every trial is kept, and a search that was stopped goes on where it was.

        prizecheck tune u1.base --algorithm biased-mf --space "regularization=0.02...0.2 log" --trials 20
        prizecheck tune u1.base --algorithm als --space "factors=16|32|64, regularization=0.3...3 log 4" --strategy grid
      """)

  enum Strategy: String, ExpressibleByArgument, CaseIterable { case grid, random, halving }

  @Argument(help: "A file of ratings, a folder of Netflix files, or - for standard input.", completion: .file())
  var ratings: String

  @Option(
    help: ArgumentHelp("What to fit: \(AlgorithmRegistry.standard.names.joined(separator: ", ")).", valueName: "name"))
  var algorithm: String

  @Option(help: ArgumentHelp("The settings to choose from.", valueName: "space"))
  var space: String

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "A parameter that is the same in all trials, such as epochs=30; repeatable.", valueName: "name=value"))
  var settings: [String] = []

  @Option(help: "How settings are chosen: grid, random or halving.")
  var strategy: Strategy = .random

  @Option(help: ArgumentHelp("Settings that are drawn.", valueName: "n"))
  var trials = 16

  @Option(help: ArgumentHelp("With halving: one of so many settings goes on.", valueName: "n"))
  var reduction = 3

  @Option(
    help: ArgumentHelp("Judge by cross-validation inside the ratings; else a share is held out.", valueName: "n"))
  var folds: Int?

  @Option(help: ArgumentHelp("The share that is held out to judge on. Default: 10%.", valueName: "share"))
  var validation: String?

  @Option(help: ArgumentHelp("Of the settings that are drawn and of the division.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Of the training.", valueName: "n"))
  var trainingSeed: UInt64 = 1

  @Flag(help: "Judge predictions as they are, instead of moving them into the rating scale.")
  var noClip = false

  @Option(
    help: ArgumentHelp("Keep finished trials in this folder, and take them from there.", valueName: "folder"),
    completion: .directory)
  var cache: String?

  @Option(
    help: ArgumentHelp("Write the study, all trials and the best, as JSON.", valueName: "file"), completion: .file())
  var output: String?

  @Option(help: "How to show progress on standard error: lines or none.")
  var progress: SuiteProgress.Style = .lines

  @Option(help: "What to do with a pair that is rated more than once: error, first, last, mean or all.")
  var duplicates: DuplicatePolicy = .error

  @OptionGroup(title: "Reading") var reading: ReadingArguments

  @Option(help: "How to print the result: text or json.")
  var format: TrainingFormat = .text

  func validate() throws { _ = try plan() }

  /// The plan that the options describe; a mistake in them is a usage error, 64.
  private func plan() throws -> (SearchPlan, [ParameterSetting]) {
    let entry: AlgorithmRegistry.Entry
    let fixed: [ParameterSetting]
    do {
      entry = try AlgorithmRegistry.standard.entry(algorithm)
      fixed = try settings.map { text in
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty else {
          throw ValidationError("--set takes name=value, such as epochs=30; got '\(text)'")
        }
        return ParameterSetting(parts[0], parts[1])
      }
      _ = try entry.make(fixed.map { ($0.name, $0.text) })
    } catch let error as TrainingError { throw ValidationError(error.description) }
    if folds != nil && validation != nil { throw ValidationError("give either --folds or --validation") }
    let inner: SearchPlan.Inner
    if let folds {
      inner = .kFold(folds)
    } else {
      guard let held = SearchPlan.Inner("hold-out \(validation ?? "10%")") else {
        throw ValidationError("--validation is a share between 0 and 1, such as 10%, got \(validation ?? "")")
      }
      inner = held
    }
    let chosen: SearchPlan.Strategy =
      switch strategy {
      case .grid: .grid
      case .random: .random(trials: trials)
      case .halving: .halving(trials: trials, reduction: reduction)
      }
    do {
      let plan = SearchPlan(space: try SearchSpace(space, for: entry), strategy: chosen, inner: inner, seed: seed)
      if let fault = plan.fault(for: entry, settings: fixed) { throw ValidationError(fault) }
      return (plan, fixed)
    } catch let error as SearchSpaceError { throw ValidationError("--space: \(error.description)") }
  }

  func run() throws {
    let (plan, fixed) = try plan()
    Interruption.install()
    do {
      var options = reading.options
      options.duplicates = duplicates
      let read = try RatingDataset.read(ratings, options: options)
      Console.problems(read.warnings)
      let searcher = Searcher(
        algorithm: algorithm, settings: fixed, plan: plan, trainingSeed: trainingSeed, isClipped: !noClip,
        threads: reading.threads, cancellation: Interruption.flag, cache: try cache.map { try CellCache(folder: $0) })
      let study = try Interruption.whileTraining { try searcher.search(in: read.dataset) { show($0) } }
      let document = StudyDocument(study: study, file: ratings)
      if let output { try TextFile.write(document.json.text + "\n", to: output) }
      Console.result(format == .json ? document.json.text : document.text)
      if study.best == nil {
        Console.note("prizecheck: no trial has a result: \(study.trials.first?.failure ?? "")")
        throw ExitStatus.internalFailure
      }
    } catch let error as ExperimentError {
      throw error.reported(asJSON: format == .json)
    } catch let error as RatingDataError {
      throw ExperimentError.data(error).reported(asJSON: format == .json)
    }
  }

  private func show(_ progress: Searcher.Progress) {
    guard self.progress == .lines else { return }
    let trial = progress.trial
    let score = trial.rmse.map { "RMSE \(Decimals.text($0, digits: 4))" } ?? "failed: \(trial.failure ?? "")"
    let time = progress.isCached ? "from the cache" : "\(Decimals.text(trial.seconds, digits: 2)) s"
    Console.note(
      "[\(progress.number)/\(progress.count)] \(trial.settings.map(\.description).joined(separator: " "))"
        + "\(trial.budget.map { " (budget \($0))" } ?? ""): \(score) (\(time))")
  }
}
