extension FeatureTable {
  /// Reads what a file says of the users, or of the items, of a vocabulary; the file may be `-` (standard input), and plain
  /// or gzip. The format is told from the first lines.
  ///
  /// **Values with a header** (commas, tabs, semicolons or bars). The first column is the id. Every other column is a group:
  /// - Where every value is a number and there are more than 20 different ones, at most one in a cell, the numbers are put
  ///   into 10 bins that hold about as many ids each: the k-th cut point is the smallest value that at least k tenths of the
  ///   values do not exceed, and a bin holds what lies above one cut point, up to and with the next. Equal cut points
  ///   count once, so values that many ids share give fewer bins. A bin is a feature with the value 1.
  /// - Else every different text is a feature. Several values in a cell stand between `|` or `;`; n different ones have the
  ///   value 1/n each, so that every row's values add up to 1.
  ///
  /// An empty cell says nothing, and the group's row is empty. A number is written `[+-] digits [. digits] [e [+-] digits]`
  /// without leading zeros (`02139` is a text). Features are in ascending order: bins by value, whole numbers by value,
  /// then texts by their UTF-8 bytes.
  ///
  /// **MovieLens**, by its own files:
  ///
  /// | file | groups |
  /// |---|---|
  /// | 100K `u.user` | `age` in bins, `gender`, `occupation`, `zip`: its first character |
  /// | 100K `u.item` | `year` of release in bins, `genre`: of the 19 flags those that are 1 |
  /// | 1M `users.dat` | `gender`, `age` and `occupation` by their codes, `zip`: its first character |
  /// | 1M and 10M `movies.dat` | `year` at the end of the title in bins, `genre` |
  /// | 20M and later `movies.csv` | the same; `(no genres listed)` is none |
  ///
  /// Here ages and years are always put into bins. A cell that isn't UTF-8 is read as ISO 8859-1; ids must be UTF-8.
  ///
  /// Rows of ids that the vocabulary lacks are skipped: they have no say in the features there are, nor in the cut points.
  /// `Source` counts them, and the ids that have no row.
  ///
  /// - Throws: every problem of the file at once, among them an id with two rows, and a file none of whose ids the
  ///   vocabulary has.
  /// - Complexity: O(bytes + rows x log ids).
  public init(contentsOf path: String, vocabulary: Vocabulary, of side: Side) throws(RatingDataError) {
    let input = try TextInput(path, hashes: true)
    let sample = try input.sample(size: FormatDetector.sampleSize)
    let layout = try FeatureFormatDetector(file: path, side: side).detect(sample.bytes, isWhole: sample.isWhole)
    let decoder = FeatureDecoder(layout, side: side, vocabulary: vocabulary, source: input.lines(), file: path)
    decoder.decodeAll()
    if let change = input.change { throw change }
    var log = decoder.log
    if decoder.rows == 0 && !log.hasErrors { log.record(.noRows, "the file has no rows; expected ids with features") }
    if decoder.rows > 0 && decoder.rows == decoder.skippedRows && !log.hasErrors {
      log.record(
        .noRows,
        "none of the \(decoder.rows) ids is \(side == .users ? "a user" : "an item") of the ratings; check that both files"
          + " name them alike, and that the id stands in the first column")
    }
    if log.hasErrors { throw RatingDataError(.badData, log.problems) }
    let groups = decoder.columns.compactMap { $0.group(&log) }
    if groups.isEmpty {
      log.record(.missingColumn, "no column has a value for any id of the ratings; expected features")
    }
    if log.hasErrors { throw RatingDataError(.badData, log.problems) }
    let (bytes, sha256) = input.size()
    self.init(
      groups,
      source: Source(
        file: path, format: layout.format, bytes: bytes, sha256: sha256!, rows: decoder.rows,
        skippedRows: decoder.skippedRows, idsWithoutRow: decoder.idsWithoutRow, warnings: log.warnings))
  }
}
