import RatingData
import RatingNumerics

/// Ratings grouped by user, or by item, as deviations from a mean, and cut into pieces of about equal work.
///
/// The cuts depend on the numbers of ratings alone, so that results don't depend on the number of threads.
struct RatingRows: Sendable {
  /// The ratings of row k are at `starts[k]..<starts[k + 1]`.
  let starts: [Int]
  /// The item of each rating where the rows are users, and the other way round.
  let others: [UInt32]
  /// (rating - mean) / deviation
  let values: [Float]
  /// Ranges of rows that are worked on together; `long` rows are in none of them.
  let pieces: [Range<Int>]
  /// Rows with so many ratings that several threads share one.
  let long: [Int]

  /// The number of ratings that makes a piece full.
  private static let ratingsInPiece = 8192
  /// A row costs as much as so many ratings, whatever it has: its system has to be solved.
  private static let ratingsPerRow = 32
  private static let ratingsInLongRow = 32_768
  private static let segmentsInLongRow = 16

  /// - Precondition: `starts` ascends from 0 to the number of `others`, which is that of `values`.
  init(starts: [Int], others: [UInt32], values: [Float]) {
    precondition(
      starts.first == 0 && starts.last == others.count && others.count == values.count,
      "rows need as many indices as values, got \(others.count) and \(values.count) for \(starts.last ?? 0)")
    self.starts = starts
    self.others = others
    self.values = values
    var pieces: [Range<Int>] = []
    var long: [Int] = []
    var (first, work) = (0, 0)
    for row in 0..<starts.count - 1 {
      let count = starts[row + 1] - starts[row]
      if count > Self.ratingsInLongRow {
        if first < row { pieces.append(first..<row) }
        long.append(row)
        (first, work) = (row + 1, 0)
        continue
      }
      work += count + Self.ratingsPerRow
      if work >= Self.ratingsInPiece {
        pieces.append(first..<row + 1)
        (first, work) = (row + 1, 0)
      }
    }
    if first < starts.count - 1 { pieces.append(first..<starts.count - 1) }
    self.pieces = pieces
    self.long = long
  }

  /// - Complexity: O(ratings + keys).
  init(_ dataset: RatingDataset, by key: CompressedRatings.Key, mean: Double, deviation: Double) {
    let grouped = CompressedRatings(dataset, by: key)
    self.init(
      starts: grouped.starts, others: grouped.others,
      values: grouped.ratings.map { Float((Double($0) - mean) / deviation) })
  }

  var count: Int { starts.count - 1 }

  /// The number of ratings of a row.
  func count(_ row: Int) -> Int { starts[row + 1] - starts[row] }

  /// The positions of a long row's ratings, cut into at most 16 segments.
  func segments(_ row: Int) -> [Range<Int>] {
    let size = max(Self.ratingsInLongRow / 2, (count(row) + Self.segmentsInLongRow - 1) / Self.segmentsInLongRow)
    return stride(from: starts[row], to: starts[row + 1], by: size).map { $0..<min($0 + size, starts[row + 1]) }
  }
}
