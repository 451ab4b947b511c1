import ArgumentParser
import RatingBench

/// `prizecheck check`: does a submission win?
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Judges a submission: is it valid, how accurate is it, does it qualify for the prize?",
    discussion: """
      Exits with 0 where the submission is valid and qualifies, 1 where it is valid and does not, 65 where a file is \
      bad, 66 where one is missing.

      Where the files say whose rows they are, the 95% interval of the improvement is told too, clustered by user, and the \
      probability that the true improvement reaches the target. They don't change the verdict; with \
      --require-significance the exit code is 2 where the target lies inside the interval.

      The criterion is a published one (\(OptionValue.criterionNames.joined(separator: ", "))), or an improvement over \
      a baseline: a number, a file of predictions, or a model. A derived threshold is rounded down, and a score is \
      rounded half up before it is compared, both in decimal arithmetic.

      Examples:
        prizecheck check p.txt --answers judging.txt --criterion netflix-grand-prize
        prizecheck check p.csv --answers u1.test --baseline 1.0334 --improvement 10%
        prizecheck check p.txt --answers judging.txt --questions qualifying.txt --baseline-predictions b.txt --improvement 10%
      """)

  @Argument(
    help: "The submission: Netflix blocks, or CSV of user,item,prediction; - is standard input.", completion: .file())
  var predictions: String

  @Option(help: ArgumentHelp("The true ratings, in any format of ratings.", valueName: "file"), completion: .file())
  var answers: String

  @Option(
    help: ArgumentHelp(
      "Which rows are quiz and which are test: the questions' blocks with quiz or test on each line, or CSV of user,item,set.",
      valueName: "file"),
    completion: .file())
  var membership: String?

  @OptionGroup var rule: CriterionArguments

  @Option(
    help: ArgumentHelp("Predictions whose RMSE on the same rows is the one to improve on.", valueName: "file"),
    completion: .file())
  var baselinePredictions: String?

  @Option(
    help: ArgumentHelp("A saved model whose RMSE on the same rows is the one to improve on.", valueName: "file"),
    completion: .file())
  var baselineModel: String?

  @Option(help: "Whose scores may be told: all, or quiz (and then nothing from which a test score follows).")
  var reveal: Reveal = .all

  @Flag(
    help: "Exit with 2, undecided, where the 95% interval of the improvement has the target inside; the verdict stays.")
  var requireSignificance = false

  @OptionGroup var judging: JudgingArguments

  func validate() throws {
    try judging.validateStandardInput(predictions, answers, membership, baselinePredictions, baselineModel)
    let sources = [rule.criterion != nil, rule.baseline != nil, baselinePredictions != nil, baselineModel != nil]
    guard sources.count(where: { $0 }) == 1 else {
      throw ValidationError(
        "give one of --criterion, --baseline, --baseline-predictions and --baseline-model: what is to be improved on")
    }
    try rule.validateParts()
    if reveal == .quiz, membership == nil {
      throw ValidationError("--reveal quiz needs --membership, which says which rows are quiz")
    }
    if let prizeSet = rule.prizeSet, prizeSet != .all, membership == nil {
      throw ValidationError("--set \(prizeSet.rawValue) needs --membership, which says which rows those are")
    }
  }

  func run() throws {
    let document: ResultDocument
    do throws(RatingDataError) { document = try judged() } catch {
      document = ResultDocument(
        inputs: judging.named(predictions, answers: answers, membership: membership), failure: error)
    }
    try document.conclude(as: judging.format, reveal: reveal)
  }

  func judged() throws(RatingDataError) -> ResultDocument {
    var judge = judging.judge(predictions, answers: answers, membership: membership)
    judge.keepsErrors = true
    let judgement = try judge.judge()
    let scores = try judgement.scores(of: predictions)
    var baselineErrors: JudgedErrors?
    var inputs = judgement.documentInputs
    var warnings = judgement.warnings
    let isMeasured = baselinePredictions != nil || baselineModel != nil
    let baselineScores = isMeasured ? try measured(&inputs, &warnings, &baselineErrors) : nil
    let criterion: PrizeCriterion
    do throws(EvaluationError) {
      criterion = if let baselineScores { try rule.relative(to: baselineScores) } else { try rule.stated()! }
    } catch {
      throw RatingDataError(error, file: baselinePredictions ?? baselineModel ?? predictions)
    }
    let set = scores[criterion.set] == nil ? PrizeSet.all : criterion.set
    let significance = try significance(
      of: criterion, judgement.errors?.rows(of: set), baselineErrors.map { $0.rows(of: set) })
    return ResultDocument(
      inputs: inputs, problems: warnings, scores: scores, criterion: criterion, significance: significance,
      requiresSignificance: requireSignificance)
  }

  /// How sure the improvement is, on the rows that are judged; nil where that can't be known and isn't asked for.
  ///
  /// - Parameter baseline: nil where the baseline is a number.
  private func significance(
    of rule: PrizeCriterion, _ errors: JudgedErrors?, _ baseline: JudgedErrors??
  ) throws(RatingDataError) -> PrizeSignificance? {
    do throws(EvaluationError) {
      guard let errors else {
        throw EvaluationError(
          .missingInput,
          "how sure the improvement is hangs on whose rows they are, and no file says so; name the users with --questions"
        )
      }
      return try PrizeSignificance(rule, errors: errors, baseline: baseline ?? nil)
    } catch {
      if requireSignificance { throw RatingDataError(error, file: answers) }
      return nil
    }
  }

  /// The baseline's scores on the rows of the submission.
  private func measured(
    _ inputs: inout [ResultDocument.Input], _ warnings: inout [Problem], _ errors: inout JudgedErrors?
  ) throws(RatingDataError) -> ScoresBySet {
    if let path = baselinePredictions {
      var judge = judging.judge(path, answers: answers, membership: membership)
      // --input-format and --columns are about the submission; the baseline's file is detected.
      judge.options.format = nil
      judge.options.columns = nil
      judge.keepsErrors = true
      let judgement = try judge.judge()
      errors = judgement.errors
      inputs += judgement.inputs.filter { $0.role == .predictions }.map { ResultDocument.Input($0, as: .baseline) }
      warnings += judgement.warnings.filter { $0.file == path }
      return try judgement.scores(of: path)
    }
    let path = baselineModel!
    let file = try ModelFile(contentsOf: path)
    let asked = try QuestionSet.read(
      judging.questions ?? answers, vocabularies: file.model.vocabularies,
      options: ReadingOptions(threads: judging.threads))
    let predicted = file.model.predict(asked.pairs, threads: judging.threads).clipped(to: file.model.scale)
    var judge = judging.judge(path, answers: answers, membership: membership)
    judge.predictions = .values(predicted, name: path)
    inputs.append(ResultDocument.Input(role: .model, file: path))
    judge.keepsErrors = true
    let judgement = try judge.judge()
    errors = judgement.errors
    return try judgement.scores(of: path)
  }
}
