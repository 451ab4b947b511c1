import ArgumentParser
import RatingBench

/// The options that say what must be reached: a published criterion, or the parts of one.
struct CriterionArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp("A published criterion.", valueName: "name"),
    completion: .list(OptionValue.criterionNames), transform: OptionValue.criterion)
  var criterion: PrizeCriterion?

  @Option(
    help: ArgumentHelp("The RMSE to improve on, such as 0.9525.", valueName: "rmse"), transform: OptionValue.decimal)
  var baseline: PrizeDecimal?

  @Option(
    help: ArgumentHelp("How far below the baseline the RMSE must be, such as 10%.", valueName: "percent"),
    transform: OptionValue.improvement)
  var improvement: Improvement?

  @Option(
    help: ArgumentHelp("The decimals that scores are rounded to (default: 4).", valueName: "n"),
    transform: OptionValue.decimals)
  var decimals: Int?

  @Option(
    help: ArgumentHelp("The largest RMSE that qualifies, instead of deriving it.", valueName: "rmse"),
    transform: OptionValue.decimal)
  var threshold: PrizeDecimal?

  @Option(name: .customLong("set"), help: "The rows that decide: all, quiz or test (with --membership).")
  var prizeSet: PrizeSet?

  /// Refuses parts that contradict each other, or of which one is missing. What is improved on may be given elsewhere.
  func validateParts() throws {
    if criterion != nil {
      guard baseline == nil, improvement == nil, decimals == nil, threshold == nil, prizeSet == nil else {
        throw ValidationError(
          "--criterion brings its own improvement, decimals, threshold and set; give --baseline to choose them")
      }
    } else if improvement == nil {
      throw ValidationError("say how far below the baseline the RMSE must be, such as --improvement 10%")
    } else if baseline != nil {
      _ = try stated()
    }
  }

  /// Whether anything was given.
  var isGiven: Bool {
    criterion != nil || baseline != nil || improvement != nil || decimals != nil || threshold != nil || prizeSet != nil
  }

  /// The published criterion, or the one relative to a number; nil where neither is given.
  func stated() throws(EvaluationError) -> PrizeCriterion? {
    if let criterion { return criterion }
    guard let baseline, let improvement else { return nil }
    return try PrizeCriterion(
      set: prizeSet ?? .all, baseline: baseline, improvement: improvement,
      decimals: decimals ?? PrizeCriterion.defaultDecimals, threshold: threshold)
  }

  /// The criterion relative to a baseline's score on the rows that decide.
  ///
  /// - Precondition: an improvement is given.
  func relative(to scores: ScoresBySet) throws(EvaluationError) -> PrizeCriterion {
    let set = prizeSet ?? .all
    guard let baseline = scores[set] else {
      throw EvaluationError(
        .noRows, "the membership file has no \(set.rawValue) rows, so the baseline has no score on them")
    }
    return try PrizeCriterion(
      set: set, baseline: baseline, improvement: improvement!, decimals: decimals ?? PrizeCriterion.defaultDecimals,
      threshold: threshold)
  }
}
