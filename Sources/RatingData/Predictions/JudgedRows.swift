import RatingNumerics

/// The rows of a judgement, joined: for each one the prediction, the answer, and whose and what it is.
///
/// What is left when nothing was wrong. They stand in the order of the questions, or else of the answers.
public struct JudgedRows: Sendable {
  /// In units of 10^-15.
  package let predictionUnits: [Int64]
  /// In units of 10^-15.
  package let answerUnits: [Int64]
  /// Indices into `vocabularies`.
  public let users: [UInt32]
  /// Indices into `vocabularies`.
  public let items: [UInt32]
  /// In seconds since 1970-01-01 00:00 UTC, where the file that names the pairs has times.
  public let times: [UInt32]?
  /// 0 for quiz and 1 for test, where a membership file says which.
  package let sets: [Int64]?
  /// The users and items of these rows.
  public let vocabularies: Vocabularies
  /// The scale that predictions were clipped to.
  public let scale: RatingScale?

  public var count: Int { users.count }
  public var predictions: [Double] { predictionUnits.map { FixedDecimal(units: $0).doubleValue } }
  public var answers: [Double] { answerUnits.map { FixedDecimal(units: $0).doubleValue } }
}

extension SubmissionJudge {
  /// As `judge()`, with the rows themselves. They are joined by pairs, so the questions or the answers must name users.
  ///
  /// - Throws: every problem of every file that was read.
  /// - Precondition: there are answers.
  /// - Complexity: O(rows), in about 100 bytes a row.
  public func judgeRows() throws(RatingDataError) -> (judgement: Judgement, rows: JudgedRows) {
    precondition(answers != nil, "rows are judged on answers")
    return try JudgeInputs(self).judgeRows()
  }
}

extension PairColumns {
  /// The distinct identifiers of a column of codes, and the position of each row's among them.
  ///
  /// - Complexity: O(rows + largest code) where all are small numbers, else O(rows + ids x log ids) with a dictionary.
  func dense(_ column: [Int64]) -> (vocabulary: Vocabulary, indices: [UInt32]) {
    let (least, largest) = (column.min() ?? 0, column.max() ?? 0)
    guard least >= 0, largest < max(1 << 22, 8 * column.count) else {
      let vocabulary = Vocabulary(Set(column).map { codes.identifier($0) })
      return (vocabulary, indices(of: column, in: vocabulary))
    }
    var table = [UInt32](repeating: RatingPairs.unknown, count: Int(largest) + 1)
    for code in column { table[Int(code)] = 0 }
    var numbers: [Int64] = []
    for code in table.indices where table[code] == 0 {
      table[code] = UInt32(numbers.count)
      numbers.append(Int64(code))
    }
    return (Vocabulary(integers: numbers), column.map { table[Int($0)] })
  }
}
