import ArgumentParser
import RatingBench

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `prizecheck contest`: a whole contest from its files to the verdict.
struct Contest: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Plays a whole contest: reads, trains three models, blends, predicts, validates, and checks.",
    discussion: """
      Reads the ratings of a folder in Netflix's format once and learns damped biases (biases), biased matrix \
      factorization (biased-mf) and SVD++ (svd++) from them, without the probe's ratings. Blends the three by least \
      squares on the probe, applies the weights to their predictions of the qualifying set, validates the result as a \
      contestant would, and checks it as the host would, against judging.txt. The baseline is what the biases predict, \
      unless --criterion names a published one.

      The models that answer the qualifying set are the ones that have not seen the probe, to which the weights belong. \
      --retrain trains them once more, on all ratings, as contestants did.

      --output keeps NAME.probe.txt and NAME.qualifying.txt of each model, and blend.qualifying.txt: prediction files as \
      predict and blend write them. Ends with the time of each stage and the memory at its end at most, and with the exit code of \
      check: 0 where the blend qualifies, 1 where it does not.

        prizecheck generate --preset netflix --output netflix
        prizecheck contest --data netflix --output entry
      """)

  @Option(
    help: ArgumentHelp(
      "A folder of ratings, probe.txt, qualifying.txt, judging.txt and, if there is one, membership.txt.",
      valueName: "folder"),
    completion: .directory)
  var data: String

  @Option(
    help: ArgumentHelp("The folder that keeps the predictions; made where there is none.", valueName: "folder"),
    completion: .directory)
  var output: String

  @Option(help: ArgumentHelp("Length of the factor vectors of biased-mf and svd++. Default: theirs.", valueName: "n"))
  var factors: Int?

  @Option(help: ArgumentHelp("Passes of biased-mf and svd++ over the ratings. Default: theirs.", valueName: "n"))
  var epochs: Int?

  @Flag(help: "Train again on all ratings, the probe's too, before the qualifying set is predicted.")
  var retrain = false

  @Option(
    help: ArgumentHelp(
      "A published criterion, in place of the biases' predictions as the baseline.", valueName: "name"),
    completion: .list(OptionValue.criterionNames))
  var criterion: String?

  @Option(help: ArgumentHelp("How far below the baseline the error must be. Default: 10%.", valueName: "percent"))
  var improvement: String?

  @Option(help: ArgumentHelp("The seed that all randomness comes from.", valueName: "n"))
  var seed: UInt64 = 1

  @OptionGroup(title: "Cache of parsed ratings") var caching: CacheArguments

  @Option(help: ArgumentHelp("The number of threads; the result does not depend on it.", valueName: "n"))
  var threads: Int?

  @Option(help: "How to show the progress of training: auto, bar, lines, json or none.")
  var progress: ProgressStyle = .auto

  @Option(help: "How to print the result: text or json.")
  var format: TrainingFormat = .text

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads needs at least 1, got \(threads)") }
    if criterion != nil && improvement != nil {
      throw ValidationError("--criterion brings its own improvement; give one of --criterion and --improvement")
    }
    do { _ = try check(hasMembership: false) } catch { throw ValidationError(Check.message(for: error)) }
    for model in Self.models { _ = try recipe(model) }
  }

  /// The models, from the baseline to the best.
  static let models = ["biases", "biased-mf", "svd++"]

  func recipe(_ name: String) throws -> any RegisteredAlgorithm {
    let given = [("factors", factors), ("epochs", epochs)]
    let values = given.compactMap { key, value in value.map { (name: key, text: String($0)) } }
    do {
      return try AlgorithmRegistry.standard.algorithm(name, name == "biases" ? [] : values)
    } catch { throw ValidationError(error.description) }
  }

  /// A file of the data.
  func input(_ name: String) -> String { "\(data)/\(name)" }

  /// A file of predictions.
  func predictions(_ model: String, of questions: String) -> String { "\(output)/\(model).\(questions).txt" }

  var submission: String { predictions("blend", of: "qualifying") }

  /// The host's last command.
  func check(hasMembership: Bool) throws -> Check {
    var arguments = [submission, "--answers", input("judging.txt"), "--questions", input("qualifying.txt")]
    if hasMembership { arguments += ["--membership", input("membership.txt")] }
    if let criterion {
      arguments += ["--criterion", criterion]
    } else {
      let baseline = predictions(Self.models[0], of: "qualifying")
      arguments += ["--baseline-predictions", baseline, "--improvement", improvement ?? "10%"]
    }
    if let threads { arguments += ["--threads", String(threads)] }
    return try Check.parse(arguments)
  }

  /// The contestant's last command.
  func validation() throws -> Validate {
    var arguments = [submission, "--questions", input("qualifying.txt")]
    if let threads { arguments += ["--threads", String(threads)] }
    return try Validate.parse(arguments)
  }

  func run() throws {
    Interruption.install()
    let report = try reportingErrors(asJSON: format == .json) {
      try requireFiles()
      try makeOutput()
      return try ContestRun(self).report()
    }
    Console.result(format == .json ? report.json.text : report.text)
    if report.verdict.exitStatus != ExitStatus.qualifies { throw report.verdict.exitStatus }
  }

  /// A contest takes a while: what is missing is said before it begins.
  private func requireFiles() throws(RatingDataError) {
    let missing = ["probe.txt", "qualifying.txt", "judging.txt"].filter { access(input($0), R_OK) != 0 }
    if missing.isEmpty { return }
    throw RatingDataError(
      .inputMissing,
      missing.map { name in
        Problem(
          .error, "missing-file", file: input(name),
          message: "can't be read: \(String(cString: strerror(errno))); a contest needs the ratings, probe.txt, "
            + "qualifying.txt and judging.txt in one folder, as prizecheck generate writes them")
      })
  }

  private func makeOutput() throws(RatingDataError) {
    if mkdir(output, 0o755) == 0 || errno == EEXIST { return }
    throw RatingDataError(
      .cannotWrite,
      [Problem(.error, "cannot-write", file: output, message: "can't be created: \(String(cString: strerror(errno)))")])
  }
}
