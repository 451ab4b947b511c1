import ArgumentParser
import RatingBench

/// `prizecheck score`: how accurate is a submission?
struct Score: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures a submission: RMSE and MAE, as written and clipped to the scale.",
    discussion: """
      Exits with 0 once the files could be scored, however good the score.

      The answers may be more than the questions: with --questions probe.txt, only the rows of the probe are scored.
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

  @OptionGroup var judging: JudgingArguments

  func validate() throws {
    try judging.validateStandardInput(predictions, answers, membership)
    if reveal == .quiz, membership == nil {
      throw ValidationError("--reveal quiz needs --membership, which says which rows are quiz")
    }
  }

  func run() throws {
    let document: ResultDocument
    do throws(RatingDataError) {
      let judgement = try judging.judge(predictions, answers: answers, membership: membership).judge()
      document = ResultDocument(
        inputs: judgement.documentInputs, problems: judgement.warnings, scores: try judgement.scores(of: predictions))
    } catch {
      document = ResultDocument(
        inputs: judging.named(predictions, answers: answers, membership: membership), failure: error)
    }
    try document.conclude(as: judging.format, reveal: reveal)
  }
}
