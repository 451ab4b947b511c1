import RatingNumerics

/// The rows that a recommender is asked to predict, in the order of their file, with what is needed to write the answers
/// in the form that the file calls for.
public struct QuestionSet: Sendable {
  /// The pairs as dense indices of the vocabularies that were given; `RatingPairs.unknown` where they lack an id.
  public let pairs: RatingPairs
  public let input: InputReport
  public let warnings: [Problem]
  let rows: PairColumns

  public var count: Int { pairs.count }

  /// Reads questions from any format that names users and items; ratings in it are ignored.
  ///
  /// - Complexity: O(rows log users) time, 24 bytes a row.
  public static func read(
    _ path: String, vocabularies: Vocabularies, options: ReadingOptions = ReadingOptions()
  ) throws(RatingDataError) -> QuestionSet {
    let rows = try PairColumns.read(path, role: .questions, options: options)
    guard rows.input.format.namesUsers else {
      throw RatingDataError(
        .badData, .wrongRole, file: path,
        "is \(rows.input.format.rawValue), which names no users; expected questions such as qualifying.txt, probe.txt or"
          + " a file of user,item")
    }
    guard rows.input.format != .keyedCSV else {
      throw RatingDataError(
        .badData, .wrongRole, file: path,
        "the rows have an id alone, and a model is asked about users and items; expected a file of user,item")
    }
    return QuestionSet(
      pairs: RatingPairs(
        users: rows.indices(of: rows.users, in: vocabularies.users),
        items: rows.indices(of: rows.items, in: vocabularies.items), times: rows.times),
      input: rows.input, warnings: rows.warnings, rows: rows)
  }

  /// Writes one prediction for each question: Netflix blocks where the questions are blocks, else CSV with the header
  /// `user,item,prediction`. Six decimals. The file appears complete or not at all.
  ///
  /// - Precondition: `predictions.count == count`, and every value is finite and within -1000...1000.
  public func write(_ predictions: Predictions, to path: String) throws(RatingDataError) {
    precondition(
      predictions.count == count, "\(count) questions need as many predictions, got \(predictions.count)")
    try rows.write(values: predictions.values, to: path)
  }

  /// A number for each question, beside its prediction.
  public struct Column: Sendable, Hashable {
    public var name: String
    public var values: [Double]

    public init(_ name: String, _ values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  /// Whether the questions are Netflix blocks, which have room for one number a question.
  public var isBlocks: Bool { input.format.isBlocks }

  /// As `write(_:to:)`, CSV with more columns behind the prediction.
  ///
  /// - Precondition: as there, of every column too; the questions are not blocks.
  public func write(_ predictions: Predictions, _ columns: [Column], to path: String) throws(RatingDataError) {
    precondition(columns.isEmpty || !isBlocks, "blocks hold one number a question, got \(columns.count) columns more")
    for values in [predictions.values] + columns.map(\.values) {
      precondition(values.count == count, "\(count) questions need as many numbers, got \(values.count)")
    }
    try rows.write(values: predictions.values, more: columns, to: path)
  }

  /// Writes an empty submission: `value` for every question.
  public func writeSample(value: Double, to path: String) throws(RatingDataError) {
    try rows.write(values: [Double](repeating: value, count: count), to: path)
  }
}
