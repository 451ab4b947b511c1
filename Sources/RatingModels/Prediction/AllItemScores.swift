import RatingData
import RatingNumerics

/// How work on all items of many users is cut: a function of nothing but the numbers of users and items, and small enough
/// for the cache of a processor. 64 users by 2048 items are 512 KiB of scores.
enum ScoreBlock {
  static let users = 64
  static let items = 2048

  /// The number of blocks of users.
  static func count(users: Int) -> Int { (users + Self.users - 1) / Self.users }

  static func users(_ block: Int, of count: Int) -> Range<Int> { block * users..<min((block + 1) * users, count) }

  /// Calls `body` with the ranges of items, one after the other.
  static func forEachTile(items count: Int, _ body: (Range<Int>) -> Void) {
    for start in stride(from: 0, to: count, by: items) { body(start..<min(start + items, count)) }
  }
}

extension RatingModel {
  /// The predicted ratings of all items by some users, a row for each user and a column for each item of the vocabulary.
  ///
  /// A model that conforms to `ScoresAllItems` computes them by a matrix product in Float, so that they differ from those
  /// of `predict` by rounding; another one is asked for each. The same bytes for any number of threads.
  ///
  /// - Parameters:
  ///   - users: a user that is nil, or that the model doesn't know, gets the ratings of an unknown user.
  ///   - time: when they are asked; see `Question.time`.
  /// - Complexity: O(users x items x factors) time, and 4 bytes for each user and item; call it for some thousand users
  ///   at a time where there are many.
  public func ratingsOfAllItems(by users: [UserIndex?], time: UInt32? = nil, threads: Int? = nil) -> Matrix {
    let items = vocabularies.items.count
    let indices = users.map { $0?.value ?? RatingPairs.unknown }
    var ratings = Matrix(rows: users.count, columns: items)
    let stride = ratings.stride
    let scorer = (self as? any ScoresAllItems)?.itemScorer(time: time)
    ratings.withUnsafeMutableElements { elements in
      nonisolated(unsafe) let elements = elements
      Parallel.forEach(ScoreBlock.count(users: users.count), threads: threads) { block in
        let rows = ScoreBlock.users(block, of: users.count)
        guard let scorer else {
          for row in rows {
            for item in 0..<items {
              let question = Question(user: users[row], item: ItemIndex(UInt32(item)), time: time)
              elements[row * stride + item] = Float(rating(question))
            }
          }
          return
        }
        let (vectors, constants, _) = scorer.users(indices[rows])
        ScoreBlock.forEachTile(items: items) { tile in
          let scores = elements + rows.lowerBound * stride + tile.lowerBound
          scorer.score(vectors, items: tile, into: scores, stride: stride)
          for row in 0..<rows.count {
            let constant = Float(constants[row])
            for column in 0..<tile.count { scores[row * stride + column] += constant }
          }
        }
      }
    }
    return ratings
  }
}
