import RatingNumerics

/// A figure over rows of predictions and answers that can be added bit by bit, and merged.
///
/// - Add rows in batches; merge what shards or threads have added. Merging in the order of the rows gives the same bytes
///   however they were cut; the metrics of this library are exact sums or counts, for which any order does.
/// - It states how many rows it is over.
///
/// A metric of one's own is a type that conforms, and a `MetricDefinition` that names it.
public protocol RatingMetric: Sendable {
  /// The number of rows that were added.
  var count: Int { get }
  /// Adds rows.
  mutating func add(_ rows: RowSlice)
  /// Adds what another value of the metric was given.
  mutating func merge(_ other: Self)
  /// The figure; nil where these rows have none, such as no rows at all, or an R2 of answers that are all equal.
  var value: Double? { get }
  /// The figure, computed fast: it may differ by some units in the last place. What averages over many small groups use.
  var quickValue: Double? { get }
}

extension RatingMetric {
  public var quickValue: Double? { value }

  /// Adds one row.
  public mutating func add(prediction: FixedDecimal, answer: FixedDecimal) {
    withUnsafePointer(to: prediction.units) { prediction in
      withUnsafePointer(to: answer.units) { answer in
        add(RowSlice(predictions: prediction, answers: answer, count: 1))
      }
    }
  }
}
