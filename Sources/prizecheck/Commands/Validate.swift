import ArgumentParser
import RatingBench

/// `prizecheck validate`: is a submission in order?
struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks the form of a submission against the questions, without answers.",
    discussion: """
      What a contestant runs before sending a file in: every question has one finite prediction, in the right place, and \
      nothing else is in the file. All problems are reported at once. Exits with 0 where the file is in order, else 65.
      """)

  @Argument(
    help: "The submission: Netflix blocks, or CSV of user,item,prediction; - is standard input.", completion: .file())
  var predictions: String

  @OptionGroup var judging: JudgingArguments

  func validate() throws {
    try judging.validateStandardInput(predictions)
    if judging.questions == nil { throw ValidationError("Missing expected argument '--questions <file>'") }
  }

  func run() throws {
    let document: ResultDocument
    do throws(RatingDataError) {
      let judgement = try judging.judge(predictions, answers: nil).judge()
      document = ResultDocument(inputs: judgement.documentInputs, problems: judgement.warnings)
    } catch {
      document = ResultDocument(
        inputs: judging.named(predictions, answers: nil), failure: error)
    }
    try document.conclude(as: judging.format)
  }
}
