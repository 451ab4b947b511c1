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

  /// What a sampler is to explain of a rating.
  enum Response: Sendable {
    case target(@Sendable (Float) -> Float)
    case level(@Sendable (Float) -> UInt8)
  }

  /// - Parameters:
  ///   - keys: the row of each rating on this side.
  ///   - companions: on each of the other sides.
  ///   - ratings: what `response` is a function of.
  /// - Complexity: O(ratings + keys), in parallel.
  init(
    keys: UnsafeBufferPointer<UInt32>, keyCount: Int, companions: [UnsafeBufferPointer<UInt32>],
    ratings: UnsafeBufferPointer<Float>, response: Response, threads: Int?
  ) {
    var starts = [Int](repeating: 0, count: keyCount + 1)
    for key in keys { starts[Int(key) + 1] += 1 }
    for key in 0..<keyCount { starts[key + 1] += starts[key] }
    self.starts = starts
    let sort = RatingSort(keys: keys, others: keys, starts: starts, threads: threads)
    self.companions = companions.map(sort.sorted)
    let sorted = sort.sorted(ratings)
    switch response {
    case .target(let target): (targets, levels) = (Self.map(sorted, target, threads: threads), [])
    case .level(let level): (targets, levels) = ([], Self.map(sorted, level, threads: threads))
    }
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

  private static func map<Element: Sendable>(
    _ ratings: [Float], _ transform: @Sendable (Float) -> Element, threads: Int?
  ) -> [Element] {
    [Element](unsafeUninitializedCapacity: max(ratings.count, 1)) { buffer, initialized in
      nonisolated(unsafe) let target = buffer.baseAddress!
      let pieces = Parallel.rowPieces(ratings.count, threads: threads)
      Parallel.forEach(pieces.count, threads: threads) { piece in
        for place in pieces[piece] { (target + place).initialize(to: transform(ratings[place])) }
      }
      initialized = ratings.count
    }
  }

  var rowCount: Int { starts.count - 1 }
  var count: Int { companions[0].count }

  /// The number of ratings of a row.
  func count(_ row: Int) -> Int { starts[row + 1] - starts[row] }
}
