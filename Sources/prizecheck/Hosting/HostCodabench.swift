import ArgumentParser
import RatingBench

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `prizecheck host codabench`: the scoring program of a Codabench competition.
struct HostCodabench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "codabench",
    abstract: "Reads INPUT/ref and INPUT/res, writes OUTPUT/scores.json.",
    discussion: """
      INPUT/ref holds the answers, and may hold the questions and the membership file: they are known by their names up to \
      the first dot (answers, judging or solution; questions or qualifying; membership); a single file is the answers. \
      INPUT/res holds the submission, one file of any name, or a folder with one. Links are refused: one could lead to the \
      answers.

      The keys of scores.json, for the leaderboard: n, rmse, mae, rmse_clipped; with a criterion improvement, \
      improvement_lower, improvement_upper and qualifies (1 or 0); quiz_rmse, test_rmse and so on for the other rows. \
      detailed_results.html holds the result as check prints it. A bad submission leaves neither.

      The command of metadata.yaml:
        command: prizecheck host codabench $input $output --baseline 0.9525 --improvement 10%
      """)

  @Argument(help: "The folder with ref and res.", completion: .directory)
  var input: String

  @Argument(help: "The folder for scores.json; made where it isn't there.", completion: .directory)
  var output: String

  @OptionGroup var hosting: HostingArguments

  func run() throws {
    let (scores, details) = ("\(output)/scores.json", "\(output)/detailed_results.html")
    // What an earlier run has left is not the score of this submission.
    for path in [scores, details] { unlink(path) }
    do {
      let reference = try ContestFolder(reference: "\(input)/ref")
      let submission = try ContestFolder.submission(in: "\(input)/res")
      let document = try hosting.judged(
        submission, answers: reference.answers, questions: reference.questions, membership: reference.membership)
      _ = mkdir(output, 0o755)
      try TextFile.write(document.page, to: details)
      try TextFile.write(document.leaderboard.text + "\n", to: scores)
    } catch let error as RatingDataError {
      Console.problems(error.problems)
      throw error.exitStatus
    }
  }
}

extension ResultDocument {
  /// The text of the result as a page.
  fileprivate var page: String {
    let lines = text(color: false).split(separator: "\n", omittingEmptySubsequences: false)
    return """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><title>prizecheck</title></head>
      <body><pre>\(lines.map { SafeText.xml(String($0)) }.joined(separator: "\n"))</pre></body></html>

      """
  }
}
