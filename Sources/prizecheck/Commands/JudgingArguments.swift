import ArgumentParser
import RatingBench

/// The options of the commands that join predictions with questions and answers.
struct JudgingArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The rows that were asked, in any format that names users and items; ratings in it are ignored.",
      valueName: "file"),
    completion: .file())
  var questions: String?

  /// `--input-format` and `--columns` are about the predictions.
  @OptionGroup var reading: ReadingArguments

  @Option(
    help: "How to print the result: text, json, markdown, csv, github or (check, score and validate) junit.")
  var format: OutputFormat = .text

  var threads: Int? { reading.threads }

  /// Refuses a test report where nothing is tested.
  func validateNoTestReport() throws {
    if format == .junit { throw ValidationError("--format junit is for check, score and validate") }
  }

  /// Refuses to read standard input for more than one file.
  func validateStandardInput(_ files: String?...) throws {
    if (files + [questions]).count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input (-) can be only one of the files; name the others")
    }
  }

  private var options: ReadingOptions {
    var options = reading.options
    // The other formats don't tell the files' hashes.
    options.hashesInput = format == .json || format == .csv
    return options
  }

  /// How a file of training ratings is read; `--input-format` and `--columns` are about the predictions.
  var trainingOptions: ReadingOptions {
    ReadingOptions(scale: reading.ratingScale, threads: threads, hashesInput: options.hashesInput)
  }

  /// How other files of predictions are read.
  var predictionOptions: ReadingOptions { options }

  /// The files by their names, for a result that can't tell more of them.
  func named(_ predictions: String, answers: String?, membership: String? = nil) -> [ResultDocument.Input] {
    let files: [(ResultDocument.Input.Role, String?)] = [
      (.predictions, predictions), (.answers, answers), (.questions, questions), (.membership, membership),
    ]
    return files.compactMap { role, file in file.map { ResultDocument.Input(role: role, file: $0) } }
  }

  func judge(_ predictions: String, answers: String?, membership: String? = nil) -> SubmissionJudge {
    SubmissionJudge(
      predictions: .file(predictions), answers: answers, questions: questions, membership: membership, options: options)
  }
}

extension Judgement {
  /// The scores of all rows and, where it is known which those are, of quiz and test.
  ///
  /// - Throws: `no-rows` where there are none.
  func scores(of file: String) throws(RatingDataError) -> ScoresBySet {
    // A membership file may hold rows of one set only: the other then has no score.
    func scores(_ sums: ClippedPair?) -> Scores? {
      sums.flatMap { try? Scores(unclipped: $0.asWritten, clipped: scale == nil ? nil : $0.clipped) }
    }
    guard let everything = scores(all) else {
      throw RatingDataError(EvaluationError(.noRows, "there are no rows, and nothing has no score"), file: file)
    }
    return ScoresBySet(all: everything, quiz: scores(quiz), test: scores(test))
  }

  /// The files as a result lists them.
  var documentInputs: [ResultDocument.Input] { inputs.map { ResultDocument.Input($0) } }
}

extension ResultDocument.Input {
  init(_ report: InputReport, as role: Role? = nil) {
    self.init(
      role: role ?? Role(rawValue: report.role.rawValue) ?? .ratings, file: report.file,
      format: report.format.rawValue, bytes: report.bytes, sha256: report.sha256)
  }
}

extension ResultDocument {
  /// Prints the result, and ends the command with the exit code that goes with it.
  func conclude(as format: OutputFormat, reveal: Reveal = .all) throws {
    let told = revealing(reveal)
    Console.result(told.rendered(as: format))
    if format == .github { _ = told.appendGitHubSummary() }
    // Diagnostics belong to standard error, unless the same terminal has just shown them.
    let alreadyShown = format == .text && Console.outputIsTerminal && Console.errorIsTerminal
    if !told.isValid && !alreadyShown { Console.problems(told.errors) }
    if told.exitStatus != ExitStatus.qualifies { throw told.exitStatus }
  }
}

extension RatingDataError {
  /// A file that can't be scored.
  init(_ error: EvaluationError, file: String) {
    self.init(.badData, [Problem(.error, error.code.rawValue, file: file, message: error.message)])
  }
}
