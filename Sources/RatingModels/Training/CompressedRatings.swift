import RatingData

/// Ratings grouped by user, or by item: the ratings of key k are at `starts[k]..<starts[k + 1]`, in row order.
struct CompressedRatings: Sendable {
  /// One more than there are keys.
  let starts: [Int]
  /// The item of each rating where the keys are users, and the other way round.
  let others: [UInt32]
  let ratings: [Float]

  enum Key { case user, item }

  /// - Complexity: O(ratings + keys): a counting sort.
  init(_ dataset: RatingDataset, by key: Key) {
    let keys = key == .user ? dataset.userCount : dataset.itemCount
    var starts = [Int](repeating: 0, count: keys + 1)
    var others = [UInt32](repeating: 0, count: dataset.count)
    var ratings = [Float](repeating: 0, count: dataset.count)
    dataset.withUnsafeColumns { columns in
      let (keyColumn, otherColumn) = key == .user ? (columns.users, columns.items) : (columns.items, columns.users)
      for key in keyColumn { starts[Int(key) + 1] += 1 }
      for key in 0..<keys { starts[key + 1] += starts[key] }
      var next = starts
      for row in 0..<columns.ratings.count {
        let key = Int(keyColumn[row])
        others[next[key]] = otherColumn[row]
        ratings[next[key]] = columns.ratings[row]
        next[key] += 1
      }
    }
    self.starts = starts
    self.others = others
    self.ratings = ratings
  }

  var keyCount: Int { starts.count - 1 }

  /// The number of ratings of a key.
  func count(_ key: Int) -> Int { starts[key + 1] - starts[key] }

  private static let keysInPiece = 256

  /// The number of pieces of parallel work that the keys are cut into: a function of their number alone.
  var pieces: Int { (keyCount + Self.keysInPiece - 1) / Self.keysInPiece }

  /// The keys of a piece.
  func keys(inPiece piece: Int) -> Range<Int> {
    piece * Self.keysInPiece..<min((piece + 1) * Self.keysInPiece, keyCount)
  }
}
