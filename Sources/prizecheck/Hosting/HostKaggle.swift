import ArgumentParser
import RatingBench

/// `prizecheck host kaggle`: scores on a solution file with public and private rows.
struct HostKaggle: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kaggle",
    abstract: "Scores a submission of id,rating on a solution file of id,rating,Usage.",
    discussion: """
      Rows are joined by their id, which may be any text, in any order. Usage says Public or Private row by row, and each part \
      is scored by itself: an object of public and private, or of all where the solution has no Usage. Public rows are the \
      quiz of other commands, private ones the test: --set test judges a criterion on the private rows.

      check, score and validate read such files too.

      Example:
        prizecheck host kaggle submission.csv --solution solution.csv --baseline 0.9525 --improvement 10% --set test
      """)

  @Argument(help: "The submission: CSV of id,rating (or user,item,prediction).", completion: .file())
  var submission: String

  @Option(help: ArgumentHelp("The true ratings: CSV of id,rating,Usage.", valueName: "file"), completion: .file())
  var solution: String

  @OptionGroup var hosting: HostingArguments

  func run() throws {
    let document = try hosting.judged(submission, answers: solution)
    let names: [PrizeSet: String] = [.all: "all", .quiz: "public", .test: "private"]
    Console.result(
      JSON.object(document.leaderboardSets.map { (key: names[$0]!, value: .object(document.figures(of: $0))) }).text)
  }
}
