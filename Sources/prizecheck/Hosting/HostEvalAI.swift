import ArgumentParser
import RatingBench

/// `prizecheck host evalai`: what an EvalAI challenge's evaluation script returns.
struct HostEvalAI: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evalai",
    abstract: "Prints the result of a submission as an EvalAI evaluation script returns it.",
    discussion: """
      The figures of each dataset split, under the names of the leaderboard's schema: n, rmse, mae, rmse_clipped; with a \
      criterion improvement, improvement_lower, improvement_upper and qualifies (1 or 0). Of a contest with quiz and test \
      rows each is a split, else all rows are one. A bad submission prints nothing.

      Example:
        prizecheck host evalai p.csv --answers annotations.csv --split all=test_split
      """)

  /// `test=test_split`.
  struct SplitName: ExpressibleByArgument, Sendable {
    var set: PrizeSet
    var codename: String

    init?(argument: String) {
      let sides = argument.split(separator: "=", maxSplits: 1).map(String.init)
      guard sides.count == 2, let set = PrizeSet(rawValue: sides[0]) else { return nil }
      (self.set, codename) = (set, sides[1])
    }
  }

  @Argument(help: "The submission: Netflix blocks, or CSV of user,item,prediction.", completion: .file())
  var submission: String

  @Option(help: ArgumentHelp("The true ratings: the annotation file.", valueName: "file"), completion: .file())
  var answers: String

  @Option(
    help: ArgumentHelp("The rows that were asked, where the answers don't name users.", valueName: "file"),
    completion: .file())
  var questions: String?

  @Option(help: ArgumentHelp("Which rows are quiz and which are test.", valueName: "file"), completion: .file())
  var membership: String?

  @Option(
    name: .customLong("split"),
    help: ArgumentHelp(
      "The codename of a dataset split: all, quiz or test rows, in the order of the result; repeatable. Default: the sets' own names.",
      valueName: "set=codename"))
  var splits: [SplitName] = []

  @OptionGroup var hosting: HostingArguments

  func validate() throws {
    for (position, split) in splits.enumerated() where splits[..<position].contains(where: { $0.set == split.set }) {
      throw ValidationError("--split \(split.set.rawValue)=... is given twice")
    }
  }

  func run() throws {
    let document = try hosting.judged(
      submission, answers: answers, questions: questions, membership: membership)
    let named =
      splits.isEmpty ? document.leaderboardSets.map { ($0, $0.rawValue) } : splits.map { ($0.set, $0.codename) }
    var result: [JSON] = []
    for (set, codename) in named {
      let figures = document.figures(of: set)
      guard !figures.isEmpty else {
        Console.note(
          "prizecheck: --split \(set.rawValue)=\(SafeText.line(codename)): there is no score of \(set.phrase)")
        throw ExitStatus.badData
      }
      result.append(.object([(key: codename, value: .object(figures))]))
    }
    Console.result(JSON.object(["result": .array(result), "submission_result": result[0]]).text)
  }
}
