/// Where each row that was read stands: its file, and its line from 1.
///
/// Rows are counted as they stand in the input. They are those of the data set, unless duplicates were resolved.
public struct RowPlaces: Sendable {
  private(set) var firstRows: [Int] = []
  private(set) var files: [String] = []
  private(set) var lines: [LineMap] = []

  /// Rows that stand in no file.
  public static let none = RowPlaces()

  private init() {}

  init(firstRows: [Int], files: [String], lines: [LineMap]) {
    (self.firstRows, self.files, self.lines) = (firstRows, files, lines)
  }

  /// nil where the row stands in no file.
  public func place(ofRow row: Int) -> (file: String, line: Int)? {
    var (low, high) = (0, firstRows.count)
    while low < high {
      let middle = (low + high) / 2
      if firstRows[middle] <= row { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    let piece = low - 1
    let line = lines[piece].line(ofRow: row - firstRows[piece])
    return line > 0 ? (files[piece], line) : nil
  }
}
