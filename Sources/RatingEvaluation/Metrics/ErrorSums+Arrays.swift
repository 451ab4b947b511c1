import RatingNumerics

extension ErrorSums {
  /// The exact sums over plain arrays, one element a row.
  ///
  /// Each number counts as the decimal that it prints as (`3.6`, not 3.600000000000000088...), so that the score of an
  /// array and the score of the file written from it are the same.
  ///
  /// - Throws: `no-rows`, `lengths-differ`, `not-a-number` (NaN, infinite or outside -1000...1000).
  /// - Complexity: O(n).
  public init(predictions: [Double], answers: [Double]) throws(EvaluationError) {
    self = try Self.sums(predictions, answers, clippedTo: nil, answerUnits: decimalUnits).unclipped
  }

  /// The exact sums over plain arrays, one element a row.
  ///
  /// - Throws: `no-rows`, `lengths-differ`, `not-a-number` (NaN, infinite or outside -1000...1000).
  /// - Complexity: O(n).
  public init(predictions: [Double], answers: [Float]) throws(EvaluationError) {
    self = try Self.sums(predictions, answers, clippedTo: nil, answerUnits: decimalUnits).unclipped
  }

  /// The sums over the predictions as they are and, where bounds are given, over the predictions moved into them.
  static func sums<Answers: RandomAccessCollection>(
    _ predictions: [Double], _ answers: Answers, clippedTo bounds: ClosedRange<Double>?,
    answerUnits: (Answers.Element) -> Int64?
  ) throws(EvaluationError) -> (unclipped: ErrorSums, clipped: ErrorSums?) where Answers.Index == Int {
    guard predictions.count == answers.count else {
      throw EvaluationError(
        .lengthsDiffer,
        "every answer needs one prediction: there are \(predictions.count) predictions for \(answers.count) answers")
    }
    guard !predictions.isEmpty else {
      throw EvaluationError(.noRows, "there are no rows, and nothing has no score; give at least one prediction")
    }
    var limits: ClosedRange<Int64>?
    if let bounds {
      guard let lower = decimalUnits(bounds.lowerBound), let upper = decimalUnits(bounds.upperBound) else {
        throw EvaluationError(.notANumber, "the rating scale \(bounds) must lie in -1000...1000")
      }
      limits = lower...upper
    }
    var unclipped = ErrorSums()
    var clipped = ErrorSums()
    let firstAnswer = answers.startIndex
    for row in 0..<predictions.count {
      guard let prediction = decimalUnits(predictions[row]) else {
        throw Self.notANumber("prediction", "\(predictions[row])", row)
      }
      guard let answer = answerUnits(answers[firstAnswer + row]) else {
        throw Self.notANumber("answer", "\(answers[firstAnswer + row])", row)
      }
      unclipped.add(error: prediction - answer)
      if let limits {
        clipped.add(error: min(max(prediction, limits.lowerBound), limits.upperBound) - answer)
      }
    }
    return (unclipped, limits == nil ? nil : clipped)
  }

  private static func notANumber(_ what: String, _ found: String, _ row: Int) -> EvaluationError {
    EvaluationError(.notANumber, "\(what) \(row) is \(found); a finite number in -1000...1000 is expected")
  }
}

/// The decimal that `value` prints as, in units of 10^-15; nil where it is not finite or too large.
func decimalUnits(_ value: Double) -> Int64? {
  // A Double that is the nearest one to a decimal of at most 15 significant digits prints as that decimal.
  let millionths = (value * 1e6).rounded()
  if abs(millionths) <= 1e9, millionths / 1e6 == value { return Int64(millionths) * 1_000_000_000 }
  if value.magnitude < 8, let units = nearestUnits(value) { return units }
  return FixedDecimal(value)?.units
}

/// The unit nearest to a Double below 8, or nil where that may not be what its shortest decimal text is rounded to.
///
/// Below 8, half the distance between neighbouring Doubles is at most 0.445 units. So where a unit lies within 0.44 of
/// the value, either it reads back as the value, and is the only unit that does (then it is the text, or the text is
/// shorter and equal to it), or the Doubles lie so dense (below 4: half a distance of at most 0.223 units) that the text,
/// which is within half a distance and closest among the texts of its length, within 0.05 where it has a digit more than
/// units have, is rounded to that unit.
private func nearestUnits(_ value: Double) -> Int64? {
  let product = value * 1e15
  // The product and its rounding error are the value in units, exactly.
  let error = (-product).addingProduct(value, 1e15)
  let unit = product.rounded()
  let distance = (product - unit) + error
  return distance.magnitude < 0.44 ? Int64(unit) : nil
}

/// The decimal that `value` prints as (6 or more digits: `3.6`, not 3.5999999046...), in units of 10^-15.
func decimalUnits(_ value: Float) -> Int64? {
  // Halves are exact in both types: nearly all ratings.
  let twice = value * 2
  if twice.magnitude <= 2000, twice == twice.rounded() { return Int64(twice) * (FixedDecimal.unitsPerOne / 2) }
  return FixedDecimal(text: "\(value)")?.units
}
