#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes ratings as CSV: `user,item,rating,timestamp` with a header, `timestamp` where there are times.
///
/// Timestamps are seconds since 1970-01-01. Ids with a comma, a quotation mark or a carriage return are quoted as RFC 4180
/// says; an id that would not read back as it is (one with a line break, say) is refused with an error. Ratings have the fewest digits that read back as the same `Float`; whole ones have no decimal point.
///
/// Every id and every distinct rating is turned into text once. Complexity: O(rows + ids).
public enum RatingsCSVWriter {
  /// What stands in the columns after user and item.
  public enum Columns: Sendable, Hashable {
    case ratingAndTime
    /// For questions: no rating.
    case time
  }

  /// Writes the header and one line for each row, in the data set's order. The caller commits the file.
  public static func write(
    _ dataset: RatingDataset, columns: Columns = .ratingAndTime, to file: OutputFile
  ) throws(RatingDataError) {
    try pieces(of: dataset, columns: columns, file: file.path) { (bytes) throws(RatingDataError) in
      try file.write(bytes: bytes)
    }
  }

  /// The same as a file of a folder.
  public static func write(
    _ dataset: RatingDataset, columns: Columns = .ratingAndTime, to folder: OutputFolder, as name: String
  ) throws(RatingDataError) {
    let file = try folder.file(name)
    try pieces(of: dataset, columns: columns, file: "\(folder.path)/\(name)") { (bytes) throws(RatingDataError) in
      try file.write(bytes)
    }
    try file.close()
  }

  /// The text, a few thousand rows at a time.
  private static func pieces(
    of dataset: RatingDataset, columns wanted: Columns, file: String,
    _ body: ([UInt8]) throws(RatingDataError) -> Void
  ) throws(RatingDataError) {
    let users = try IdentifierTexts(dataset.vocabularies.users, "user", file: file)
    let items = try IdentifierTexts(dataset.vocabularies.items, "item", file: file)
    var ratings = RatingTexts()
    var text = ByteText()
    text.reserve(1 << 17)
    text.append("user,item")
    if wanted == .ratingAndTime { text.append(",rating") }
    if dataset.hasTimes { text.append(",timestamp") }
    text.newline()
    let rowsPerPiece = 4_096
    var start = 0
    repeat {
      let end = min(start + rowsPerPiece, dataset.count)
      dataset.withUnsafeColumns { columns in
        for row in start..<end {
          text.append(users[columns.users[row]])
          text.comma()
          text.append(items[columns.items[row]])
          if wanted == .ratingAndTime {
            text.comma()
            ratings.append(columns.ratings[row], to: &text)
          }
          if let times = columns.times {
            text.comma()
            text.append(Int64(times[row]))
          }
          text.newline()
        }
      }
      try body(text.bytes)
      text.removeAll()
      start = end
    } while start < dataset.count
  }
}

extension PrizeSplit {
  /// Writes the split as CSV into a folder, which its owner commits: `train.csv` (the probe among it), `probe.csv` and
  /// `qualifying.csv` (questions: no ratings), `judging.csv` (the answers to the latter) and `membership.csv`
  /// (`user,item,set`, with `quiz` or `test`).
  public func writeCSV(to folder: OutputFolder) throws(RatingDataError) {
    try RatingsCSVWriter.write(training, to: folder, as: "train.csv")
    try RatingsCSVWriter.write(probe, columns: .time, to: folder, as: "probe.csv")
    let qualifying = qualifying
    try RatingsCSVWriter.write(qualifying, columns: .time, to: folder, as: "qualifying.csv")
    try RatingsCSVWriter.write(qualifying, to: folder, as: "judging.csv")
    let users = try IdentifierTexts(dataset.vocabularies.users, "user", file: "\(folder.path)/membership.csv")
    let items = try IdentifierTexts(dataset.vocabularies.items, "item", file: "\(folder.path)/membership.csv")
    var text = ByteText()
    text.append("user,item,set\n")
    dataset.withUnsafeColumns { columns in
      for (row, part) in parts.enumerated() where part == .quiz || part == .test {
        text.append(users[columns.users[row]])
        text.comma()
        text.append(items[columns.items[row]])
        text.append(part == .quiz ? ",quiz\n" : ",test\n")
      }
    }
    try folder.write("membership.csv", text.bytes)
  }
}

/// Every identifier of a vocabulary as the bytes of a CSV field.
struct IdentifierTexts {
  private let bytes: [UInt8]
  private let ends: [Int]

  /// - Parameter what: `user` or `item`, for the message.
  /// - Throws: where an identifier would not read back as it is, with all of them in one problem.
  init(_ vocabulary: Vocabulary, _ what: String, file: String) throws(RatingDataError) {
    var text = ByteText()
    var ends: [Int] = []
    ends.reserveCapacity(vocabulary.count)
    var refused: (count: Int, message: String) = (0, "")
    for index in 0..<vocabulary.count {
      let identifier = vocabulary[index]
      if let fault = identifier.faultInCSV {
        if refused.count == 0 {
          refused.message =
            "\(what) \(identifier.description.prefix(40).debugDescription) \(fault), so that it could not be read back"
            + " from CSV; give it another name"
        }
        refused.count += 1
      }
      text.append(field: identifier.description)
      ends.append(text.count)
    }
    if refused.count > 0 {
      throw RatingDataError(
        .badData,
        [
          Problem(
            .error, ProblemCode.badIdentifier.rawValue, file: file, count: refused.count, message: refused.message)
        ])
    }
    bytes = text.bytes
    self.ends = ends
  }

  subscript(index: UInt32) -> ArraySlice<UInt8> {
    bytes[(index == 0 ? 0 : ends[Int(index) - 1])..<ends[Int(index)]]
  }
}

extension Identifier {
  /// What keeps the identifier from being read back from a CSV file as it is: rows are lines, and spaces around a field
  /// mean nothing. nil where nothing does.
  var faultInCSV: String? {
    guard case .text(var text) = storage else { return nil }
    return text.withUTF8 { bytes in
      if bytes.isEmpty { return "is empty" }
      if bytes.contains(UInt8(ascii: "\n")) { return "has a line break" }
      if bytes.contains(0) { return "has a zero byte" }
      if bytes.first == UInt8(ascii: " ") || bytes.last == UInt8(ascii: " ") { return "begins or ends with a space" }
      return nil
    }
  }
}

/// Ratings as text, each distinct one made once.
struct RatingTexts {
  private var known: [UInt32: [UInt8]] = [:]

  mutating func append(_ rating: Float, to text: inout ByteText) {
    if rating >= 0 && rating < 1_000, rating == rating.rounded() {
      text.append(Int64(rating))
      return
    }
    let bits = rating.bitPattern
    if let bytes = known[bits] {
      text.append(bytes[...])
      return
    }
    let whole = rating == rating.rounded() && abs(rating) < 1_000_000
    let bytes = Array((whole ? String(Int(rating)) : String(rating)).utf8)
    known[bits] = bytes
    text.append(bytes[...])
  }
}
