import RatingData
import RatingNumerics

/// Ratings grouped by user, or by item, as deviations from a mean, and cut into pieces of about equal work.
///
/// The cuts depend on the numbers of ratings alone, so that results don't depend on the number of threads.
struct RatingRows: Sendable {
  /// The rows; a rating stands for (rating - mean) / deviation.
  let ratings: SparseRatings
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

  /// - Complexity: O(rows).
  init(_ ratings: SparseRatings) {
    self.ratings = ratings
    var pieces: [Range<Int>] = []
    var long: [Int] = []
    var (first, work) = (0, 0)
    for row in 0..<ratings.keyCount {
      let count = ratings.count(row)
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
    if first < ratings.keyCount { pieces.append(first..<ratings.keyCount) }
    self.pieces = pieces
    self.long = long
  }

  /// The rows by user and by item.
  static func both(
    _ dataset: RatingDataset, mean: Double, deviation: Double, threads: Int?
  ) -> (byUser: RatingRows, byItem: RatingRows) {
    let grouped = SparseRatings.both(dataset, threads: threads)
    func rows(_ ratings: SparseRatings) -> RatingRows {
      RatingRows(ratings.mapping { Float((Double($0) - mean) / deviation) })
    }
    return (rows(grouped.byUser), rows(grouped.byItem))
  }

  var count: Int { ratings.keyCount }

  /// The number of ratings of a row.
  func count(_ row: Int) -> Int { ratings.count(row) }

  /// The positions of a long row's ratings, cut into at most 16 segments.
  func segments(_ row: Int) -> [Range<Int>] {
    let (size, all) = (
      max(Self.ratingsInLongRow / 2, (count(row) + Self.segmentsInLongRow - 1) / Self.segmentsInLongRow),
      ratings.range(row)
    )
    return stride(from: all.lowerBound, to: all.upperBound, by: size).map { $0..<min($0 + size, all.upperBound) }
  }
}
