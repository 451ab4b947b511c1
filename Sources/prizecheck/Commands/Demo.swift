import ArgumentParser
import RatingBench

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `prizecheck demo`: a small contest from ratings to verdict.
///
/// Each stage is a command of the tool, parsed and run as if it had been typed, so that what is shown is what works.
struct Demo: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Judges a small contest from start to end, showing the command of each stage.",
    discussion: """
      Describes a synthetic prize's ratings, trains the baseline (damped biases) and a matrix factorization, predicts \
      the qualifying set with both, validates the submission, and checks whether it is 10% better than the baseline. \
      Ends with the verdict's exit code: 0 where it qualifies, 1 where it does not.
      """)

  /// The settings of the factorization, chosen on the probe with the probe's ratings left out of training.
  static let settings = ["--factors", "16", "--epochs", "30"]
  static let committedSet = "datasets/synthetic-prize"

  @Option(
    help: ArgumentHelp(
      "A folder in Netflix's format, with judging.txt. Default: \(committedSet), or where there is none the same set, made again.",
      valueName: "folder"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "A folder that keeps models and predictions. Default: a temporary folder, removed at the end.",
      valueName: "folder"))
  var output: String?

  /// A stage: what it is for, and the command.
  struct Stage {
    var title: String
    var arguments: [String]
  }

  func run() throws {
    Interruption.install()
    let folder = try outputFolder()
    defer { if output == nil { OutputFolder.remove(folder) } }
    var stages: [Stage] = []
    var data = data ?? Self.committedSet
    if self.data == nil && access("\(data)/qualifying.txt", R_OK) != 0 {
      data = "\(folder)/synthetic-prize"
      // A folder of an earlier demo has it already.
      if access("\(data)/qualifying.txt", R_OK) != 0 {
        stages.append(
          Stage(title: "Make the data", arguments: ["generate", "--preset", "demo", "--seed", "1", "--output", data]))
      }
    }
    stages += Self.stages(data: data, folder: folder)

    var seconds: [Double] = []
    var verdict = ExitCode.success
    for (position, stage) in stages.enumerated() {
      Console.result("\(position > 0 ? "\n" : "")\(position + 1). \(stage.title)\n$ \(Self.shellText(stage.arguments))")
      let start = ContinuousClock.now
      do {
        var command = try Prizecheck.parseAsRoot(stage.arguments)
        try command.run()
      } catch let code as ExitCode where code == ExitStatus.doesNotQualify && position == stages.count - 1 {
        verdict = code
      }
      seconds.append(Double((ContinuousClock.now - start) / .microseconds(1)) / 1e6)
    }
    Console.result("\n\(Self.timeTable(stages, seconds))")
    if verdict != .success { throw verdict }
  }

  /// The contest, from ratings to verdict.
  static func stages(data: String, folder: String) -> [Stage] {
    let training = "\(data)/training_set"
    let questions = "\(data)/qualifying.txt"
    let (baseline, submission) = ("\(folder)/baseline", "\(folder)/factorization")
    return [
      Stage(title: "Look at the ratings", arguments: ["describe", training]),
      Stage(
        title: "Train the baseline: damped biases",
        arguments: ["train", training, "--algorithm", "biases", "--seed", "1", "--save", "\(baseline).safetensors"]),
      Stage(
        title: "Train the challenger: biased matrix factorization",
        arguments: ["train", training, "--algorithm", "biased-mf"] + settings
          + ["--seed", "1", "--save", "\(submission).safetensors"]),
      Stage(
        title: "Predict the qualifying set with the baseline",
        arguments: ["predict", "\(baseline).safetensors", "--questions", questions, "--output", "\(baseline).txt"]),
      Stage(
        title: "Predict the qualifying set with the challenger",
        arguments: ["predict", "\(submission).safetensors", "--questions", questions, "--output", "\(submission).txt"]),
      Stage(
        title: "Is the submission valid?",
        arguments: ["validate", "\(submission).txt", "--questions", questions]),
      Stage(
        title: "Does it win? 10% better than the baseline, on the same rows",
        arguments: [
          "check", "\(submission).txt", "--answers", "\(data)/judging.txt", "--questions", questions, "--membership",
          "\(data)/membership.txt", "--baseline-predictions", "\(baseline).txt", "--improvement", "10%",
        ]),
    ]
  }

  private func outputFolder() throws -> String {
    if let output {
      if mkdir(output, 0o755) != 0 && errno != EEXIST {
        Console.note("\(output): error: can't be created: \(String(cString: strerror(errno))) [cannot-write]")
        throw ExitStatus.cannotWrite
      }
      return output
    }
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/prizecheck-demo-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else {
      Console.note("\(base): error: no folder can be made here; pass --output FOLDER [cannot-write]")
      throw ExitStatus.cannotWrite
    }
    let path = String(cString: made)
    UnfinishedFiles.add(path)
    return path
  }

  /// The command as a shell takes it.
  static func shellText(_ arguments: [String]) -> String {
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=+%:,@")
    let words = arguments.map { word in
      !word.isEmpty && word.allSatisfy(plain.contains)
        ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
    return (["prizecheck"] + words).joined(separator: " ")
  }

  private static func timeTable(_ stages: [Stage], _ seconds: [Double]) -> String {
    let width = stages.map(\.title.count).max() ?? 0
    func line(_ title: String, _ seconds: Double) -> String {
      let time = Decimals.text(seconds, digits: 3)
      return title + String(repeating: " ", count: width - title.count + max(1, 9 - time.count)) + time + " s"
    }
    return (zip(stages, seconds).map { line($0.title, $1) } + [line("All", seconds.reduce(0, +))])
      .joined(separator: "\n")
  }
}
