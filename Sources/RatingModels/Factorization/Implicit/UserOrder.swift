import RatingData
import RatingNumerics

/// The training ratings user by user, in an order that is random and new in each epoch, for stochastic gradient descent
/// that has to compute something for each user first.
///
/// The ratings of a user are put in a random order once. Each epoch then visits the users in a new random order, and
/// the ratings of each from a new random place on, around to the one before it: a function of (seed, epoch) alone,
/// without a copy. On ml-100k it is as accurate as a new order of each user's ratings (RMSE + 0.0001 in
/// cross-validation).
struct UserOrder: Sendable {
  /// One more than there are users: the ratings of user u are at `starts[u]..<starts[u + 1]`.
  let starts: [Int]
  /// The data set's row at each place.
  let rows: [Int32]
  private let users: [Int32]
  private let seed: Seed

  /// - Complexity: O(ratings + users): a counting sort.
  init(_ dataset: RatingDataset, seed: Seed) {
    var starts = [Int](repeating: 0, count: dataset.userCount + 1)
    var rows = [Int32](repeating: 0, count: dataset.count)
    dataset.withUnsafeColumns { columns in
      for user in columns.users { starts[Int(user) + 1] += 1 }
      for user in 0..<dataset.userCount { starts[user + 1] += starts[user] }
      var next = starts
      for (row, user) in columns.users.enumerated() {
        rows[next[Int(user)]] = Int32(row)
        next[Int(user)] += 1
      }
    }
    rows.withUnsafeMutableBufferPointer { rows in
      for user in 0..<dataset.userCount where starts[user + 1] - starts[user] > 1 {
        var stream = RandomStream(seed: seed, purpose: "implicit.rows", index: UInt64(user))
        let start = starts[user]
        for last in stride(from: starts[user + 1] - start - 1, to: 0, by: -1) {
          rows.swapAt(start + last, start + stream.below(last + 1))
        }
      }
    }
    self.starts = starts
    self.rows = rows
    users = (0..<dataset.userCount).filter { starts[$0 + 1] > starts[$0] }.map(Int32.init)
    self.seed = seed
  }

  /// The number of training ratings of a user.
  func count(_ user: Int) -> Int { starts[user + 1] - starts[user] }

  /// Calls `body` with each user that has ratings, in the epoch's order, and the user's elements of `all`, which holds
  /// something for each place, in two runs, of which the second may be empty; until all have been visited or it throws.
  func forEachUser<Element>(
    epoch: Int, _ all: [Element],
    _ body: (
      _ user: Int, _ first: UnsafeBufferPointer<Element>, _ second: UnsafeBufferPointer<Element>
    ) throws(TrainingError) -> Void
  ) throws(TrainingError) {
    var users = users
    var stream = RandomStream(seed: seed, purpose: "implicit.users", index: UInt64(epoch))
    stream.shuffle(&users)
    try all.withUnsafeBufferPointer { all throws(TrainingError) in
      for user in users {
        let user = Int(user)
        let start = starts[user] + stream.below(count(user))
        try body(
          user, UnsafeBufferPointer(rebasing: all[start..<starts[user + 1]]),
          UnsafeBufferPointer(rebasing: all[starts[user]..<start]))
      }
    }
  }
}
