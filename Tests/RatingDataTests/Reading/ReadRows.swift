import RatingData
import _RatingTestSupport

/// What was read, as a test compares it.
struct ReadRows: Equatable {
  var format: RatingFormat
  /// `user item rating` and, where there are times, the time; in the order of the file.
  var rows: [String]

  init(_ format: RatingFormat, _ rows: [String]) { (self.format, self.rows) = (format, rows) }

  init(_ result: ReadingResult) {
    format = result.input.format
    let vocabularies = result.dataset.vocabularies
    rows = result.dataset.withUnsafeColumns { columns in
      columns.users.indices.map { row in
        let time = columns.times.map { " \($0[row])" } ?? ""
        return "\(vocabularies.users[Int(columns.users[row])]) \(vocabularies.items[Int(columns.items[row])]) "
          + "\(columns.ratings[row])\(time)"
      }
    }
  }

  /// Reads `text` from a file of its own.
  static func of(_ text: String, _ options: ReadingOptions = ReadingOptions()) throws -> ReadRows {
    let folder = try ScratchFolder()
    return ReadRows(try RatingDataset.read(try folder.write("ratings", text), options: options))
  }
}

/// The problems that reading throws, as `code count lines`.
func problems(_ body: () throws -> Void) -> [String] {
  do {
    try body()
    return []
  } catch let error as RatingDataError {
    return error.problems.filter { $0.severity == .error }.map { "\($0.code) \($0.count) \($0.lines)" }
  } catch {
    return ["\(error)"]
  }
}
