/// The stable names of everything that can be wrong with a file, or worth a warning.
///
/// A code never changes its meaning: scripts match on it. `Problem.code` holds its raw value.
public enum ProblemCode: String, Sendable, CaseIterable {
  // The file itself.
  case missingFile = "missing-file"
  case notAFile = "not-a-file"
  case unreadableFile = "unreadable-file"
  case emptyFile = "empty-file"
  case noRows = "no-rows"
  case unknownFormat = "unknown-format"
  case wrongRole = "wrong-role"
  case binaryData = "binary-data"
  case truncatedGzip = "truncated-gzip"
  case corruptGzip = "corrupt-gzip"
  case gzipBomb = "gzip-bomb"
  case missingColumn = "missing-column"

  // A line.
  case lineTooLong = "line-too-long"
  case blankLine = "blank-line"
  case truncatedLine = "truncated-line"
  case fieldCount = "field-count"
  case badQuoting = "bad-quoting"
  case badHeader = "bad-header"
  case rowBeforeHeader = "row-before-header"
  case emptyBlock = "empty-block"
  case missingValue = "missing-value"
  case notANumber = "not-a-number"
  case notFinite = "not-finite"
  case decimalComma = "decimal-comma"
  case outOfRange = "out-of-range"
  case outOfScale = "out-of-scale"
  case swappedColumns = "swapped-columns"
  case badIdentifier = "bad-identifier"
  case badDate = "bad-date"
  case badTime = "bad-time"
  case badSet = "bad-set"
  case badYear = "bad-year"

  // Rows against rows.
  case duplicatePair = "duplicate-pair"
  case duplicateMovie = "duplicate-movie"
  case missingRows = "missing-rows"
  case extraRows = "extra-rows"
  case wrongOrder = "wrong-order"
  case unknownPair = "unknown-pair"
  case unknownUser = "unknown-user"
  case unknownItem = "unknown-item"
  case userMismatch = "user-mismatch"
  case missingAnswers = "missing-answers"
  case notJoinable = "not-joinable"

  // Warnings only.
  case carriageReturns = "carriage-returns"
  case byteOrderMark = "byte-order-mark"
  case noFinalNewline = "no-final-newline"
  case roundedDigits = "rounded-digits"
  case duplicatesResolved = "duplicates-resolved"
}
