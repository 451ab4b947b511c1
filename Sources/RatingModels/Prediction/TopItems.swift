import RatingData
import RatingNumerics

/// An item in a user's ranking.
public struct RankedItem: Sendable, Hashable {
  public let item: ItemIndex
  /// What the model predicts, not clipped to the scale: clipping would make ties.
  public let rating: Double

  public init(item: ItemIndex, rating: Double) {
    self.item = item
    self.rating = rating
  }
}

/// The items that each of some users has rated already, or that are to be left out for another reason.
public struct ExcludedItems: Sendable {
  /// The items of row r are `items[starts[r]..<starts[r + 1]]`, ascending.
  private let starts: [Int]
  private let items: [UInt32]

  /// Nothing is left out.
  public static let none = ExcludedItems(rows: RatingPairs(users: [], items: []), count: 0)

  /// Pairs whose user is a position in the list of users that are asked about, in `0..<count`; others are ignored.
  public init(rows pairs: RatingPairs, count: Int) {
    var starts = [Int](repeating: 0, count: count + 1)
    let valid = (0..<pairs.count).filter { pairs.users[$0] < count && pairs.items[$0] != RatingPairs.unknown }
    for row in valid { starts[Int(pairs.users[row]) + 1] += 1 }
    for row in 0..<count { starts[row + 1] += starts[row] }
    var next = starts
    var items = [UInt32](repeating: 0, count: valid.count)
    for row in valid {
      let user = Int(pairs.users[row])
      items[next[user]] = pairs.items[row]
      next[user] += 1
    }
    for row in 0..<count { items[starts[row]..<starts[row + 1]].sort() }
    self.starts = starts
    self.items = items
  }

  /// What these users have in a data set that has the model's vocabularies.
  ///
  /// - Complexity: O(ratings + users + excluded x log excluded).
  public init(_ ratings: RatingDataset, of users: [UserIndex?]) {
    var rows: [UInt32: [UInt32]] = [:]
    for (row, user) in users.enumerated() { if let user { rows[user.value, default: []].append(UInt32(row)) } }
    var pairs = RatingPairs(users: [], items: [])
    ratings.withUnsafeColumns { columns in
      for position in columns.users.indices {
        for row in rows[columns.users[position]] ?? [] {
          pairs.users.append(row)
          pairs.items.append(columns.items[position])
        }
      }
    }
    self.init(rows: pairs, count: users.count)
  }

  /// The number of items that are left out for a row.
  public func count(_ row: Int) -> Int { row + 1 < starts.count ? starts[row + 1] - starts[row] : 0 }

  func contains(_ item: UInt32, row: Int) -> Bool {
    guard row + 1 < starts.count else { return false }
    var (low, high) = (starts[row], starts[row + 1])
    while low < high {
      let middle = (low + high) / 2
      if items[middle] < item { low = middle + 1 } else { high = middle }
    }
    return low < starts[row + 1] && items[low] == item
  }
}

extension RatingModel {
  /// The items with the highest predicted ratings, for each of some users: the highest first, of equal ones the one with
  /// the lower index; fewer than `count` where there are no more.
  ///
  /// The ranking is that of `predict`, exactly, on any number of threads: a model that conforms to `ScoresAllItems`
  /// scores all items by a matrix product, of which all those are predicted that the rounding of the product could have
  /// put outside the best.
  ///
  /// - Parameters:
  ///   - count: at least 0.
  ///   - users: a user that is nil, or that the model doesn't know, gets the ranking of an unknown user, which is the same
  ///     for all of them.
  ///   - excluded: what is left out for each of these users.
  ///   - time: when they are asked; see `Question.time`.
  /// - Complexity: O(users x items x factors) time. Memory: the result, and 512 KiB for each thread.
  public func topItems(
    _ count: Int, for users: [UserIndex?], excluding excluded: ExcludedItems = .none, time: UInt32? = nil,
    threads: Int? = nil
  ) -> [[RankedItem]] {
    precondition(count >= 0, "a ranking has at least 0 items, got \(count)")
    let items = vocabularies.items.count
    guard count > 0, items > 0 else { return users.map { _ in [] } }
    let indices = users.map { $0?.value ?? RatingPairs.unknown }
    let scorer = (self as? any ScoresAllItems)?.itemScorer(time: time)
    return Parallel.map(ScoreBlock.count(users: users.count), threads: threads) { block in
      let rows = ScoreBlock.users(block, of: users.count)
      if let scorer {
        let (vectors, constants, lengths) = scorer.users(indices[rows])
        var candidates = zip(lengths, constants).map { length, constant in
          TopCandidates(count, margin: Float(2 * scorer.error(userLength: length, constant: constant)))
        }
        withUnsafeTemporaryAllocation(of: Float.self, capacity: rows.count * ScoreBlock.items) { buffer in
          let scores = buffer.baseAddress!
          ScoreBlock.forEachTile(items: items) { tile in
            scorer.score(vectors, items: tile, into: scores, stride: ScoreBlock.items)
            for (row, user) in rows.enumerated() {
              candidates[row].add(scores + row * ScoreBlock.items, items: tile) { excluded.contains($0, row: user) }
            }
          }
        }
        return rows.map { row in
          var list = candidates[row - rows.lowerBound]
          return best(count, of: list.finish(), for: indices[row], time: time)
        }
      }
      return rows.map { row in
        best(
          count, of: (0..<UInt32(items)).filter { !excluded.contains($0, row: row) }, for: indices[row], time: time)
      }
    }.flatMap { $0 }
  }

  /// The best of these items by what is predicted for them.
  private func best(_ count: Int, of items: [UInt32], for user: UInt32, time: UInt32?) -> [RankedItem] {
    let pairs = RatingPairs(
      users: [UInt32](repeating: user, count: items.count), items: items,
      times: time.map { [UInt32](repeating: $0, count: items.count) })
    let ratings = predict(pairs, threads: 1).values
    let order = items.indices.sorted { (ratings[$0], items[$1]) > (ratings[$1], items[$0]) }
    return order.prefix(count).map { RankedItem(item: ItemIndex(items[$0]), rating: ratings[$0]) }
  }
}

/// The items of the highest scores so far, and those that lie so little below that rounding could have put them there.
struct TopCandidates {
  private let count: Int
  private let margin: Float
  /// Scores below this are out.
  private var threshold = -Float.infinity
  private var capacity: Int
  private var list: [(score: Float, item: UInt32)] = []

  init(_ count: Int, margin: Float) {
    self.count = count
    self.margin = margin
    capacity = 4 * min(count, 1 << 20) + 64
  }

  /// Takes the scores of a range of items, without those that are excluded.
  @inline(__always)
  mutating func add(_ scores: UnsafePointer<Float>, items: Range<Int>, isExcluded: (UInt32) -> Bool) {
    for column in 0..<items.count where scores[column] >= threshold {
      let item = UInt32(items.lowerBound + column)
      if isExcluded(item) { continue }
      list.append((scores[column], item))
      if list.count >= capacity { shrink() }
    }
  }

  /// The items that are left, in ascending order.
  mutating func finish() -> [UInt32] {
    shrink()
    return list.map(\.item).sorted()
  }

  /// Raises the threshold to a margin below the `count`-th best score and drops what lies below.
  private mutating func shrink() {
    guard list.count > count else { return }
    var scores = list.map(\.score)
    threshold = scores.withUnsafeMutableBufferPointer { $0.element(ofRank: count - 1) } - margin
    let bound = threshold
    list.removeAll { $0.score < bound }
    // Where nearly all are as good, make room for as many again.
    if list.count > capacity / 2 { capacity = 2 * list.count + 64 }
  }
}

extension UnsafeMutableBufferPointer<Float> {
  /// The element that would stand at `rank` if all were sorted in descending order; moves elements about.
  ///
  /// Hoare's quickselect with the median of three as pivot: O(count) on average.
  func element(ofRank rank: Int) -> Float {
    var (low, high) = (0, count - 1)
    while low < high {
      let pivot = Self.median(self[low], self[(low + high) / 2], self[high])
      var (left, right) = (low, high)
      while left <= right {
        while self[left] > pivot { left += 1 }
        while self[right] < pivot { right -= 1 }
        if left <= right {
          swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if rank <= right { high = right } else if rank >= left { low = left } else { return self[rank] }
    }
    return self[rank]
  }

  private static func median(_ a: Float, _ b: Float, _ c: Float) -> Float {
    let (low, high) = a < b ? (a, b) : (b, a)
    return c < low ? low : c > high ? high : c
  }
}
