/// Why something can't be scored, or why a prize rule makes no sense.
public struct EvaluationError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Code: String, Sendable, Hashable {
    /// There are no rows: nothing has no score.
    case noRows = "no-rows"
    /// Predictions and answers differ in number.
    case lengthsDiffer = "lengths-differ"
    /// A prediction or an answer is NaN, infinite or outside -1000...1000.
    case notANumber = "not-a-number"
    /// There are too few users (or items, rows, folds) to know how much they differ.
    case tooFewClusters = "too-few-clusters"
    /// There is no metric of that name.
    case unknownMetric = "unknown-metric"
    /// A metric needs more than there is: users, a scale, distributions, rankings.
    case missingInput = "missing-input"
    /// Text that should be a decimal such as `0.9525` is none.
    case badDecimal = "bad-decimal"
    /// Text that should be an improvement such as `10%` is none.
    case badImprovement = "bad-improvement"
    /// The parts of a criterion contradict each other.
    case badCriterion = "bad-criterion"
  }

  public let code: Code
  /// What was found, what was expected, and how to fix it.
  public let message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
