import ArgumentParser
import RatingBench

/// `prizecheck train`: fits a model, measures and saves it.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fits a model to ratings, measures it on a test file and saves it.",
    discussion: """
      Algorithms: \(AlgorithmRegistry.standard.entries.map { "\($0.name) (\($0.summary))" }.joined(separator: "; ")).

      The same ratings, algorithm, parameters and seed give the same model, whatever the number of threads. Ctrl-C ends \
      the training; with --save the model of the last complete epoch is kept.
      """)

  @Argument(help: "A file of ratings, a folder of Netflix files, or - for standard input.", completion: .file())
  var ratings: String

  @Option(
    help: ArgumentHelp("What to fit: \(AlgorithmRegistry.standard.names.joined(separator: ", ")).", valueName: "name"))
  var algorithm: String

  @OptionGroup(title: "Parameters of the algorithm") var parameters: TrainingParameters

  @Option(help: ArgumentHelp("Where all randomness comes from.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp("Leave out the ratings of these pairs, such as probe.txt.", valueName: "pairs"),
    completion: .file())
  var exclude: String?

  @Option(
    help: ArgumentHelp("Measure the model on these ratings, in any format.", valueName: "file"), completion: .file())
  var test: String?

  @Flag(help: "Allow test pairs that the model has learned from; the measured error is then too low.")
  var allowOverlap = false

  @Option(help: ArgumentHelp("Save the model (safetensors).", valueName: "model"), completion: .file())
  var save: String?

  @Option(help: "What to do with a pair that is rated more than once: error, first, last, mean or all.")
  var duplicates: DuplicatePolicy = .error

  @OptionGroup(title: "Reading") var reading: ReadingArguments

  @Option(help: "How to print the result: text or json.")
  var format: TrainingFormat = .text

  func validate() throws { _ = try recipe() }

  /// The algorithm that the options describe; a mistake in them is a usage error, 64.
  private func recipe() throws -> any RegisteredAlgorithm {
    let values = try parameters.values()
    do {
      return try AlgorithmRegistry.standard.algorithm(algorithm, values)
    } catch { throw ValidationError(error.description) }
  }

  func run() throws {
    let algorithm = try recipe()
    Interruption.install()
    do {
      try train(algorithm)
    } catch let error as RatingDataError {
      if format == .json { Console.result(ResultDocument(inputs: [], failure: error).json.text) }
      Console.problems(error.problems)
      throw error.exitStatus
    } catch let error as TrainingError {
      Console.note("prizecheck: \(error.description)")
      throw error.code == .cancelled ? ExitStatus.interrupted : ExitStatus.internalFailure
    } catch let error as EvaluationError {
      Console.note("prizecheck: \(error.description)")
      throw error.exitStatus
    }
  }

  private func train(_ algorithm: some RegisteredAlgorithm) throws {
    let start = ContinuousClock.now
    let data = try TrainingFiles(self)
    let secondsReading = (ContinuousClock.now - start).seconds

    let progress = TrainingProgress()
    let options = RunOptions(
      threads: reading.threads, cancellation: Interruption.flag, keepsLastGoodModel: save != nil,
      onEpoch: { progress.show($0) })
    let began = ContinuousClock.now
    let model: any SavableModel
    do {
      model = try Interruption.whileTraining {
        try algorithm.fit(to: data.training, seed: Seed(seed), options: options) as any SavableModel
      }
      progress.end()
    } catch let error as TrainingError {
      progress.end()
      if let good = error.lastGoodModel as? any SavableModel, let save {
        try ModelFile(good, ModelProvenance(algorithm, seed: Seed(seed), trainedOn: data.training)).write(to: save)
        Console.note("saved the model of epoch \(error.completedEpochs ?? 0) in \(save)")
      }
      throw error
    }
    let seconds = (ContinuousClock.now - began).seconds
    if let save {
      try ModelFile(model, ModelProvenance(algorithm, seed: Seed(seed), trainedOn: data.training)).write(to: save)
    }
    let scores = try data.test.map { test in
      try Scores(
        predictions: model.predict(test.pairs, threads: reading.threads).values, answers: test.ratings,
        scale: model.scale)
    }
    let report = TrainingReport(
      algorithm: type(of: algorithm).name, parameters: algorithm.parameterValues, seed: seed,
      threads: reading.threads ?? Parallel.availableThreads, training: data.training.count, test: scores,
      seconds: seconds, secondsReading: secondsReading, epochs: progress.epochs, saved: save)
    Console.result(format == .json ? report.json.text : report.text)
  }
}

/// What `--format` of `train` and `predict` takes.
enum TrainingFormat: String, ExpressibleByArgument, CaseIterable { case text, json }
