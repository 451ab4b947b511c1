import RatingData
import RatingNumerics

/// Rows of predictions and answers in columns, with who and what they are about where that is known: what every metric of
/// predictions, and every look at where the error sits, is made from.
///
/// Each number is the decimal that it prints as, in units of 10^-15 (`FixedDecimal`), as the judge reads it from a file:
/// sums of them are exact, so that figures depend on the rows alone, not on their order or on how they were cut.
///
/// Memory: 16 bytes a row, and 4 for each of users, items and times.
public struct ScoredRows: Sendable {
  /// Predictions in units of 10^-15.
  package let predictions: [Int64]
  /// Answers in units of 10^-15.
  package let answers: [Int64]
  /// Indices into `vocabularies`; nil where it is not known whom the rows are about.
  public let users: [UInt32]?
  /// Indices into `vocabularies`; nil where it is not known what the rows are about.
  public let items: [UInt32]?
  /// When the answers were given, in seconds since 1970-01-01 00:00 UTC; nil where that is not known.
  public let times: [UInt32]?
  /// What the indices mean; nil where there are none.
  public let vocabularies: Vocabularies?
  /// The scale of the answers; nil where it is not known.
  public let scale: RatingScale?

  /// The number of rows, at least 1.
  public var count: Int { predictions.count }

  /// Rows of plain arrays, one element a row, about nobody in particular.
  ///
  /// - Throws: `no-rows`, `lengths-differ`, `not-a-number` (NaN, infinite or outside -1000...1000).
  /// - Complexity: O(n), in parallel.
  public init(
    predictions: [Double], answers: [Double], scale: RatingScale? = nil, threads: Int? = nil
  ) throws(EvaluationError) {
    try Self.checkCounts(predictions.count, answers.count)
    try self.init(
      predictions: DecimalColumn.units(of: predictions, what: "prediction", threads: threads),
      answers: DecimalColumn.units(of: answers, what: "answer", threads: threads), scale: scale)
  }

  /// Rows of what a model predicted for `answers.pairs`, row by row.
  ///
  /// - Throws: `no-rows`, `lengths-differ`, `not-a-number` (NaN, infinite or outside -1000...1000).
  /// - Complexity: O(n), in parallel.
  public init(
    predictions: [Double], answers: RatingDataset, threads: Int? = nil
  ) throws(EvaluationError) {
    try Self.checkCounts(predictions.count, answers.count)
    let predicted = try DecimalColumn.units(of: predictions, what: "prediction", threads: threads)
    self = try answers.withUnsafeColumns { columns throws(EvaluationError) in
      try ScoredRows(
        predictions: predicted,
        answers: DecimalColumn.units(of: columns.ratings, what: "answer", threads: threads),
        users: Array(columns.users), items: Array(columns.items), times: columns.times.map { Array($0) },
        vocabularies: answers.vocabularies, scale: answers.scale)
    }
  }

  /// Rows of what a model predicted for `answers.pairs`, row by row.
  ///
  /// - Throws: as for an array of predictions.
  public init(
    predictions: Predictions, answers: RatingDataset, threads: Int? = nil
  ) throws(EvaluationError) {
    try self.init(predictions: predictions.values, answers: answers, threads: threads)
  }

  /// Rows of columns in units of 10^-15.
  ///
  /// - Precondition: the columns have one length, at least 1; the indices lie in the vocabularies.
  package init(
    predictions: [Int64], answers: [Int64], users: [UInt32]? = nil, items: [UInt32]? = nil, times: [UInt32]? = nil,
    vocabularies: Vocabularies? = nil, scale: RatingScale? = nil
  ) {
    precondition(!predictions.isEmpty, "scored rows are at least 1")
    for length in [answers.count, users?.count, items?.count, times?.count] {
      precondition(length ?? predictions.count == predictions.count, "the columns of scored rows have one length")
    }
    self.predictions = predictions
    self.answers = answers
    self.users = users
    self.items = items
    self.times = times
    self.vocabularies = vocabularies
    self.scale = scale
  }

  private static func checkCounts(_ predictions: Int, _ answers: Int) throws(EvaluationError) {
    guard predictions == answers else {
      throw EvaluationError(
        .lengthsDiffer,
        "every answer needs one prediction: there are \(predictions) predictions for \(answers) answers")
    }
    guard predictions > 0 else {
      throw EvaluationError(.noRows, "there are no rows, and nothing has no score; give at least one prediction")
    }
  }

  /// These rows and no others, in this order; nil where there are none.
  ///
  /// - Precondition: every position is in `0..<count`.
  public func selecting(rows: [Int]) -> ScoredRows? {
    if rows.isEmpty { return nil }
    return ScoredRows(
      predictions: rows.map { predictions[$0] }, answers: rows.map { answers[$0] },
      users: users.map { column in rows.map { column[$0] } }, items: items.map { column in rows.map { column[$0] } },
      times: times.map { column in rows.map { column[$0] } }, vocabularies: vocabularies, scale: scale)
  }
}

extension ScoredRows {
  /// Rows of one piece: work on rows is cut into these, whatever the number of threads.
  static let pieceSize = 1 << 16

  var pieceCount: Int { (count + Self.pieceSize - 1) / Self.pieceSize }

  func piece(_ index: Int) -> Range<Int> { index * Self.pieceSize..<min((index + 1) * Self.pieceSize, count) }

  /// Calls `body` with a range of the rows.
  func withSlice<Result>(_ rows: Range<Int>, _ body: (RowSlice) -> Result) -> Result {
    predictions.withUnsafeBufferPointer { predictions in
      answers.withUnsafeBufferPointer { answers in
        body(
          RowSlice(
            predictions: predictions.baseAddress! + rows.lowerBound, answers: answers.baseAddress! + rows.lowerBound,
            count: rows.count))
      }
    }
  }

  /// The exact error sums of all rows: those of the judge.
  public func errorSums(threads: Int? = nil) -> ErrorSums {
    let parts = Parallel.map(pieceCount, threads: threads) { index in
      withSlice(piece(index)) { slice in
        var sums = ErrorSums()
        sums.add(predictions: slice.predictions, answers: slice.answers, count: slice.count)
        return sums
      }
    }
    return parts.reduce(into: ErrorSums()) { $0.merge($1) }
  }
}

/// Some rows that lie one behind the other, valid while the call that hands them over runs.
public struct RowSlice {
  /// In units of 10^-15.
  package let predictions: UnsafePointer<Int64>
  /// In units of 10^-15.
  package let answers: UnsafePointer<Int64>
  public let count: Int

  /// The prediction and the answer of a row.
  public subscript(row: Int) -> (prediction: FixedDecimal, answer: FixedDecimal) {
    precondition(row >= 0 && row < count, "row \(row) is none of \(count)")
    return (FixedDecimal(units: predictions[row]), FixedDecimal(units: answers[row]))
  }
}
