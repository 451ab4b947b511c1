import RatingNumerics

/// The root mean squared error of plain arrays: sqrt(sum (prediction - answer)^2 / n).
///
///     try rmse(predictions: [3.2, 3.1, 5.0], answers: [2, 3, 4])   // 0.9036961141150639
///
/// Summed exactly, as the judge does; see `ErrorSums`.
///
/// - Throws: `no-rows`, `lengths-differ`, `not-a-number` (NaN, infinite or outside -1000...1000).
/// - Complexity: O(n).
public func rmse(predictions: [Double], answers: [Double]) throws(EvaluationError) -> Double {
  try ErrorSums(predictions: predictions, answers: answers).rmse
}

/// The root mean squared error of plain arrays: sqrt(sum (prediction - answer)^2 / n).
///
/// - Throws: `no-rows`, `lengths-differ`, `not-a-number` (NaN, infinite or outside -1000...1000).
/// - Complexity: O(n).
public func rmse(predictions: [Double], answers: [Float]) throws(EvaluationError) -> Double {
  try ErrorSums(predictions: predictions, answers: answers).rmse
}

/// The mean absolute error of plain arrays: sum |prediction - answer| / n.
///
/// - Throws: `no-rows`, `lengths-differ`, `not-a-number` (NaN, infinite or outside -1000...1000).
/// - Complexity: O(n).
public func mae(predictions: [Double], answers: [Double]) throws(EvaluationError) -> Double {
  try ErrorSums(predictions: predictions, answers: answers).mae
}

/// The mean absolute error of plain arrays: sum |prediction - answer| / n.
///
/// - Throws: `no-rows`, `lengths-differ`, `not-a-number` (NaN, infinite or outside -1000...1000).
/// - Complexity: O(n).
public func mae(predictions: [Double], answers: [Float]) throws(EvaluationError) -> Double {
  try ErrorSums(predictions: predictions, answers: answers).mae
}
