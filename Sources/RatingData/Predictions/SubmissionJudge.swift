import RatingNumerics

/// Joins a submission with its questions and answers, and adds up its exact errors.
///
/// Rows are joined by position where a file names no users (Netflix prediction, judging and membership blocks, whose
/// movie lines must agree with the questions'), and by their (user, item) pair otherwise, in any order. No row is ever
/// dropped: a missing, surplus, repeated or unreadable row is an error, and then there are no sums.
///
/// The sums are exact (`ErrorSums`), so they don't depend on the order of rows, on how files are cut into pieces or on
/// the number of threads.
public struct SubmissionJudge: Sendable {
  /// Where the predictions come from.
  public enum Source: Sendable {
    case file(String)
    /// One prediction for each row of the questions (or of the answers, where there are no questions), in that order.
    case values(Predictions, name: String)
  }

  public var predictions: Source
  /// nil checks the form of the predictions alone.
  public var answers: String?
  /// Needed where the answers name no users and the predictions do, or to score a part of the answers.
  public var questions: String?
  /// Which rows belong to the quiz and which to the test set.
  public var membership: String?
  /// The scale and the threads are used; `format` and `columns` concern the predictions.
  public var options: ReadingOptions
  /// Whether the judgement keeps the squared error of every row, 16 bytes each, where the users of rows are known.
  public var keepsErrors = false

  public init(
    predictions: Source, answers: String?, questions: String? = nil, membership: String? = nil,
    options: ReadingOptions = ReadingOptions()
  ) {
    precondition(answers != nil || questions != nil, "predictions are judged on answers or checked against questions")
    self.predictions = predictions
    self.answers = answers
    self.questions = questions
    self.membership = membership
    self.options = options
  }

  /// - Throws: every problem of every file that was read.
  /// - Complexity: O(rows); by position in memory that doesn't grow with the rows, by pairs in about 60 bytes a row.
  public func judge() throws(RatingDataError) -> Judgement {
    try JudgeInputs(self).judge()
  }
}

/// Exact error sums of the same rows with the predictions as written, and moved to the nearest bound of the scale.
public struct ClippedPair: Sendable, Hashable {
  public var asWritten = ErrorSums()
  public var clipped = ErrorSums()

  public init() {}

  public mutating func merge(_ other: ClippedPair) {
    asWritten.merge(other.asWritten)
    clipped.merge(other.clipped)
  }
}

/// What a submission's rows add up to.
public struct Judgement: Sendable {
  /// All rows; their count is 0 where there were no answers.
  public var all = ClippedPair()
  /// The quiz and the test rows, where a membership file said which they are.
  public var quiz: ClippedPair?
  public var test: ClippedPair?
  /// The errors of rows, where they were asked for and a file names their users.
  public var errors: JudgedErrors?
  /// The number of predictions.
  public var rows = 0
  /// The scale that predictions were clipped to.
  public var scale: RatingScale?
  public var inputs: [InputReport] = []
  public var warnings: [Problem] = []
}
