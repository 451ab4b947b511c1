import RatingData
import RatingNumerics

/// The training ratings of one side of a model, grouped by its rows: users, items, days or sessions.
///
/// Memory: for each rating 4 bytes for each of the other sides, and 4 for the target, or 1 for the level.
struct SideRatings: Sendable {
  /// The ratings of row k are at `starts[k]..<starts[k + 1]`.
  let starts: [Int]
  /// The row of each rating on each of the other sides.
  let companions: [[UInt32]]
  /// What is to be explained of each rating, or its level on the scale, whichever the likelihood reads.
  let targets: [Float]
  let levels: [UInt8]
  /// Rows that are worked on together: about the same work in each, as a function of the data alone.
  let pieces: [Range<Int>]

  private static let ratingsInPiece = 8192
  /// A row costs as much as so many ratings, whatever it has: its system has to be solved.
  private static let ratingsPerRow = 32

  /// - Complexity: O(ratings + keys): a counting sort.
  init(
    keys: [UInt32], keyCount: Int, companions: [[UInt32]], targets: [Float], levels: [UInt8]
  ) {
    var starts = [Int](repeating: 0, count: keyCount + 1)
    for key in keys { starts[Int(key) + 1] += 1 }
    for key in 0..<keyCount { starts[key + 1] += starts[key] }
    var next = starts
    let places = keys.map { key in
      defer { next[Int(key)] += 1 }
      return next[Int(key)]
    }
    self.starts = starts
    self.companions = companions.map { Self.scatter($0, places) }
    self.targets = Self.scatter(targets, places)
    self.levels = Self.scatter(levels, places)
    var pieces: [Range<Int>] = []
    var (begin, work) = (0, 0)
    for row in 0..<keyCount {
      work += starts[row + 1] - starts[row] + Self.ratingsPerRow
      if work >= Self.ratingsInPiece {
        pieces.append(begin..<row + 1)
        (begin, work) = (row + 1, 0)
      }
    }
    if begin < keyCount { pieces.append(begin..<keyCount) }
    self.pieces = pieces
  }

  private static func scatter<Element: FixedWidthInteger>(_ values: [Element], _ places: [Int]) -> [Element] {
    var sorted = [Element](repeating: 0, count: values.count)
    for row in values.indices { sorted[places[row]] = values[row] }
    return sorted
  }

  private static func scatter(_ values: [Float], _ places: [Int]) -> [Float] {
    var sorted = [Float](repeating: 0, count: values.count)
    for row in values.indices { sorted[places[row]] = values[row] }
    return sorted
  }

  var rowCount: Int { starts.count - 1 }
  var count: Int { companions[0].count }

  /// The number of ratings of a row.
  func count(_ row: Int) -> Int { starts[row + 1] - starts[row] }
}
