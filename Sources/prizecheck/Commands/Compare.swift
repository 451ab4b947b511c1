import ArgumentParser
import RatingBench

/// `prizecheck compare`: is one submission really better than another?
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compares submissions: differences with intervals, tests, rank groups, strata, the best blend.",
    discussion: """
      The files may come from anybody's recommender. Differences are paired and clustered by user, since rows of one user \
      are not independent; the files must say whose rows they are (as CSV of user,item,prediction, or with --questions).

      Of two files it tells the difference in RMSE and the improvement with their 95% intervals, three tests (t, sign flips \
      over users, Wilcoxon's on users' mean squared errors), the smallest difference that so many users could show, the \
      correlation of errors, where each is ahead, and the best linear blend. Of more, a table with rank groups: files that \
      share a letter can't be told apart (all pairs tested, Holm's correction).

        prizecheck compare mine.csv theirs.csv --answers u1.test --training u1.base
        prizecheck compare p1.txt p2.txt p3.txt --answers judging.txt --questions qualifying.txt --format markdown
      """)

  @Argument(help: "Two or more files of predictions of the same rows.", completion: .file())
  var predictions: [String]

  @Option(help: ArgumentHelp("The true ratings, in any format of ratings.", valueName: "file"), completion: .file())
  var answers: String

  @Option(
    help: ArgumentHelp(
      "The ratings that the predictions were learned from, to tell strata of activity apart.", valueName: "file"),
    completion: .file())
  var training: String?

  @Option(help: ArgumentHelp("The replicates of the permutation test.", valueName: "n"))
  var replicates = 10_000

  @Option(
    help: ArgumentHelp(
      "Where the randomness of the permutation test and of the blend's folds comes from.", valueName: "n"))
  var seed: UInt64 = 1

  @OptionGroup var judging: JudgingArguments

  func validate() throws {
    try judging.validateNoTestReport()
    guard predictions.count >= 2 else {
      throw ValidationError("compare needs at least 2 files of predictions, got \(predictions.count)")
    }
    guard (99...1_000_000).contains(replicates) else {
      throw ValidationError("--replicates takes 99 to 1000000, got \(replicates)")
    }
    if (predictions + [answers, training ?? "", judging.questions ?? ""]).count(where: { $0 == "-" }) > 0 {
      throw ValidationError("compare reads files several times, so none can be standard input (-); name them")
    }
  }

  func run() throws {
    let report: ComparisonReport
    do throws(RatingDataError) { report = try compared() } catch {
      let inputs = predictions.map { ResultDocument.Input(role: .predictions, file: $0) }
      try ResultDocument(inputs: inputs + judging.named("", answers: answers).dropFirst(), failure: error)
        .conclude(as: judging.format)
      return
    }
    Console.result(report.rendered(as: judging.format))
    if judging.format != .json { Console.problems(report.warnings) }
  }

  private func compared() throws(RatingDataError) -> ComparisonReport {
    let files = try JudgedFiles(predictions, answers: answers, judging: judging)
    var inputs = files.inputs
    var warnings = files.warnings
    var known: RatingDataset?
    if let training {
      let read = try RatingDataset.read(training, options: judging.trainingOptions)
      inputs.append(ResultDocument.Input(read.input, as: .training))
      warnings += read.warnings
      known = read.dataset
    }
    do throws(EvaluationError) {
      return try ComparisonReport(
        files, inputs: inputs, warnings: warnings, training: known, replicates: replicates, seed: Seed(seed),
        threads: judging.threads)
    } catch {
      throw RatingDataError(error, file: answers)
    }
  }
}
