import ArgumentParser
import RatingBench

/// `prizecheck sample`: a submission to fill in.
struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes an empty submission: one constant prediction for every question.",
    discussion: """
      The file has the form that check expects: Netflix blocks where the questions are blocks, else CSV of \
      user,item,prediction.
      """)

  @Argument(help: "The rows that are asked, in any format that names users and items.", completion: .file())
  var questions: String

  @Option(
    help: ArgumentHelp("Where the submission goes; - is standard output.", valueName: "file"), completion: .file())
  var output: String

  @Option(parsing: .unconditional, help: ArgumentHelp("The prediction for every row.", valueName: "rating"))
  var value = 3.0

  @OptionGroup var reading: ReadingArguments

  func validate() throws {
    if !value.isFinite || abs(value) > 1000 { throw ValidationError("--value lies in -1000...1000, got \(value)") }
  }

  func run() throws {
    do throws(RatingDataError) {
      let nobody = Vocabularies(users: .empty, items: .empty)
      let asked = try QuestionSet.read(questions, vocabularies: nobody, options: reading.options)
      try asked.writeSample(value: value, to: output)
      Console.problems(asked.warnings)
      if output != "-" { Console.note("\(output): \(Decimals.grouped(asked.count)) rows of \(value)") }
    } catch {
      Console.problems(error.problems)
      throw error.exitStatus
    }
  }
}
