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
  /// - Complexity: O(n log n) for n ratings and questions, in parallel; 8 bytes for each.
  init(_ ratings: RatingDataset, questions: RatingPairs?, damping: Double, threads: Int? = nil) {
    self.init(
      SparseRatings(ratings, by: .user, threads: threads), itemCount: ratings.itemCount, questions: questions,
      damping: damping, threads: threads)
  }

  /// As above, of ratings that are grouped by user already.
  init(_ byUser: SparseRatings, itemCount: Int, questions: RatingPairs?, damping: Double, threads: Int?) {
    let (starts, items) = Self.distinctItems(byUser, itemCount: itemCount, questions, threads: threads)
    let counts = items.reduce(into: [Int](repeating: 0, count: itemCount)) { $0[Int($1)] += 1 }
    let itemWeights = counts.map { Float((Double($0) / max(Double($0) + damping, 1)).squareRoot()) }
    var gains = [Float](repeating: 0, count: byUser.keyCount)
    weights = [Float](unsafeUninitializedCapacity: max(items.count, 1)) { buffer, initialized in
      LargePages.advise(buffer.baseAddress, byteCount: items.count * MemoryLayout<Float>.stride)
      gains.withUnsafeMutableBufferPointer { gains in
        nonisolated(unsafe) let (weights, gains) = (buffer.baseAddress!, gains)
        Parallel.forEach(byUser.pieces, threads: threads) { piece in
          for user in byUser.keys(inPiece: piece) where starts[user] < starts[user + 1] {
            let norm = 1 / Float(starts[user + 1] - starts[user]).squareRoot()
            for place in starts[user]..<starts[user + 1] {
              weights[place] = norm * itemWeights[Int(items[place])]
              gains[user] += weights[place] * weights[place]
            }
          }
        }
      }
      initialized = items.count
    }
    (self.starts, self.items, self.itemWeights, self.gains) = (starts, items, itemWeights, gains)
  }

  /// R(u): the items of the training ratings, with the weight |R(u)|^(-1/2) x c(j) x (r(u, j) - b(u, j)) / s.
  ///
  /// - Complexity: O(ratings), in parallel.
  init(residuals dataset: RatingDataset, biases: BiasModel, deviation: Double, itemWeights: [Float], threads: Int?) {
    let ratings = SparseRatings(dataset, by: .user, threads: threads)
    var weights = [Float](repeating: 0, count: ratings.count)
    var items = [UInt32](repeating: 0, count: ratings.count)
    var gains = [Float](repeating: 0, count: ratings.keyCount)
    weights.withUnsafeMutableBufferPointer { weights in
      items.withUnsafeMutableBufferPointer { items in
        gains.withUnsafeMutableBufferPointer { gains in
          nonisolated(unsafe) let (weights, items, gains) = (weights, items, gains)
          Parallel.forEach(ratings.pieces, threads: threads) { piece in
            let own = DecodedRatings()
            for user in ratings.keys(inPiece: piece) where ratings.count(user) > 0 {
              own.read(ratings, ratings.range(user))
              let scale = 1 / (deviation * Double(own.count).squareRoot())
              var sum = 0.0
              for (rating, place) in ratings.range(user).enumerated() {
                let item = Int(own.others[rating])
                let expected = biases.mean + biases.userBiases[user] + biases.itemBiases[item]
                let weight = (Double(own.values[rating]) - expected) * scale * Double(itemWeights[item])
                items[place] = own.others[rating]
                weights[place] = Float(weight)
                sum += weight * weight
              }
              gains[user] = Float(sum)
            }
          }
        }
      }
    }
    (starts, self.items, self.itemWeights) = (ratings.starts, items, itemWeights)
    (self.weights, self.gains) = (weights, gains)
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
    _ byUser: SparseRatings, itemCount: Int, _ questions: RatingPairs?, threads: Int?
  ) -> (starts: [Int], items: [UInt32]) {
    let users = byUser.keyCount
    let asked = AskedItems(questions, users: users, items: itemCount)
    // Room for all of a user's items, however often each occurs.
    let room = (0...users).map { byUser.starts[$0] + asked.starts[$0] }
    var starts = [Int](repeating: 0, count: users + 1)
    var items = [UInt32](unsafeUninitializedCapacity: max(room[users], 1)) { buffer, initialized in
      LargePages.advise(buffer.baseAddress, byteCount: room[users] * MemoryLayout<UInt32>.stride)
      starts.withUnsafeMutableBufferPointer { starts in
        nonisolated(unsafe) let (items, counts) = (buffer.baseAddress!, starts)
        Parallel.forEach(byUser.pieces, threads: threads) { piece in
          for user in byUser.keys(inPiece: piece) {
            var own = UnsafeMutableBufferPointer(start: items + room[user], count: room[user + 1] - room[user])
            guard let first = own.baseAddress else { continue }
            byUser.others.decode(byUser.range(user), into: first)
            asked.copy(user, to: first + byUser.count(user))
            own.sort()
            // The first of equal ones, moved down.
            var end = 0
            for item in own where end == 0 || own[end - 1] != item {
              own[end] = item
              end += 1
            }
            counts[user + 1] = end
          }
        }
      }
      initialized = room[users]
    }
    for user in 0..<users { starts[user + 1] += starts[user] }
    guard starts[users] < room[users] else { return (starts, items) }
    items.withUnsafeMutableBufferPointer { items in
      for user in 0..<users {
        for place in 0..<starts[user + 1] - starts[user] { items[starts[user] + place] = items[room[user] + place] }
      }
    }
    items.removeLast(room[users] - starts[users])
    return (starts, items)
  }
}

/// The items that each user will be asked about.
private struct AskedItems: Sendable {
  /// One more than there are users.
  let starts: [Int]
  private let items: [UInt32]

  /// Leaves out users and items beyond these numbers, which the ratings lack.
  init(_ questions: RatingPairs?, users: Int, items itemCount: Int) {
    var starts = [Int](repeating: 0, count: users + 1)
    let rows =
      questions.map { pairs in
        (0..<pairs.count).filter { Int(pairs.users[$0]) < users && Int(pairs.items[$0]) < itemCount }
      } ?? []
    var items = [UInt32](repeating: 0, count: rows.count)
    if let questions, !rows.isEmpty {
      for row in rows { starts[Int(questions.users[row]) + 1] += 1 }
      for user in 0..<users { starts[user + 1] += starts[user] }
      var next = starts
      for row in rows {
        let user = Int(questions.users[row])
        items[next[user]] = questions.items[row]
        next[user] += 1
      }
    }
    (self.starts, self.items) = (starts, items)
  }

  func copy(_ user: Int, to target: UnsafeMutablePointer<UInt32>) {
    for (place, item) in items[starts[user]..<starts[user + 1]].enumerated() { target[place] = item }
  }
}
