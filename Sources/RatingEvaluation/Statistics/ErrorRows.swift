/// The squared errors of one or more models on the same rows, and whose rows they are: what every interval and every test
/// is computed from.
///
/// Rows of one user are not independent: a user who is hard to predict is so throughout. That is why the user stands
/// beside the error.
public struct ErrorRows: Sendable {
  /// (prediction - answer)^2, one array for each model, row by row.
  public let squaredErrors: [[Double]]
  /// A number for each row, the same for rows of the same user. Numbers need not be dense: one without rows is no user.
  public let users: [UInt32]
  /// The same for items; nil where they are not known, and then nothing can be clustered by them.
  public let items: [UInt32]?

  /// - Parameters:
  ///   - squaredErrors: one array for each model, at least one.
  ///   - users: below about 100 times the number of rows, since memory is needed up to the largest.
  /// - Throws: `no-rows`; `lengths-differ`; `not-a-number` where a squared error is negative or not finite.
  public init(squaredErrors: [[Double]], users: [UInt32], items: [UInt32]? = nil) throws(EvaluationError) {
    precondition(!squaredErrors.isEmpty, "errors are those of at least 1 model, got none")
    guard !users.isEmpty else {
      throw EvaluationError(.noRows, "there are no rows, and nothing has no interval")
    }
    for column in squaredErrors where column.count != users.count {
      throw EvaluationError(
        .lengthsDiffer, "every row has one squared error and one user, got \(column.count) and \(users.count)")
    }
    if let items, items.count != users.count {
      throw EvaluationError(
        .lengthsDiffer, "every row has one user and one item, got \(users.count) and \(items.count)")
    }
    for column in squaredErrors {
      // 0 times anything finite is 0, so one comparison at the end finds what is not; the minimum shows the sign.
      var (product, least) = (0.0, 0.0)
      for value in column {
        product += value * 0
        least = value < least ? value : least
      }
      guard product == 0, least >= 0 else {
        let row = column.firstIndex { !($0.isFinite && $0 >= 0) }!
        throw EvaluationError(
          .notANumber,
          "the squared error of row \(row) (from 0) is \(column[row]); expected a finite number of at least 0")
      }
    }
    self.squaredErrors = squaredErrors
    self.users = users
    self.items = items
  }

  /// The errors of predictions, one array for each model.
  ///
  /// - Throws: `no-rows`; `lengths-differ`; `not-a-number`.
  public init(
    predictions: [[Double]], answers: [Double], users: [UInt32], items: [UInt32]? = nil
  ) throws(EvaluationError) {
    for column in predictions where column.count != answers.count {
      throw EvaluationError(
        .lengthsDiffer,
        "every prediction needs its answer, got \(column.count) predictions and \(answers.count) answers")
    }
    let squares = predictions.map { column in
      zip(column, answers).map { ($0 - $1) * ($0 - $1) }
    }
    try self.init(squaredErrors: squares, users: users, items: items)
  }

  /// The number of rows.
  public var count: Int { users.count }
  /// The number of models.
  public var models: Int { squaredErrors.count }
}
