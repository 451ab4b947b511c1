import RatingNumerics

extension RatingDataset {
  /// The ratings of these pairs, in their order; nil for a pair that the data set doesn't hold.
  ///
  /// Of a pair that it holds several times, any one is told.
  ///
  /// - Parameter threads: nil means the machine's number of processors.
  /// - Complexity: O(pairs x log pairs + ratings), in parallel.
  public func ratings(of pairs: RatingPairs, threads: Int? = nil) -> [Float?] {
    let asked = PairSet(pairs)
    let perPiece = 1 << 20
    let found = withUnsafeColumns { columns in
      nonisolated(unsafe) let columns = columns
      return Parallel.map((count + perPiece - 1) / perPiece, threads: threads) {
        piece -> [(place: Int, rating: Float)] in
        (piece * perPiece..<min((piece + 1) * perPiece, columns.ratings.count)).compactMap { row in
          asked.position(user: columns.users[row], item: columns.items[row]).map { ($0, columns.ratings[row]) }
        }
      }
    }
    var ratings = [Float?](repeating: nil, count: asked.count)
    for entry in found.joined() { ratings[entry.place] = entry.rating }
    return (0..<pairs.count).map { row in
      asked.position(user: pairs.users[row], item: pairs.items[row]).flatMap { ratings[$0] }
    }
  }

  /// The positions in `pairs`, ascending, of those that this data set holds.
  ///
  /// - Complexity: that of `ratings(of:threads:)`.
  public func rows(of pairs: RatingPairs, threads: Int? = nil) -> [Int] {
    let found = ratings(of: pairs, threads: threads)
    return found.indices.filter { found[$0] != nil }
  }
}
