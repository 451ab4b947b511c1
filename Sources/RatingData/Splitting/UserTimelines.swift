import RatingNumerics

/// Which of a user's ratings are held out.
public enum HeldOutRatings: String, Sendable, Hashable, CaseIterable {
  /// Any, each as likely as the others.
  case random
  /// Those with the latest times; among ratings of one time, any.
  case last
}

/// The rows of each user in order of time, or in random order; rows of one time are in random order.
struct UserTimelines {
  /// Rows, user by user.
  private(set) var rows: [Int]
  /// User u's rows are `rows[starts[u]..<starts[u + 1]]`.
  let starts: [Int]

  /// - Precondition: the data set has times where `order` is `.last`.
  /// - Complexity: O(rows log(rows of a user)), and one random key for each row.
  init(_ dataset: RatingDataset, seed: Seed, purpose: StreamPurpose, order: HeldOutRatings = .last) {
    (rows, starts) = dataset.withUnsafeColumns { columns in
      var starts = [Int](repeating: 0, count: dataset.userCount + 1)
      for user in columns.users { starts[Int(user) + 1] += 1 }
      for user in 0..<dataset.userCount { starts[user + 1] += starts[user] }
      var next = starts
      var rows = [Int](repeating: 0, count: dataset.count)
      for (row, user) in columns.users.enumerated() {
        rows[next[Int(user)]] = row
        next[Int(user)] += 1
      }
      let times = order == .last ? columns.times! : nil
      var keyed: [(time: UInt32, key: UInt64, row: Int)] = []
      for user in 0..<dataset.userCount {
        let range = starts[user]..<starts[user + 1]
        keyed.removeAll(keepingCapacity: true)
        for row in rows[range] {
          let key = RowOrder.randomKey(seed: seed, purpose: purpose, user: UInt32(user), item: columns.items[row])
          keyed.append((times?[row] ?? 0, key, row))
        }
        keyed.sort { ($0.time, $0.key, $0.row) < ($1.time, $1.key, $1.row) }
        for (place, entry) in zip(range, keyed) { rows[place] = entry.row }
      }
      return (rows, starts)
    }
  }

  var userCount: Int { starts.count - 1 }
  subscript(user: Int) -> ArraySlice<Int> { rows[starts[user]..<starts[user + 1]] }
}

extension RatingDataset {
  /// Divides each user's ratings: the first ones in the order that `heldOut` asks for are training, as many as `kept`
  /// says of a user with that many ratings, the others test.
  func dividingUsers(
    holdingOut heldOut: HeldOutRatings, for what: String, seed: Seed, purpose: StreamPurpose, kept: (Int) -> Int
  ) throws(RatingDataError) -> Split {
    if heldOut == .last { try requireTimes(for: what) }
    let timelines = UserTimelines(self, seed: seed, purpose: purpose, order: heldOut)
    var parts = [UInt16](repeating: 0, count: count)
    for user in 0..<timelines.userCount {
      let rows = timelines[user]
      for row in rows.dropFirst(kept(rows.count)) { parts[row] = 1 }
    }
    let halves = divided(parts, into: 2)
    return Split(train: halves[0], test: halves[1])
  }
}
