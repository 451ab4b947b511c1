/// Writes a contest's data as Netflix published it: `training_set/mv_0000001.txt` and so on, `probe.txt`,
/// `qualifying.txt`, and what was kept back, `judging.txt` and `membership.txt`.
///
/// | file | blocks of `MovieID:` and then |
/// |---|---|
/// | `training_set/mv_*.txt` | `CustomerID,Rating,Date`, the probe's rows among them |
/// | `probe.txt` | `CustomerID` |
/// | `qualifying.txt` | `CustomerID,Date` |
/// | `judging.txt` | `Rating,Date`, row by row those of `qualifying.txt` |
/// | `membership.txt` | `quiz` or `test`, row by row those of `qualifying.txt` |
///
/// Dates are `YYYY-MM-DD`; lines end with a line feed; there are no empty lines. A movie without rows of a kind has no
/// block of it, and no file where it has none in the training set.
///
/// Give it the rows in any order with `append`, then call `finish`. Rows of one movie are written in the order in which
/// they came. Memory is bounded (`ItemOrder`).
public final class PrizeFolderWriter {
  /// How many rows were written, and how many bytes they took.
  public struct Summary: Sendable, Hashable {
    /// The probe's rows among them.
    public var training = 0
    public var probe = 0
    public var quiz = 0
    public var test = 0
    /// Movies with a file of their own.
    public var movieFiles = 0
    public var bytes = 0
  }

  private let folder: OutputFolder
  private let order: ItemOrder
  private let dates: DayTexts

  /// - Parameters:
  ///   - folder: gets the files; committed by its owner, who may add others.
  ///   - items: movie ids are in 1...`items`.
  ///   - rows: about how many will come.
  ///   - days: counted from 1970-01-01; no row lies outside.
  public convenience init(
    _ folder: OutputFolder, items: Int, rows: Int, days: ClosedRange<Int>
  ) throws(RatingDataError) {
    try self.init(folder, items: items, rows: rows, days: days, rowsPerBucket: ItemOrder.defaultRowsPerBucket)
  }

  init(
    _ folder: OutputFolder, items: Int, rows: Int, days: ClosedRange<Int>, rowsPerBucket: Int
  ) throws(RatingDataError) {
    self.folder = folder
    order = try ItemOrder(items: items, rows: rows, rowsPerBucket: rowsPerBucket)
    dates = DayTexts(days)
  }

  public func append(_ rows: [PrizeRow]) throws(RatingDataError) { try order.append(rows) }

  /// Writes the files.
  public func finish() throws(RatingDataError) -> Summary {
    try folder.makeFolder("training_set")
    let probe = try folder.file("probe.txt")
    let qualifying = try folder.file("qualifying.txt")
    let judging = try folder.file("judging.txt")
    let membership = try folder.file("membership.txt")
    var summary = Summary()
    var texts = Texts()
    try order.forEachItem { (item, rows) throws(RatingDataError) in
      texts.fill(item: item, rows: rows, dates: dates, summary: &summary)
      if texts.training.count > 0 {
        try folder.write("training_set/\(Self.movieFile(item))", texts.training.bytes)
        summary.movieFiles += 1
      }
      try probe.write(texts.probe.bytes)
      try qualifying.write(texts.qualifying.bytes)
      try judging.write(texts.judging.bytes)
      try membership.write(texts.membership.bytes)
      summary.bytes += texts.count
    }
    for file in [probe, qualifying, judging, membership] { try file.close() }
    return summary
  }

  /// `mv_0000001.txt` for movie 1.
  static func movieFile(_ item: Int) -> String {
    let digits = String(item)
    return "mv_" + String(repeating: "0", count: max(0, 7 - digits.count)) + digits + ".txt"
  }

  /// One movie's part of each file.
  private struct Texts {
    var training = ByteText()
    var probe = ByteText()
    var qualifying = ByteText()
    var judging = ByteText()
    var membership = ByteText()

    var count: Int { training.count + probe.count + qualifying.count + judging.count + membership.count }

    mutating func fill(item: Int, rows: ArraySlice<PrizeRow>, dates: DayTexts, summary: inout Summary) {
      training.removeAll()
      probe.removeAll()
      qualifying.removeAll()
      judging.removeAll()
      membership.removeAll()
      func head(_ text: inout ByteText) {
        guard text.count == 0 else { return }
        text.append(Int64(item))
        text.append(":\n")
      }
      for row in rows {
        switch row.part {
        case .training, .probe:
          head(&training)
          training.append(Int64(row.user))
          training.comma()
          training.append(Int64(row.stars))
          training.comma()
          training.append(dates[row.day])
          training.newline()
          summary.training += 1
          guard row.part == .probe else { continue }
          head(&probe)
          probe.append(Int64(row.user))
          probe.newline()
          summary.probe += 1
        case .quiz, .test:
          head(&qualifying)
          qualifying.append(Int64(row.user))
          qualifying.comma()
          qualifying.append(dates[row.day])
          qualifying.newline()
          head(&judging)
          judging.append(Int64(row.stars))
          judging.comma()
          judging.append(dates[row.day])
          judging.newline()
          head(&membership)
          membership.append(row.part == .quiz ? "quiz\n" : "test\n")
          if row.part == .quiz { summary.quiz += 1 } else { summary.test += 1 }
        }
      }
    }
  }
}
