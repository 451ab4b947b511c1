import ArgumentParser
import RatingBench

/// `prizecheck host`: the tool as the scoring program of a contest host.
struct Host: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Scores a submission in the way that a contest host asks for: Codabench, EvalAI, Kaggle.",
    discussion: """
      The same judge as check's, with the same options for a criterion; only where files are looked for and the form of the \
      result differ. A submission that is scored exits with 0, also where it doesn't qualify: hosts take any other code for \
      a failed run. A bad one exits with 65, gets no scores, and all of its problems are on standard error, which hosts show \
      to the contestant.
      """,
    subcommands: [HostCodabench.self, HostEvalAI.self, HostKaggle.self])
}

/// The options of every host.
struct HostingArguments: ParsableArguments {
  @OptionGroup var rule: CriterionArguments

  @Option(help: "Whose scores may be told: all, or quiz (and then nothing from which a test score follows).")
  var reveal: Reveal = .all

  /// `--input-format` and `--columns` are about the submission.
  @OptionGroup var reading: ReadingArguments

  func validate() throws {
    guard rule.isGiven else { return }
    guard rule.criterion != nil || rule.baseline != nil else {
      throw ValidationError("give --criterion or --baseline: what is to be improved on")
    }
    try rule.validateParts()
  }

  /// Judges a submission, and tells on standard error what is wrong with it.
  ///
  /// - Parameter membership: nil takes the column of the answers that says which rows are quiz and which are test, where
  ///   there is one.
  /// - Returns: a valid result, as `--reveal` allows it to be told.
  /// - Throws: the exit code of a submission that has no score.
  func judged(
    _ submission: String, answers: String, questions: String? = nil, membership: String? = nil
  ) throws -> ResultDocument {
    let document: ResultDocument
    do throws(RatingDataError) {
      document = try judge(submission, answers: answers, questions: questions, membership: membership)
    } catch {
      document = ResultDocument(inputs: [], failure: error)
    }
    Console.problems(document.problems)
    guard document.isValid else { throw document.exitStatus }
    return document.revealing(reveal)
  }

  private func judge(
    _ submission: String, answers: String, questions: String?, membership: String?
  ) throws(RatingDataError) -> ResultDocument {
    let criterion: PrizeCriterion?
    do throws(EvaluationError) { criterion = try rule.stated() } catch {
      throw RatingDataError(error, file: submission)
    }
    let sets = membership ?? (SubmissionJudge.namesSets(answers) ? answers : nil)
    var judge = SubmissionJudge(
      predictions: .file(submission), answers: answers, questions: questions, membership: sets,
      options: reading.options)
    judge.keepsErrors = criterion != nil
    let judgement = try judge.judge()
    let scores = try judgement.scores(of: submission)
    if reveal == .quiz, scores.quiz == nil {
      throw RatingDataError(
        EvaluationError(.missingInput, "--reveal quiz tells the score of quiz rows, and nothing says which those are"),
        file: answers)
    }
    // Where it isn't known whose the rows are, nothing is known of other users.
    let significance = criterion.flatMap { criterion in
      judgement.errors?.rows(of: scores[criterion.set] == nil ? .all : criterion.set)
        .flatMap { try? PrizeSignificance(criterion, errors: $0) }
    }
    return ResultDocument(
      inputs: judgement.documentInputs, problems: judgement.warnings, scores: scores, criterion: criterion,
      significance: significance)
  }
}
