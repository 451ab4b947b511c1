import RatingNumerics

extension RatingDataset {
  private static let rowsInPiece = 1 << 18

  /// The data set without the ratings of these pairs, in the same order. A pair that it doesn't hold is ignored.
  ///
  /// - Complexity: O(pairs x log pairs + ratings), in parallel.
  public func removing(_ pairs: RatingPairs, threads: Int? = nil) -> RatingDataset {
    var rest = self
    rest.remove(pairs, threads: threads)
    return rest
  }

  /// Removes the ratings of these pairs; the others keep their order. A pair that it doesn't hold is ignored.
  ///
  /// Needs no memory where no copy of the data set shares its ratings.
  ///
  /// - Returns: How many ratings were removed.
  /// - Complexity: O(pairs x log pairs + ratings), in parallel.
  @discardableResult
  public mutating func remove(_ pairs: RatingPairs, threads: Int? = nil) -> Int {
    let before = count
    let size = Self.rowsInPiece
    let pieces = (0..<(count + size - 1) / size).map { $0 * size..<min(($0 + 1) * size, before) }
    let kept = stretches(without: PairSet(pairs), pieces, threads: threads)
    let rows = kept.joined().reduce(0) { $0 + $1.count }
    guard rows < before else { return 0 }
    if isKnownUniquelyReferenced(&columns) {
      columns.keep(kept, of: pieces, threads: threads)
    } else {
      columns = copying(kept, count: rows, threads: threads)
    }
    return before - rows
  }

  /// The rows of each piece that stay, as stretches between those that go.
  private func stretches(without unwanted: PairSet, _ pieces: [Range<Int>], threads: Int?) -> [[Range<Int>]] {
    withUnsafeColumns { columns in
      nonisolated(unsafe) let columns = columns
      return Parallel.map(pieces.count, threads: threads) { piece in
        var stretches: [Range<Int>] = []
        var first = pieces[piece].lowerBound
        for row in pieces[piece] where unwanted.position(user: columns.users[row], item: columns.items[row]) != nil {
          if first < row { stretches.append(first..<row) }
          first = row + 1
        }
        if first < pieces[piece].upperBound { stretches.append(first..<pieces[piece].upperBound) }
        return stretches
      }
    }
  }

  /// New columns of these stretches of rows, `count` in all.
  private func copying(_ pieces: [[Range<Int>]], count: Int, threads: Int?) -> RatingColumns {
    let copy = RatingColumns.allocate(count: count, times: hasTimes)
    var starts = [0]
    for stretches in pieces { starts.append(starts.last! + stretches.reduce(0) { $0 + $1.count }) }
    let targets = starts
    withUnsafeColumns { source in
      nonisolated(unsafe) let source = source
      Parallel.forEach(pieces.count, threads: threads) { piece in
        var target = targets[piece]
        for stretch in pieces[piece] {
          func copyRows<Value>(_ column: UnsafeBufferPointer<Value>, _ to: UnsafeMutablePointer<Value>) {
            (to + target).update(from: column.baseAddress! + stretch.lowerBound, count: stretch.count)
          }
          copyRows(source.users, copy.users)
          copyRows(source.items, copy.items)
          copyRows(source.ratings, copy.ratings)
          if let times = source.times { copyRows(times, copy.times!) }
          target += stretch.count
        }
      }
    }
    return copy
  }
}
