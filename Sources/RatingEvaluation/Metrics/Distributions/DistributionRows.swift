/// Predictive distributions and answers in columns: what a model that says how sure it is can be judged by.
///
/// Every metric of distributions names the columns that it needs; a model may lack some.
public struct DistributionRows: Sendable {
  /// The expected ratings.
  public let means: [Double]
  /// The standard deviations of the ratings, each above 0.
  public let deviations: [Double]
  public let answers: [Double]
  /// Bounds that hold the rating with the probability `level`.
  public let intervals: (lower: [Double], upper: [Double], level: Double)?
  /// The ratings that have probabilities, ascending; empty where there are none.
  public let stars: [Double]
  /// For each row the probabilities of the stars, one row behind the other.
  public let probabilities: [Double]
  /// For each row the position of its answer among the stars; empty where there are no stars.
  let answerStars: [Int]

  public var count: Int { answers.count }

  /// - Parameters:
  ///   - probabilities: one for each row and star, row by row. Each row's add up to 1 within 10^-6, and are scaled to do
  ///     so exactly.
  /// - Throws: `no-rows`; `lengths-differ`; `not-a-number` where a number is not finite, a deviation is not above 0, an
  ///   interval is upside down, a row's probabilities don't add up to 1, or an answer is none of the stars.
  /// - Complexity: O(rows x stars).
  public init(
    means: [Double], deviations: [Double], answers: [Double],
    intervals: (lower: [Double], upper: [Double], level: Double)? = nil, stars: [Double] = [],
    probabilities: [Double] = []
  ) throws(EvaluationError) {
    let count = answers.count
    guard count > 0 else { throw EvaluationError(.noRows, "there are no rows, and nothing has no score") }
    for (what, found, expected) in [
      ("means", means.count, count), ("deviations", deviations.count, count),
      ("lower bounds", intervals?.lower.count ?? count, count),
      ("upper bounds", intervals?.upper.count ?? count, count),
      ("probabilities", probabilities.count, count * stars.count),
    ] where found != expected {
      throw EvaluationError(.lengthsDiffer, "\(count) answers need \(expected) \(what), got \(found)")
    }
    for row in 0..<count {
      guard means[row].isFinite, deviations[row].isFinite, deviations[row] > 0, answers[row].isFinite else {
        throw EvaluationError(
          .notANumber,
          "row \(row) has mean \(means[row]), deviation \(deviations[row]) and answer \(answers[row]); "
            + "finite numbers and a deviation above 0 are expected")
      }
      if let intervals, !(intervals.lower[row] <= intervals.upper[row]) {
        throw EvaluationError(
          .notANumber, "row \(row) has the interval \(intervals.lower[row]) to \(intervals.upper[row])")
      }
    }
    self.means = means
    self.deviations = deviations
    self.answers = answers
    self.intervals = intervals
    self.stars = stars
    (answerStars, self.probabilities) = try Self.checked(stars, probabilities, answers)
  }

  private static func checked(
    _ stars: [Double], _ probabilities: [Double], _ answers: [Double]
  ) throws(EvaluationError) -> ([Int], [Double]) {
    if stars.isEmpty { return ([], []) }
    for star in stars.indices.dropFirst() where !(stars[star] > stars[star - 1]) {
      throw EvaluationError(.notANumber, "stars ascend, got \(stars[star]) behind \(stars[star - 1])")
    }
    var positions: [Int] = []
    positions.reserveCapacity(answers.count)
    var scaled = probabilities
    for row in answers.indices {
      // Ratings are read as Float, so that 3.6 may be a little less or more.
      guard let position = stars.firstIndex(where: { abs($0 - answers[row]) <= 1e-6 * max(1, abs($0)) }) else {
        throw EvaluationError(
          .notANumber, "the answer \(answers[row]) of row \(row) is none of the stars \(stars)")
      }
      positions.append(position)
      let range = row * stars.count..<(row + 1) * stars.count
      let sum = probabilities[range].reduce(0, +)
      guard abs(sum - 1) <= 1e-6, probabilities[range].allSatisfy({ $0 >= 0 }) else {
        throw EvaluationError(.notANumber, "the probabilities of row \(row) add up to \(sum), not to 1")
      }
      for index in range { scaled[index] /= sum }
    }
    return (positions, scaled)
  }
}

/// A figure over predictive distributions and answers that can be added bit by bit, and merged: see `RatingMetric`.
///
/// Sums are in Double: merging in the order of the rows gives the same bytes however many threads did the parts.
public protocol DistributionMetric: Sendable {
  /// The number of rows that were added.
  var count: Int { get }
  /// Adds some of the rows.
  mutating func add(_ rows: DistributionRows, in range: Range<Int>)
  /// Adds what another value of the metric was given.
  mutating func merge(_ other: Self)
  /// The figure; nil where there is none, such as where there are no rows or no column that it needs.
  var value: Double? { get }
  /// What these rows lack for it, in words; nil where they have all.
  static func missing(in rows: DistributionRows, for metric: Self) -> String?
}

extension DistributionMetric {
  public static func missing(in rows: DistributionRows, for metric: Self) -> String? { nil }
}
