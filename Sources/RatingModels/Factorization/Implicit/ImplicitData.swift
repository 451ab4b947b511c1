import RatingData
import RatingNumerics

/// What SVD++ and its kin learn from: the ratings user by user in units of their deviation, and who rated what.
struct ImplicitData: Sendable {
  let vocabularies: Vocabularies
  let scale: RatingScale
  let mean: Double
  let deviation: Double
  /// Training ratings of each user and item.
  let userCounts: [Int]
  let itemCounts: [Int]
  let rated: RatedItems
  private let order: UserOrder
  private let ratings: [Kernels.ItemRating]

  /// - Complexity: O(n log n) for n ratings and questions; 16 bytes for each.
  init(_ input: TrainingInput, seed: Seed) {
    let dataset = input.ratings
    vocabularies = dataset.vocabularies
    scale = dataset.scale
    let moments = RatingMoments(dataset, threads: nil)
    let (mean, deviation) = (moments.mean, moments.deviation)
    (self.mean, self.deviation) = (mean, deviation)
    let order = UserOrder(dataset, seed: seed)
    self.order = order
    userCounts = (0..<dataset.userCount).map(order.count)
    (ratings, itemCounts) = dataset.withUnsafeColumns { columns in
      var counts = [Int](repeating: 0, count: dataset.itemCount)
      for item in columns.items { counts[Int(item)] += 1 }
      let ratings = order.rows.map { row in
        Kernels.ItemRating(
          item: columns.items[Int(row)], rating: Float((Double(columns.ratings[Int(row)]) - mean) / deviation))
      }
      return (ratings, counts)
    }
    rated = RatedItems(dataset, questions: input.questions)
  }

  /// The number of training ratings.
  var count: Int { ratings.count }
  var userCount: Int { userCounts.count }
  var itemCount: Int { itemCounts.count }
  /// The largest |N(u)|.
  var largestRatedCount: Int { (0..<userCount).reduce(0) { max($0, rated.count($1)) } }

  typealias Run = UnsafeBufferPointer<Kernels.ItemRating>

  /// Calls `body` with each user that has ratings, in the epoch's order, and the ratings in two runs, of which the second
  /// may be empty.
  func forEachUser(
    epoch: Int, _ body: (_ user: Int, _ first: Run, _ second: Run) throws(TrainingError) -> Void
  ) throws(TrainingError) {
    try ratings.withUnsafeBufferPointer { all throws(TrainingError) in
      try order.forEachUser(epoch: epoch) { user, first, second throws(TrainingError) in
        try body(user, Run(rebasing: all[first]), Run(rebasing: all[second]))
      }
    }
  }

  /// N(u) and |N(u)|^(-1/2).
  func ratedItems(_ user: Int) -> (items: ArraySlice<UInt32>, norm: Float) {
    (rated.items[rated.starts[user]..<rated.starts[user + 1]], rated.norm(user))
  }

  /// p(u) + |N(u)|^(-1/2) x sum over j in N(u) of y(j), for all users.
  ///
  /// - Complexity: O((users + ratings) x factors), in parallel.
  func users(_ own: Matrix, plus implicit: Matrix, threads: Int?) -> Matrix {
    var sums = own
    let (stride, size, users) = (own.stride, 64, userCount)
    sums.withUnsafeMutableElements { sums in
      nonisolated(unsafe) let sums = sums
      implicit.withUnsafeElements { implicit in
        nonisolated(unsafe) let implicit = implicit
        Parallel.forEach((users + size - 1) / size, threads: threads) { piece in
          var sum = ImplicitSum(stride: stride)
          for user in piece * size..<min((piece + 1) * size, users) {
            sum.gather(implicit, ratedItems(user))
            for factor in 0..<stride { sums[user * stride + factor] += sum.row[factor] }
          }
        }
      }
    }
    return sums
  }
}

/// |N(u)|^(-1/2) x sum over j in N(u) of y(j), for one user after the other: gathered before the user's ratings are
/// visited, changed with them, and its change given back to the y(j).
struct ImplicitSum: ~Copyable {
  private let stride: Int
  /// The sum as of now, `stride` elements.
  let row: UnsafeMutablePointer<Float>
  /// The sum as gathered; then what is added to each y(j).
  private let start: UnsafeMutablePointer<Float>

  init(stride: Int) {
    self.stride = stride
    func zeros() -> UnsafeMutablePointer<Float> {
      let memory = UnsafeMutableRawPointer.allocate(byteCount: stride * MemoryLayout<Float>.stride, alignment: 64)
        .bindMemory(to: Float.self, capacity: stride)
      memory.initialize(repeating: 0, count: stride)
      return memory
    }
    (row, start) = (zeros(), zeros())
  }

  deinit {
    row.deallocate()
    start.deallocate()
  }

  /// - Complexity: O(|N(u)| x factors).
  mutating func gather(_ implicit: UnsafePointer<Float>, _ rated: (items: ArraySlice<UInt32>, norm: Float)) {
    rated.items.withUnsafeBufferPointer { items in
      guard let rows = items.baseAddress, items.count > 0 else {
        row.update(repeating: 0, count: stride)
        return
      }
      Kernels.sumRows(implicit, stride: stride, rows: rows, count: items.count, into: row)
    }
    for factor in 0..<stride {
      row[factor] *= rated.norm
      start[factor] = row[factor]
    }
  }

  /// Gives the sum's change to each y(j), of which the decay leaves the share `kept`: y = kept y + norm (row - kept start).
  ///
  /// - Complexity: O(|N(u)| x factors).
  mutating func scatter(
    _ implicit: UnsafeMutablePointer<Float>, _ rated: (items: ArraySlice<UInt32>, norm: Float), kept: Float
  ) {
    for factor in 0..<stride { start[factor] = rated.norm * (row[factor] - kept * start[factor]) }
    rated.items.withUnsafeBufferPointer { items in
      guard let rows = items.baseAddress, items.count > 0 else { return }
      Kernels.addToRows(implicit, stride: stride, rows: rows, count: items.count, keep: kept, addend: start)
    }
  }
}
