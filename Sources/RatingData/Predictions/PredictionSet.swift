import RatingNumerics

/// Several prediction files of the same questions, their numbers side by side: what a blend is applied to.
///
/// The first file's rows fix the order. Netflix blocks must hold the same movies with as many rows each; rows of users and
/// items may stand in any order.
public struct PredictionSet: Sendable {
  /// One column for each file, row by row.
  public let columns: [[Double]]
  public let inputs: [InputReport]
  public let warnings: [Problem]
  private let rows: PairColumns

  public var count: Int { rows.count }

  /// - Throws: every problem of every file.
  /// - Complexity: O(rows x files).
  public static func read(_ paths: [String], options: ReadingOptions) throws(RatingDataError) -> PredictionSet {
    precondition(!paths.isEmpty, "predictions are of at least 1 file, got none")
    var files: [PairColumns] = []
    var problems: [Problem] = []
    var missing = false
    let codes = IdentifierCodes()
    for path in paths {
      do throws(RatingDataError) {
        files.append(try PairColumns.read(path, role: .predictions, options: options, codes: codes))
      } catch {
        problems += error.problems
        missing = missing || error.kind == .inputMissing
      }
    }
    if !problems.isEmpty { throw RatingDataError(missing ? .inputMissing : .badData, problems) }
    let first = files[0]
    var columns = [first.values]
    var table: PairTable?
    for file in files.dropFirst() {
      var log = ProblemLog(file: file.input.file)
      if file.input.format.namesUsers != first.input.format.namesUsers {
        log.record(
          .notJoinable,
          "is \(file.input.format.rawValue), and \(first.input.file) is \(first.input.format.rawValue); give all"
            + " predictions as blocks, or all with users and items")
      } else if !first.input.format.namesUsers {
        file.expectSameMovies(as: first, in: &log)
        columns.append(file.values)
      } else if file.users == first.users && file.items == first.items {
        columns.append(file.values)
      } else {
        let found = table ?? PairTable(users: first.users, items: first.items)
        table = found
        columns.append(file.values(inOrderOf: first, found, log: &log))
      }
      problems += log.problems
    }
    if let table, !table.repeated.isEmpty {
      problems.append(
        Problem(
          .error, ProblemCode.duplicatePair.rawValue, file: first.input.file, count: table.repeated.count,
          lines: table.repeated.prefix(Problem.listedLines).map { first.lines.line(ofRow: $0) },
          message: "the pair occurs before in this file; give each (user, item) pair once"))
    }
    if !problems.isEmpty { throw RatingDataError(.badData, problems) }
    return PredictionSet(
      columns: columns.map { $0.map { FixedDecimal(units: $0).doubleValue } }, inputs: files.map(\.input),
      warnings: files.flatMap(\.warnings), rows: first)
  }

  /// Writes one number for each row, blocks where the files are blocks, else CSV. The file appears complete or not at all.
  ///
  /// - Precondition: `predictions.count == count`, and every value is within -1000...1000.
  public func write(_ predictions: Predictions, to path: String) throws(RatingDataError) {
    precondition(predictions.count == count, "\(count) rows need as many predictions, got \(predictions.count)")
    try rows.write(values: predictions.values, to: path)
  }
}

extension PairColumns {
  /// Notes where the movies of blocks, or their numbers of rows, differ from the reference's.
  fileprivate func expectSameMovies(as reference: PairColumns, in log: inout ProblemLog) {
    let name = RatingFiles.name(reference.input.file)
    if let row = zip(items, reference.items).enumerated().first(where: { $1.0 != $1.1 })?.offset {
      log.record(
        .wrongOrder, line: lines.line(ofRow: row),
        "the row is of movie \(items[row]) where \(name) has one of movie \(reference.items[row]); all files hold the"
          + " same movies, in the same order, with as many rows each")
    } else if count < reference.count {
      log.record(
        .missingRows, count: reference.count - count, lines: [],
        "the file has \(count) rows where \(name) has \(reference.count); every question needs one row")
    } else if count > reference.count {
      log.record(
        .extraRows, line: lines.line(ofRow: reference.count),
        "the file has \(count) rows where \(name) has \(reference.count); give one row for each question")
    }
  }

  /// The values, where their pairs stand in the reference.
  fileprivate func values(
    inOrderOf reference: PairColumns, _ table: PairTable, log: inout ProblemLog
  ) -> [Int64] {
    let name = RatingFiles.name(reference.input.file)
    var ordered = [Int64](repeating: PairLookUp.missing, count: reference.count)
    for row in 0..<count {
      let place = table.row(user: users[row], item: items[row])
      if place < 0 {
        log.record(
          .unknownPair, line: lines.line(ofRow: row), "the pair is not in \(name); all files predict the same pairs")
      } else if ordered[place] != PairLookUp.missing {
        log.record(
          .duplicatePair, line: lines.line(ofRow: row),
          "the pair occurs before in this file; give each (user, item) pair once")
      } else {
        ordered[place] = values[row]
      }
    }
    let missing = ordered.indices.filter { ordered[$0] == PairLookUp.missing }
    if let first = missing.first {
      log.record(
        .missingRows, count: missing.count, lines: [],
        "\(missing.count) of \(reference.count) pairs have no row, the first at line"
          + " \(reference.lines.line(ofRow: first)) of \(name); every question needs one row")
    }
    return ordered
  }
}
