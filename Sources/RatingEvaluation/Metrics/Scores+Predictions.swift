import RatingData
import RatingNumerics

extension Scores {
  /// Scores plain arrays, one element a row.
  ///
  /// - Parameter scale: where given, the clipped figures stand beside.
  /// - Throws: `no-rows`, `lengths-differ`, `not-a-number` (NaN, infinite or outside -1000...1000).
  /// - Complexity: O(n).
  public init(predictions: [Double], answers: [Float], scale: RatingScale? = nil) throws(EvaluationError) {
    let sums = try ErrorSums.sums(predictions, answers, clippedTo: scale?.bounds, answerUnits: decimalUnits)
    try self.init(unclipped: sums.unclipped, clipped: sums.clipped)
  }

  /// Scores plain arrays, one element a row.
  ///
  /// - Parameter scale: where given, the clipped figures stand beside.
  /// - Throws: `no-rows`, `lengths-differ`, `not-a-number` (NaN, infinite or outside -1000...1000).
  /// - Complexity: O(n).
  public init(predictions: [Double], answers: [Double], scale: RatingScale? = nil) throws(EvaluationError) {
    let sums = try ErrorSums.sums(predictions, answers, clippedTo: scale?.bounds, answerUnits: decimalUnits)
    try self.init(unclipped: sums.unclipped, clipped: sums.clipped)
  }

  /// Scores what a model predicted for `answers.pairs`, row by row; clipped to the answers' scale beside.
  ///
  ///     let scores = try Scores(predictions: model.predict(split.test.pairs, threads: nil), answers: split.test)
  ///
  /// - Throws: `no-rows`, `lengths-differ`, `not-a-number` (NaN, infinite or outside -1000...1000).
  /// - Complexity: O(n).
  public init(predictions: Predictions, answers: RatingDataset) throws(EvaluationError) {
    let sums = try answers.withUnsafeColumns { columns throws(EvaluationError) in
      try ErrorSums.sums(
        predictions.values, columns.ratings, clippedTo: answers.scale.bounds, answerUnits: decimalUnits)
    }
    try self.init(unclipped: sums.unclipped, clipped: sums.clipped)
  }
}

extension RatingScale {
  fileprivate var bounds: ClosedRange<Double> { lower...upper }
}
