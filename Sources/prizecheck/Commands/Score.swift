import ArgumentParser
import RatingBench

/// `prizecheck score`: how accurate is a submission?
struct Score: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures a submission: RMSE and MAE, as written and clipped to the scale.",
    discussion: """
      Exits with 0 once the files could be scored, however good the score.

      The answers may be more than the questions: with --questions probe.txt, only the rows of the probe are scored.

      Metrics for --metrics: \(MetricRegistry.standard.rowSpellings).

      Examples:
        prizecheck score p.csv --answers u1.test --metrics rmse,mae,r2,fcp,rmse@users
        prizecheck score p.csv --answers u1.test --strata --training u1.base
      """)

  @Argument(
    help: "The submission: Netflix blocks, or CSV of user,item,prediction; - is standard input.", completion: .file())
  var predictions: String

  @Option(help: ArgumentHelp("The true ratings, in any format of ratings.", valueName: "file"), completion: .file())
  var answers: String

  @Option(
    help: ArgumentHelp("Which rows are quiz and which are test; their scores are then told too.", valueName: "file"),
    completion: .file())
  var membership: String?

  @Option(help: "Whose scores may be told: all, or quiz (and then nothing from which a test score follows).")
  var reveal: Reveal = .all

  @Option(
    help: ArgumentHelp("More metrics, such as rmse,mae,r2,rmse@users: see above.", valueName: "names"),
    transform: OptionValue.rowMetrics)
  var metrics: [Metric] = []

  @Flag(
    help: "Where the error sits: by true rating and time, by activity and novelty (with --training); reliability.")
  var strata = false

  @Option(
    help: ArgumentHelp(
      "The ratings that the predictions were learned from, for --strata; in any format of ratings.", valueName: "file"),
    completion: .file())
  var training: String?

  @OptionGroup var judging: JudgingArguments

  func validate() throws {
    try judging.validateStandardInput(predictions, answers, membership, training)
    if training != nil, !strata { throw ValidationError("--training tells strata apart; add --strata") }
    if reveal == .quiz, membership == nil {
      throw ValidationError("--reveal quiz needs --membership, which says which rows are quiz")
    }
  }

  func run() throws {
    let document: ResultDocument
    do throws(RatingDataError) {
      document = try scored()
    } catch {
      document = ResultDocument(
        inputs: judging.named(predictions, answers: answers, membership: membership), failure: error)
    }
    try document.conclude(as: judging.format, reveal: reveal)
  }

  private func scored() throws(RatingDataError) -> ResultDocument {
    let judge = judging.judge(predictions, answers: answers, membership: membership)
    if metrics.isEmpty && !strata {
      let judgement = try judge.judge()
      return ResultDocument(
        inputs: judgement.documentInputs, problems: judgement.warnings, scores: try judgement.scores(of: predictions))
    }
    let (judgement, rows) = try judge.judgeRows()
    var inputs = judgement.documentInputs
    var warnings = judgement.warnings
    var known: RatingDataset?
    if let training {
      let read = try RatingDataset.read(training, options: judging.trainingOptions)
      inputs.append(ResultDocument.Input(read.input, as: .training))
      warnings += read.warnings
      known = read.dataset
    }
    let scores = try judgement.scores(of: predictions)
    do throws(EvaluationError) {
      let details = try ScoreDetails(
        rows, sets: membership == nil ? [.all] : PrizeSet.allCases, metrics: metrics,
        strataOf: strata ? (reveal == .quiz ? .quiz : .all) : nil, training: known, threads: judging.threads)
      return ResultDocument(inputs: inputs, problems: warnings, scores: scores, details: details)
    } catch {
      throw RatingDataError(error, file: predictions)
    }
  }
}
