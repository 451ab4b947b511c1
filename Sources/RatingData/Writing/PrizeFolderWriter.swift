import RatingNumerics

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
/// block of it, and no file where it has none in the training set. `Layout` has other shapes of the training set.
///
/// Give it the rows in any order with `append`, then call `finish`. Rows of one movie are written in the order in which
/// they came. Memory: about 100 MB for each thread, whatever the number of rows; the rows wait in a temporary file of
/// 12 bytes each.
public final class PrizeFolderWriter {
  /// How the training set is laid out in files.
  public enum Layout: String, Sendable, Hashable, CaseIterable, Codable {
    /// `training_set/mv_0000001.txt` and so on: as Netflix's archive unpacks.
    case netflix
    /// `training_set.tar`, the archive itself (ustar).
    case tar
    /// `combined_data_1.txt` to `combined_data_4.txt`, the movies' files one after another: as on Kaggle, where they
    /// end with movies 4499, 9210, 13367 and 17770, or the same shares of another number.
    case kaggle
  }

  /// How many rows were written, and how many bytes they took.
  public struct Summary: Sendable, Hashable {
    /// The probe's rows among them.
    public var training = 0
    public var probe = 0
    public var quiz = 0
    public var test = 0
    /// Movies with training rows.
    public var movieFiles = 0
    public var bytes = 0

    static func += (sum: inout Summary, more: Summary) {
      sum.training += more.training
      sum.probe += more.probe
      sum.quiz += more.quiz
      sum.test += more.test
      sum.movieFiles += more.movieFiles
      sum.bytes += more.bytes
    }
  }

  private let folder: OutputFolder
  private let layout: Layout
  private let items: Int
  private let order: ItemOrder
  private let days: ClosedRange<Int>
  private let threads: Int

  /// - Parameters:
  ///   - folder: gets the files; committed by its owner, who may add others.
  ///   - items: movie ids are in 1...`items`.
  ///   - rows: about how many will come.
  ///   - days: counted from 1970-01-01; no row lies outside.
  ///   - threads: nil means the machine's number of processors. The bytes do not depend on it.
  public convenience init(
    _ folder: OutputFolder, layout: Layout = .netflix, items: Int, rows: Int, days: ClosedRange<Int>,
    threads: Int? = nil
  ) throws(RatingDataError) {
    try self.init(
      folder, layout: layout, items: items, rows: rows, days: days, threads: threads,
      rowsPerBucket: ItemOrder.defaultRowsPerBucket)
  }

  init(
    _ folder: OutputFolder, layout: Layout = .netflix, items: Int, rows: Int, days: ClosedRange<Int>,
    threads: Int? = nil, rowsPerBucket: Int
  ) throws(RatingDataError) {
    self.folder = folder
    self.layout = layout
    self.items = items
    self.days = days
    self.threads = threads ?? Parallel.availableThreads
    order = try ItemOrder(items: items, rows: rows, rowsPerBucket: rowsPerBucket)
  }

  public func append(_ rows: [PrizeRow]) throws(RatingDataError) { try order.append(rows) }

  /// Writes the files: the movies of as many buckets as there are threads at one time.
  public func finish() throws(RatingDataError) -> Summary {
    let output = try PrizeFiles(folder, layout: layout, items: items, lastDay: days.upperBound)
    let training = output.training
    let buckets = try order.sorted()
    let dates = DayTexts(days)
    var summary = Summary()
    for first in stride(from: 0, to: buckets.count, by: threads) {
      let wave = Parallel.map(min(threads, buckets.count - first), threads: threads) {
        place -> Result<PrizeTexts, RatingDataError> in
        do throws(RatingDataError) {
          var texts = PrizeTexts(dates: dates)
          try buckets.forEachItem(ofBucket: first + place) { (item, rows) throws(RatingDataError) in
            try texts.add(item: item, rows: rows, to: training)
          }
          return .success(texts)
        } catch { return .failure(error) }
      }
      for made in wave {
        let texts = try made.get()
        try output.append(texts)
        summary += texts.summary
      }
    }
    summary.bytes += try output.close()
    return summary
  }

  /// `mv_0000001.txt` for movie 1.
  static func movieFile(_ item: Int) -> String {
    let digits = String(item)
    return "mv_" + String(repeating: "0", count: max(0, 7 - digits.count)) + digits + ".txt"
  }
}
