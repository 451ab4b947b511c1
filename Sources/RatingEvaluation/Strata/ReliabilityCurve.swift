import RatingData
import RatingNumerics

/// Whether predictions mean what they say: the rows told apart by what was predicted, with the mean answer to each part.
///
/// Of a calibrated predictor the rows with predictions near 3.6 have a mean answer near 3.6: the curve of mean answers
/// over mean predictions is the diagonal. A curve that is flatter is of predictions that are too extreme; one that is
/// steeper, of predictions that are too timid.
///
/// Source: Murphy and Winkler, "Reliability of subjective probability forecasts of precipitation and temperature" (1977),
/// doi:10.2307/2346866, for expected values instead of probabilities.
public struct ReliabilityCurve: Sendable, Hashable {
  public struct Bin: Sendable, Hashable {
    /// The predictions are at least this (below it too, in the first bin of the curve).
    public let lower: Double
    /// The predictions are below this (at least it too, in the last bin of the curve).
    public let upper: Double
    /// The number of rows, at least 1.
    public let count: Int
    public let meanPrediction: Double
    public let meanAnswer: Double
    /// The standard deviation of the answers around their mean (divided by n).
    public let answerDeviation: Double
  }

  /// 20 bins: 0.2 stars wide on a scale of 1 to 5.
  public static let defaultBins = 20

  /// The bins that have rows, ascending.
  public let bins: [Bin]
  /// The number of rows.
  public let count: Int

  /// - Parameters:
  ///   - predictions: one for each row of `answers`, in their order.
  ///   - bins: how many bins of equal width the scale of the answers is cut into, at least 1.
  /// - Throws: `no-rows`, `lengths-differ`, `not-a-number` (NaN, infinite or outside -1000...1000).
  /// - Complexity: O(rows + bins), in parallel; the result doesn't depend on the threads.
  public init(
    predictions: [Double], answers: RatingDataset, bins: Int = defaultBins, threads: Int? = nil
  ) throws(EvaluationError) {
    self.init(
      try ScoredRows(predictions: predictions, answers: answers, threads: threads), bins: bins, threads: threads)
  }

  /// The curve of rows that are at hand already; without a scale, its bins lie between the least and the largest prediction.
  public init(_ rows: ScoredRows, bins count: Int = defaultBins, threads: Int? = nil) {
    precondition(count >= 1, "a reliability curve has at least 1 bin, got \(count)")
    let cut = EqualBins(over: rows.scale, of: rows.predictions, count: count)
    let parts = Parallel.map(rows.pieceCount, threads: threads) { piece in
      var sums = [Sums](repeating: Sums(), count: cut.count)
      for row in rows.piece(piece) {
        sums[cut.index(rows.predictions[row])].add(rows.predictions[row], rows.answers[row])
      }
      return sums
    }
    var sums = [Sums](repeating: Sums(), count: cut.count)
    for part in parts { for index in sums.indices { sums[index].merge(part[index]) } }
    func double(_ units: Int64) -> Double { FixedDecimal(units: units).doubleValue }
    bins = sums.enumerated().compactMap { index, sums in
      if sums.answers.count == 0 { return nil }
      return Bin(
        lower: double(cut.bound(index)), upper: double(index + 1 == cut.count ? cut.upper : cut.bound(index + 1)),
        count: sums.answers.count, meanPrediction: sums.answers.bias + sums.errors.bias, meanAnswer: sums.answers.bias,
        answerDeviation: sums.answers.variance.squareRoot())
    }
    self.count = rows.count
  }

  /// The mean distance between mean prediction and mean answer, over all rows: 0 for a calibrated predictor.
  public var calibrationError: Double {
    bins.reduce(0.0) { $0 + Double($1.count) * abs($1.meanPrediction - $1.meanAnswer) } / Double(count)
  }

  /// Exact sums over the rows of a bin: of the errors, and of the answers as errors of predicting 0.
  private struct Sums {
    var errors = ErrorSums()
    var answers = ErrorSums()

    mutating func add(_ prediction: Int64, _ answer: Int64) {
      errors.add(error: prediction - answer)
      answers.add(error: answer)
    }

    mutating func merge(_ other: Sums) {
      errors.merge(other.errors)
      answers.merge(other.answers)
    }
  }
}
