import RatingData
import RatingNumerics

/// N(u): the items that a user is known to have rated, each once, whatever the rating.
///
/// Those of the training ratings, and, where questions are given, those that the user will be asked about: in the Netflix
/// Prize the questions told who had rated what.
struct RatedItems: Sendable {
  /// One more than there are users: the items of user u are at `starts[u]..<starts[u + 1]`, ascending.
  let starts: [Int]
  let items: [UInt32]

  /// Questions about users or items that the vocabularies lack say nothing.
  ///
  /// - Complexity: O(n log n) for n ratings and questions.
  init(_ ratings: RatingDataset, questions: RatingPairs?) {
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
    self.starts = starts
    self.items = items
  }

  func count(_ user: Int) -> Int { starts[user + 1] - starts[user] }

  /// |N(u)|^(-1/2); 0 for a user of whom nothing is known.
  func norm(_ user: Int) -> Float { count(user) == 0 ? 0 : 1 / Float(count(user)).squareRoot() }

  /// N(u) and |N(u)|^(-1/2).
  func ofUser(_ user: Int) -> (items: ArraySlice<UInt32>, norm: Float) {
    (items[starts[user]..<starts[user + 1]], norm(user))
  }

  /// The largest |N(u)|.
  var largestCount: Int { (0..<starts.count - 1).reduce(0) { max($0, count($1)) } }

  /// p(u) + |N(u)|^(-1/2) x sum over j in N(u) of y(j), for all users.
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
}
