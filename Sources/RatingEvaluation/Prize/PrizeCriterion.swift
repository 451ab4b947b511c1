/// What a submission must reach to win: an RMSE, rounded, that is at most a threshold below a baseline's.
///
///     let criterion = try PrizeCriterion(baseline: "0.9525", improvement: "10%")
///     criterion.threshold   // 0.8572
///
/// All of it is decimal arithmetic. 0.9 x 0.9525 is exactly 0.85725, a tie at the fourth decimal; in binary floating
/// point the product prints as 0.8573, which would admit 9.995%. A **derived** threshold is therefore rounded toward the
/// harder side, down; an **explicit** one wins over the derived one, because rules are what was published.
///
/// - A score is rounded half up (against the contestant) to `decimals` before it is compared and before ties are broken.
/// - Ties go to the earlier submission: `PrizeStanding`.
/// - The unclipped score is judged.
///
/// Source: the rules of the Netflix Prize (2006-2009), which print baseline 0.9525 and threshold 0.8572.
public struct PrizeCriterion: Sendable, Hashable {
  /// Four decimals, as the Netflix Prize had.
  public static let defaultDecimals = 4

  public enum BaselineSource: String, Sendable, Hashable {
    /// The rules state the number.
    case stated
    /// It is the score of a baseline's predictions on the answers.
    case measured
  }

  public enum ThresholdSource: String, Sendable, Hashable {
    /// The rules state the threshold.
    case explicit
    /// It is baseline x (1 - improvement), rounded down.
    case derived
  }

  public let name: String
  /// The rows that decide.
  public let set: PrizeSet
  public let baseline: PrizeDecimal
  public let baselineSource: BaselineSource
  public let improvement: Improvement
  /// The precision that scores are rounded to.
  public let decimals: Int
  /// The largest rounded score that qualifies.
  public let threshold: PrizeDecimal
  public let thresholdSource: ThresholdSource

  /// A criterion relative to a number.
  ///
  /// - Parameters:
  ///   - set: the rows that decide.
  ///   - decimals: the precision of scores and of a derived threshold, 0...15.
  ///   - threshold: nil derives it.
  /// - Throws: `bad-criterion` where the baseline is 0, `decimals` is out of range, the derived threshold is 0 at that
  ///   precision, or the explicit one lies above the baseline.
  public init(
    name: String = "custom", set: PrizeSet = .all, baseline: PrizeDecimal, improvement: Improvement,
    decimals: Int = PrizeCriterion.defaultDecimals, threshold: PrizeDecimal? = nil
  ) throws(EvaluationError) {
    if let threshold, threshold > baseline {
      throw EvaluationError(
        .badCriterion,
        "the threshold \(threshold) lies above the baseline \(baseline), so that worse would qualify; "
          + "a threshold is at most the baseline")
    }
    try self.init(
      name: name, set: set, baseline: baseline, source: .stated, improvement: improvement, decimals: decimals,
      threshold: threshold)
  }

  /// A criterion relative to a baseline's predictions: their RMSE on the same rows, rounded to `decimals`, is the
  /// baseline.
  ///
  /// - Parameters: as for a number; `baseline` is the score on the rows of `set`.
  /// - Throws: as for a number, except that an explicit threshold wins wherever the baseline turns out to be.
  public init(
    name: String = "custom", set: PrizeSet = .all, baseline: Scores, improvement: Improvement,
    decimals: Int = PrizeCriterion.defaultDecimals, threshold: PrizeDecimal? = nil
  ) throws(EvaluationError) {
    try Self.check(decimals: decimals)
    try self.init(
      name: name, set: set, baseline: baseline.roundedRMSE(decimals: decimals), source: .measured,
      improvement: improvement, decimals: decimals, threshold: threshold)
  }

  private init(
    name: String, set: PrizeSet, baseline: PrizeDecimal, source: BaselineSource, improvement: Improvement,
    decimals: Int, threshold explicit: PrizeDecimal?
  ) throws(EvaluationError) {
    try Self.check(decimals: decimals)
    guard baseline > "0" else {
      throw EvaluationError(
        .badCriterion, "the baseline is \(baseline), and nothing is better than that; a baseline is above 0")
    }
    let threshold =
      explicit?.padded(decimals: decimals) ?? improvement.line(below: baseline).roundedDown(decimals: decimals)
    if explicit == nil, threshold == "0" {
      throw EvaluationError(
        .badCriterion, "\(improvement) below \(baseline) is 0 at \(decimals) decimals; use more decimals")
    }
    self.name = name
    self.set = set
    self.baseline = baseline
    self.baselineSource = source
    self.improvement = improvement
    self.decimals = decimals
    self.threshold = threshold
    self.thresholdSource = explicit == nil ? .derived : .explicit
  }

  private static func check(decimals: Int) throws(EvaluationError) {
    guard 0...PrizeDecimal.mostDecimals ~= decimals else {
      throw EvaluationError(
        .badCriterion, "a score has 0 to \(PrizeDecimal.mostDecimals) decimals, got \(decimals); 4 is usual")
    }
  }
}

extension Improvement {
  private static let whole: UInt128 = 100 * 1_000_000_000_000_000

  /// baseline x (1 - improvement), its digits behind the 15th cut off.
  func line(below baseline: PrizeDecimal) -> PrizeDecimal {
    // At most 2 x 10^18 x 10^17, below 2^118.
    let product = UInt128(baseline.units) * (Self.whole - UInt128(percent.units))
    return PrizeDecimal(units: UInt64(product / Self.whole), decimals: PrizeDecimal.mostDecimals)
  }

  /// Whether `score` is at most baseline x (1 - improvement), exactly.
  func isReached(by score: PrizeDecimal, below baseline: PrizeDecimal) -> Bool {
    UInt128(score.units) * Self.whole <= UInt128(baseline.units) * (Self.whole - UInt128(percent.units))
  }
}

extension PrizeCriterion: CustomStringConvertible {
  /// `netflix-grand-prize: an RMSE on the test rows of at most 0.8572 (10% below 0.9525)`.
  public var description: String {
    "\(name): an RMSE on \(set.phrase) of at most \(threshold) (\(improvement) below \(baseline))"
  }
}
