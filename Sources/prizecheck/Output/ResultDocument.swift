import ArgumentParser
import RatingBench

/// What `check`, `score` and `validate` found out: one value, from which every output format is made.
struct ResultDocument: Sendable {
  /// A file that was read.
  struct Input: Sendable {
    enum Role: String, Sendable, CaseIterable {
      case predictions, answers, questions, membership, baseline, model, ratings, training
    }

    var role: Role
    /// The name as it was given; `-` is standard input.
    var file: String
    /// What the reader took it for; nil, as the following, where it could not be read.
    var format: String?
    var bytes: Int?
    /// Of the bytes in the file, before any decompression, in lower-case hexadecimal.
    var sha256: String?
  }

  private(set) var inputs: [Input]
  /// Errors and warnings.
  private(set) var problems: [Problem]
  private(set) var scores: [PrizeSet: Scores] = [:]
  private(set) var criterion: PrizeCriterion?
  /// The rows that were judged: the criterion's set, or all rows where it is not known which those are.
  private(set) var judgedOn: PrizeSet?
  private(set) var verdict: Verdict?
  /// How sure the improvement is, where it is known whose rows were judged.
  private(set) var significance: PrizeSignificance?
  /// Whether a verdict that other users might have turned counts as none.
  private var requiresSignificance = false
  /// Metrics by name and where the error sits, where `score` was asked for them.
  private(set) var details: ScoreDetails?
  /// The precision of `rmse_rounded`: the criterion's, where there is one.
  let decimals: Int
  /// Whether `--reveal quiz` took something out.
  private(set) var withheld = false
  private var failureStatus: ExitCode?

  /// - Parameters:
  ///   - inputs: the files, in the order in which the command names them.
  ///   - problems: all that reading and joining found. With an error among them there is no score and no verdict,
  ///     whatever else is given.
  ///   - scores: nil for `validate`.
  ///   - criterion: nil for `score` and `validate`. Where it names a set and `scores` lack it, all rows are judged, and
  ///     a warning `no-membership` says so.
  ///   - significance: of the improvement, on the rows that are judged.
  ///   - requiresSignificance: whether the exit code tells where it is undecided.
  ///   - details: what is told beside the scores.
  ///   - decimals: the precision of `rmse_rounded` where there is no criterion.
  init(
    inputs: [Input], problems: [Problem] = [], scores: ScoresBySet? = nil, criterion: PrizeCriterion? = nil,
    significance: PrizeSignificance? = nil, requiresSignificance: Bool = false, details: ScoreDetails? = nil,
    decimals: Int = PrizeCriterion.defaultDecimals
  ) {
    self.inputs = inputs
    self.problems = problems
    self.decimals = criterion?.decimals ?? decimals
    guard let scores, isValid else { return }
    for set in PrizeSet.allCases { self.scores[set] = scores[set] }
    self.details = details
    guard let criterion else { return }
    let verdict = criterion.verdict(for: scores)
    (self.criterion, self.verdict, judgedOn) = (criterion, verdict, verdict.judgedOn)
    (self.significance, self.requiresSignificance) = (significance, requiresSignificance)
    if verdict.judgedOn != criterion.set {
      self.problems.append(
        Problem(
          .warning, "no-membership", file: inputs.first { $0.role == .answers }?.file ?? inputs.first?.file ?? "-",
          message: "\(criterion.name) is judged on \(criterion.set.phrase), and nothing says which rows those are: "
            + "all \(scores.all.count) rows were judged; give their sets with --membership"))
    }
  }

  /// What a command tells that could not read or join its files: the problems, without scores.
  ///
  /// `train`, `predict` and `describe` print it too, where their data is bad.
  init(inputs: [Input], failure: RatingDataError) {
    self.init(inputs: inputs, problems: failure.problems)
    failureStatus = failure.exitStatus
  }

  var isValid: Bool { failureStatus == nil && !problems.contains { $0.severity == .error } }
  var errors: [Problem] { problems.filter { $0.severity == .error } }
  var warnings: [Problem] { problems.filter { $0.severity == .warning } }

  /// Whether significance was asked for, and the target lies inside the interval.
  var isUndecided: Bool { requiresSignificance && significance?.isUndecided == true }

  /// 65 for bad data (66 for a missing file), 2 where undecided, 1 for a verdict that does not qualify, else 0: also where the verdict is withheld, since an exit
  /// code of 0 or 1 would tell it.
  var exitStatus: ExitCode {
    if !isValid { return failureStatus ?? ExitStatus.badData }
    if isUndecided { return ExitStatus.undecided }
    return verdict?.qualifies == false ? ExitStatus.doesNotQualify : ExitStatus.qualifies
  }

  /// The document as `--reveal` allows it to be told.
  ///
  /// With `quiz`, nothing is left from which a test score could be derived:
  ///
  /// - The scores on the test rows and on all rows go, since all and quiz give test; their numbers of rows with them.
  /// - So do their metrics and strata.
  /// - So do the verdict and the improvement, unless they were judged on the quiz rows, and with them the exit code 1.
  /// - So does the criterion, where its baseline was measured on test or all rows: a contestant could give an own
  ///   submission as the baseline.
  /// - So do the entries of the answers and of the membership file, and warnings about them: a hash of few unknown
  ///   answers can be searched for, and a size tells how many rows are quiz. Errors stay, as there are no scores then.
  func revealing(_ reveal: Reveal) -> ResultDocument {
    guard reveal == .quiz else { return self }
    var told = self
    told.withheld = scores.keys.contains { $0 != .quiz }
    told.scores = scores.filter { $0.key == .quiz }
    told.details = details?.quizOnly
    if judgedOn != .quiz {
      told.verdict = nil
      told.significance = nil
      if criterion?.baselineSource == .measured {
        told.criterion = nil
        told.judgedOn = nil
      }
    }
    let secret = inputs.filter { $0.role == .answers || $0.role == .membership }
    told.inputs.removeAll { $0.role == .answers || $0.role == .membership }
    told.problems.removeAll { problem in
      problem.severity == .warning && problem.code != "no-membership" && secret.contains { $0.file == problem.file }
    }
    return told
  }
}
