import RatingData
import RatingNumerics

/// The items that each user is known to have rated, and what each item's vector weighs in the user's sum of them.
struct RatedItems: Sendable {
  /// One more than there are users: the items of user u are at `starts[u]..<starts[u + 1]`.
  let starts: [Int]
  let items: [UInt32]
  /// The weight c(j) = (m / (m + damping))^(1/2) of an item that m users are known to have rated; part of `weights`.
  let itemWeights: [Float]
  /// For each of `items`.
  let weights: [Float]
  /// The sum of the squared weights of each user.
  let gains: [Float]

  /// N(u): each item once, ascending, whatever the rating, with the weight |N(u)|^(-1/2) x c(j).
  ///
  /// Those of the training ratings, and, where questions are given, those that the user will be asked about: in the
  /// Netflix Prize the questions told who had rated what. Questions about users or items that the vocabularies lack say
  /// nothing.
  ///
  /// - Complexity: O(n log n) for n ratings and questions; 8 bytes for each.
  init(_ ratings: RatingDataset, questions: RatingPairs?, damping: Double) {
    let (starts, items) = Self.distinctItems(ratings, questions)
    var counts = [Int](repeating: 0, count: ratings.itemCount)
    for item in items { counts[Int(item)] += 1 }
    let itemWeights = counts.map { Float((Double($0) / max(Double($0) + damping, 1)).squareRoot()) }
    var weights = [Float](repeating: 0, count: items.count)
    for user in 0..<ratings.userCount where starts[user] < starts[user + 1] {
      let norm = 1 / Float(starts[user + 1] - starts[user]).squareRoot()
      for place in starts[user]..<starts[user + 1] { weights[place] = norm * itemWeights[Int(items[place])] }
    }
    gains = (0..<ratings.userCount).map { user in
      weights[starts[user]..<starts[user + 1]].reduce(0) { $0 + $1 * $1 }
    }
    (self.starts, self.items, self.itemWeights, self.weights) = (starts, items, itemWeights, weights)
  }

  /// R(u): the items of the training ratings, with the weight |R(u)|^(-1/2) x c(j) x (r(u, j) - b(u, j)) / s.
  ///
  /// - Complexity: O(ratings).
  init(residuals dataset: RatingDataset, biases: BiasModel, deviation: Double, itemWeights: [Float]) {
    let ratings = SparseRatings(dataset, by: .user, threads: nil)
    let decoded = DecodedRatings(ratings, 0..<ratings.count)
    var weights = [Float](repeating: 0, count: dataset.count)
    gains = (0..<dataset.userCount).map { user in
      let scale = 1 / (deviation * Double(max(ratings.count(user), 1)).squareRoot())
      var sum = 0.0
      for place in ratings.starts[user]..<ratings.starts[user + 1] {
        let item = Int(decoded.others[place])
        let expected = biases.mean + biases.userBiases[user] + biases.itemBiases[item]
        let weight = (Double(decoded.values[place]) - expected) * scale * Double(itemWeights[item])
        weights[place] = Float(weight)
        sum += weight * weight
      }
      return Float(sum)
    }
    let items = Array(UnsafeBufferPointer(start: decoded.others, count: decoded.count))
    (starts, self.items, self.itemWeights, self.weights) = (ratings.starts, items, itemWeights, weights)
  }

  func range(_ user: Int) -> Range<Int> { starts[user]..<starts[user + 1] }

  /// Calls `body` with the user's items and their weights.
  func withUnsafeRows(_ user: Int, _ body: (UnsafePointer<UInt32>, UnsafePointer<Float>, _ count: Int) -> Void) {
    items.withUnsafeBufferPointer { items in
      weights.withUnsafeBufferPointer { weights in
        guard let rows = items.baseAddress, let weights = weights.baseAddress else { return }
        body(rows + starts[user], weights + starts[user], range(user).count)
      }
    }
  }

  /// The largest bound of |sum of weight x row| over |longest row|, by Cauchy and Schwarz.
  var largestGain: Double {
    gains.indices.reduce(0) { max($0, (Double(gains[$1]) * Double(range($1).count)).squareRoot()) }
  }

  /// For all users, their own vectors plus the weighted sums of their items' rows of `matrix`.
  ///
  /// - Complexity: O((users + items of all users) x factors), in parallel.
  func users(_ own: Matrix, plus matrix: Matrix, threads: Int?) -> Matrix {
    var sums = own
    let (stride, size, users) = (own.stride, 64, own.rows)
    sums.withUnsafeMutableElements { sums in
      nonisolated(unsafe) let sums = sums
      matrix.withUnsafeElements { matrix in
        nonisolated(unsafe) let matrix = matrix
        Parallel.forEach((users + size - 1) / size, threads: threads) { piece in
          var sum = ImplicitSum(stride: stride)
          for user in piece * size..<min((piece + 1) * size, users) {
            sum.gather(matrix, self, user)
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
}
