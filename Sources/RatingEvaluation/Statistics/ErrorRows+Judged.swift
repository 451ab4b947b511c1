import RatingData

extension ErrorRows {
  /// The errors of several submissions that were judged on the same answers, in one order.
  ///
  /// - Throws: `lengths-differ` where their rows are not as many.
  public init(_ judged: [JudgedRows]) throws(EvaluationError) {
    precondition(!judged.isEmpty, "errors are those of at least 1 submission, got none")
    try self.init(
      predictions: judged.map(\.predictions), answers: judged[0].answers, users: judged[0].users,
      items: judged[0].items)
  }
}
