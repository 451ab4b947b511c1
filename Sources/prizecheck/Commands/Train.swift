import ArgumentParser
import RatingBench

/// `prizecheck train`: fits a model, measures and saves it.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fits a model to ratings, measures it on a test file and saves it.",
    discussion: """
      Algorithms: \(AlgorithmRegistry.standard.entries.map { "\($0.name) (\($0.summary))" }.joined(separator: "; ")).
      `prizecheck algorithms NAME` lists all parameters of one, with their defaults and ranges; --set sets any of them.

      The same ratings, algorithm, parameters and seed give the same model, whatever the number of threads. Ctrl-C ends \
      the training; with --save the model of the last complete epoch is kept, with --checkpoint the state of the run.

        prizecheck train ratings.csv --algorithm als --validation 5% --early-stop
        prizecheck train ratings.csv --algorithm als --factors 128 --plan
        prizecheck train ratings.csv --algorithm als --checkpoint run --save model
        prizecheck train ratings.csv --algorithm als --resume run --save model
        prizecheck train ratings.csv --algorithm bayesian-mf --continue model --sweeps 1024 --save longer
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
    help: ArgumentHelp(
      "Who will be asked about what, such as qualifying.txt: algorithms that learn from who rated what count these pairs "
        + "too, the others ignore them.", valueName: "file"), completion: .file())
  var questions: String?

  @OptionGroup(title: "Side information") var features: FeatureArguments

  @Option(
    help: ArgumentHelp("Measure the model on these ratings, in any format.", valueName: "file"), completion: .file())
  var test: String?

  @OptionGroup(title: "Validation and early stopping") var validation: ValidationArguments

  @Flag(help: "Allow test or validation pairs that the model has learned from; the measured error is then too low.")
  var allowOverlap = false

  @Option(help: ArgumentHelp("Save the model (safetensors).", valueName: "model"), completion: .file())
  var save: String?

  @OptionGroup(title: "Checkpoints") var checkpoints: CheckpointArguments

  @Option(
    help: ArgumentHelp(
      "How to show progress on standard error: auto, bar, lines, json or none.",
      discussion: "auto is a bar on a terminal, and else a line every ten seconds"))
  var progress: ProgressStyle = .auto

  @OptionGroup(title: "Memory") var memory: MemoryArguments

  @Option(help: "What to do with a pair that is rated more than once: error, first, last, mean or all.")
  var duplicates: DuplicatePolicy = .error

  @OptionGroup(title: "Reading") var reading: ReadingArguments
  @OptionGroup(title: "Cache of parsed ratings") var caching: CacheArguments

  @Option(help: "How to print the result: text or json.")
  var format: TrainingFormat = .text

  func validate() throws {
    let recipe = try recipe()
    try features.check(recipe)
    if checkpoints.continued != nil && validation.patience != nil {
      throw ValidationError("--continue goes on to a number of sweeps, so that --early-stop has no place beside it")
    }
    guard !(recipe is any IterativeAlgorithm) else { return }
    for (option, isGiven) in [
      ("--early-stop", validation.patience != nil), ("--checkpoint", checkpoints.checkpoint != nil),
      ("--resume", checkpoints.resume != nil), ("--continue", checkpoints.continued != nil),
    ] where isGiven {
      throw ValidationError("\(algorithm) has no epochs, so that \(option) has nothing to do")
    }
  }

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
    try reportingErrors(asJSON: format == .json) { try train(algorithm) }
  }

  private func train(_ algorithm: some RegisteredAlgorithm) throws {
    let start = ContinuousClock.now
    let data = try TrainingFiles(self)
    let secondsReading = (ContinuousClock.now - start).seconds

    let run = TrainingCommandRun(self, data)
    if memory.plan { return Console.result(try run.memoryReport(algorithm).text(format)) }
    if !memory.allowSwap { try run.memoryReport(algorithm).requireFit() }
    let began = ContinuousClock.now
    let (model, end) = try run.fit(algorithm)
    let seconds = (ContinuousClock.now - began).seconds
    if let save { try run.write(model, epoch: end?.modelEpoch, to: save) }
    func scores(_ pairs: RatingPairs, _ ratings: [Float]) throws -> Scores {
      try Scores(
        predictions: model.predict(pairs, threads: reading.threads).values, answers: ratings, scale: model.scale)
    }
    let report = TrainingReport(
      algorithm: type(of: algorithm).name, parameters: algorithm.parameterValues, seed: seed,
      threads: reading.threads ?? Parallel.availableThreads, training: data.training.count,
      questions: data.questions.map {
        TrainingReport.Questions(pairs: $0.count, areUsed: type(of: algorithm).usesQuestions)
      },
      userFeatures: data.userFeatures.map { FeatureReport(table: $0, side: .users) },
      itemFeatures: data.itemFeatures.map { FeatureReport(table: $0, side: .items) },
      test: try data.test.map { try scores($0.pairs, $0.ratings) },
      validation: try data.validation.map {
        TrainingReport.Validation(
          scores: try scores($0.pairs, $0.withUnsafeColumns { Array($0.ratings) }), run: end)
      },
      resumedAfter: run.resumedAfter, seconds: seconds, secondsReading: secondsReading, epochs: run.progress.epochs,
      saved: save)
    Console.result(format == .json ? report.json.text : report.text)
  }
}

/// What `--format` of `train` and `predict` takes.
enum TrainingFormat: String, ExpressibleByArgument, CaseIterable { case text, json }
