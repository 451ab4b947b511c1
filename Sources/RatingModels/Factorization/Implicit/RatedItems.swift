import RatingData
import RatingNumerics

/// N(u): the items that a user is known to have rated, each once, whatever the rating, and what each weighs.
///
/// Those of the training ratings, and, where questions are given, those that the user will be asked about: in the
/// Netflix Prize the questions told who had rated what.
struct RatedItems: Sendable {
  /// One more than there are users: the items of user u are at `starts[u]..<starts[u + 1]`, ascending.
  let starts: [Int]
  let items: [UInt32]
  /// The weight c(j) = (m / (m + damping))^(1/2) of an item that m users are known to have rated.
  let itemWeights: [Float]
  /// |N(u)|^(-1/2) x c(j), for each of `items`.
  private let weights: [Float]

  /// The items of one user, the weight of each, and the sum of the squared weights, which is at most 1.
  typealias OfUser = (items: ArraySlice<UInt32>, weights: ArraySlice<Float>, gain: Float)

  /// Questions about users or items that the vocabularies lack say nothing.
  ///
  /// - Complexity: O(n log n) for n ratings and questions; 8 bytes for each.
  init(_ ratings: RatingDataset, questions: RatingPairs?, damping: Double) {
    (starts, items) = Self.distinctItems(ratings, questions)
    var counts = [Int](repeating: 0, count: ratings.itemCount)
    for item in items { counts[Int(item)] += 1 }
    let itemWeights = counts.map { Float((Double($0) / max(Double($0) + damping, 1)).squareRoot()) }
    self.itemWeights = itemWeights
    var weights = [Float](repeating: 0, count: items.count)
    for user in 0..<ratings.userCount where starts[user] < starts[user + 1] {
      let norm = 1 / Float(starts[user + 1] - starts[user]).squareRoot()
      for place in starts[user]..<starts[user + 1] { weights[place] = norm * itemWeights[Int(items[place])] }
    }
    self.weights = weights
  }

  private static func distinctItems(
    _ ratings: RatingDataset, _ questions: RatingPairs?
  ) -> (starts: [Int], items: [UInt32]) {
    var counts = [Int](repeating: 0, count: ratings.userCount + 1)
    let isKnown = { (user: UInt32, item: UInt32) in Int(user) < ratings.userCount && Int(item) < ratings.itemCount }
    let asked =
      questions.map { pairs in pairs.users.indices.filter { isKnown(pairs.users[$0], pairs.items[$0]) } } ?? []
    var items = [UInt32](repeating: 0, count: ratings.count + asked.count)
    ratings.withUnsafeColumns { columns in
      for user in columns.users { counts[Int(user) + 1] += 1 }
      for row in asked { counts[Int(questions!.users[row]) + 1] += 1 }
      for user in 0..<ratings.userCount { counts[user + 1] += counts[user] }
      var next = counts
      func add(_ user: UInt32, _ item: UInt32) {
        items[next[Int(user)]] = item
        next[Int(user)] += 1
      }
      for row in 0..<columns.users.count { add(columns.users[row], columns.items[row]) }
      for row in asked { add(questions!.users[row], questions!.items[row]) }
    }
    // Sorts each user's items and keeps the first of equal ones, moved down to where the user before ends.
    var starts = [0]
    starts.reserveCapacity(counts.count)
    var end = 0
    for user in 0..<ratings.userCount {
      items[counts[user]..<counts[user + 1]].sort()
      for place in counts[user]..<counts[user + 1] where end == starts[user] || items[end - 1] != items[place] {
        items[end] = items[place]
        end += 1
      }
      starts.append(end)
    }
    items.removeLast(items.count - end)
    return (starts, items)
  }

  func count(_ user: Int) -> Int { starts[user + 1] - starts[user] }

  func ofUser(_ user: Int) -> OfUser {
    let range = starts[user]..<starts[user + 1]
    return (items[range], weights[range], weights[range].reduce(0) { $0 + $1 * $1 })
  }

  /// The largest |N(u)|.
  var largestCount: Int { (0..<starts.count - 1).reduce(0) { max($0, count($1)) } }

  /// p(u) + |N(u)|^(-1/2) x sum over j in N(u) of c(j) y(j), for all users.
  ///
  /// - Complexity: O((users + items of all users) x factors), in parallel.
  func users(_ own: Matrix, plus implicit: Matrix, threads: Int?) -> Matrix {
    var sums = own
    let (stride, size, users) = (own.stride, 64, own.rows)
    sums.withUnsafeMutableElements { sums in
      nonisolated(unsafe) let sums = sums
      implicit.withUnsafeElements { implicit in
        nonisolated(unsafe) let implicit = implicit
        Parallel.forEach((users + size - 1) / size, threads: threads) { piece in
          var sum = ImplicitSum(stride: stride)
          for user in piece * size..<min((piece + 1) * size, users) {
            sum.gather(implicit, ofUser(user))
            for factor in 0..<stride { sums[user * stride + factor] += sum.row[factor] }
          }
        }
      }
    }
    return sums
  }

  /// c(j) y(j), for all items, multiplied by `scale`.
  func weighted(_ implicit: Matrix, scale: Float) -> Matrix {
    var rows = implicit
    let stride = implicit.stride
    rows.withUnsafeMutableElements { rows in
      for (item, weight) in itemWeights.enumerated() {
        for place in item * stride..<(item + 1) * stride { rows[place] *= weight * scale }
      }
    }
    return rows
  }
}
