import RatingNumerics

/// Ratings sorted by their level, so that what is summed over one level is summed over neighbours in memory.
///
/// Made once; before each update of the cut-points, `gather` brings the ratings' present means into this order. Levels are
/// cut into pieces of a fixed size, whose sums are added in order: the same bytes for any number of threads.
///
/// Memory: 8 bytes for each rating.
package struct LevelOrder: Sendable {
  /// Ratings of one level: places `start..<end` of the order.
  private struct Piece {
    var level: Int
    var start: Int
    var end: Int
  }

  private static let pieceSize = 16_384

  /// How many ratings each level has.
  package let levelCounts: [Int]
  /// The rating at each place of the order: by level, then by rating.
  private let ratings: [UInt32]
  private let pieces: [Piece]
  /// The means at each place of the order.
  private var means: [Float]

  package var levelCount: Int { levelCounts.count }
  package var count: Int { ratings.count }

  /// - Parameters:
  ///   - levels: each rating's level, `0..<levelCount`; at most 2^32 ratings.
  ///   - levelCount: 2 to 256. Levels that no rating has are welcome.
  /// - Complexity: O(ratings + levels), a counting sort.
  package init(levels: UnsafeBufferPointer<UInt8>, levelCount: Int) {
    precondition((2...256).contains(levelCount), "ordered probit needs 2 to 256 levels, got \(levelCount)")
    var counts = [Int](repeating: 0, count: 256)
    for level in levels { counts[Int(level)] += 1 }
    precondition(
      counts[levelCount...].allSatisfy { $0 == 0 }, "a rating's level is not among the \(levelCount) levels")
    var (starts, start) = ([Int](), 0)
    for count in counts {
      starts.append(start)
      start += count
    }
    pieces = (0..<levelCount).flatMap { level in
      let (first, end) = (starts[level], starts[level] + counts[level])
      return stride(from: first, to: end, by: Self.pieceSize).map {
        Piece(level: level, start: $0, end: min($0 + Self.pieceSize, end))
      }
    }
    levelCounts = Array(counts[..<levelCount])
    ratings = [UInt32](unsafeUninitializedCapacity: levels.count) { places, initialized in
      for (rating, level) in levels.enumerated() {
        places.initializeElement(at: starts[Int(level)], to: UInt32(rating))
        starts[Int(level)] += 1
      }
      initialized = levels.count
    }
    means = [Float](repeating: 0, count: levels.count)
  }

  /// Takes over the means of all ratings, which are in the ratings' own order.
  ///
  /// - Complexity: O(ratings).
  package mutating func gather(_ source: UnsafePointer<Float>, threads: Int) {
    nonisolated(unsafe) let source = source
    let (pieces, ratings) = (pieces, ratings)
    means.withUnsafeMutableBufferPointer { means in
      nonisolated(unsafe) let means = means
      Parallel.forEach(pieces.count, threads: threads) { piece in
        ratings.withUnsafeBufferPointer { ratings in
          for place in pieces[piece].start..<pieces[piece].end { means[place] = source[Int(ratings[place])] }
        }
      }
    }
  }

  /// For each level, the sums over its ratings of log P(level) and its derivatives by the level's two cuts.
  ///
  /// - Parameter cuts: as for `Kernels.truncatedNormals`, one more than there are levels.
  /// - Complexity: O(ratings).
  func sums(cuts: [Float], threads: Int) -> [Kernels.ProbitSums] {
    let parts = Parallel.map(pieces.count, threads: threads) { index in
      let piece = pieces[index]
      return means.withUnsafeBufferPointer { means in
        Kernels.probitSums(
          lower: cuts[piece.level], upper: cuts[piece.level + 1], means: means.baseAddress! + piece.start,
          count: piece.end - piece.start)
      }
    }
    var sums = [Kernels.ProbitSums](repeating: Kernels.ProbitSums(), count: levelCount)
    for (piece, part) in zip(pieces, parts) {
      sums[piece.level].value += part.value
      sums[piece.level].lower += part.lower
      sums[piece.level].upper += part.upper
      sums[piece.level].lower_lower += part.lower_lower
      sums[piece.level].lower_upper += part.lower_upper
      sums[piece.level].upper_upper += part.upper_upper
    }
    return sums
  }
}
