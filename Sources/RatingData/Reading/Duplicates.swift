import RatingNumerics

/// Finds (user, item) pairs that occur more than once, and applies the policy for them.
enum Duplicates {
  /// - Parameter place: file and line of a row, for messages.
  static func resolve(
    in dataset: RatingDataset, policy: DuplicatePolicy, file: String, threads: Int?, place: (Int) -> (String, Int)
  ) throws(RatingDataError) -> (dataset: RatingDataset, count: DuplicateCount, warnings: [Problem]) {
    guard hasAny(dataset, threads: threads) else { return (dataset, DuplicateCount(), []) }
    let groups = groups(of: dataset)
    var count = DuplicateCount()
    var surplus: [Int] = []
    dataset.withUnsafeColumns { columns in
      for group in groups {
        count.pairs += 1
        count.surplusRows += group.count - 1
        if group.contains(where: { columns.ratings[$0] != columns.ratings[group[0]] }) { count.conflicting += 1 }
        surplus.append(contentsOf: group.dropFirst())
      }
    }
    surplus.sort()
    let shown = surplus.prefix(Problem.listedLines).map(place)
    let first = shown.first!.0
    let lines = shown.filter { $0.0 == first }.map(\.1)
    let what =
      "\(count.pairs == 1 ? "1 (user, item) pair occurs" : "\(count.pairs) (user, item) pairs occur") more than once: "
      + "\(count.surplusRows == 1 ? "1 row" : "\(count.surplusRows) rows") too many, "
      + "\(count.conflicting == 1 ? "1 pair" : "\(count.conflicting) pairs") with different ratings"
    switch policy {
    case .error:
      throw RatingDataError(
        .badData,
        [
          Problem(
            .error, ProblemCode.duplicatePair.rawValue, file: first, count: count.surplusRows, lines: lines,
            message: "\(what); remove them, or pass --duplicates first, last or mean")
        ])
    case .all:
      return (dataset, count, [])
    case .first, .last, .mean:
      let warning = Problem(
        .warning, ProblemCode.duplicatesResolved.rawValue, file: first, count: count.surplusRows, lines: lines,
        message: "\(what); \(policy == .mean ? "their mean was taken" : "the \(policy.rawValue) of each was kept")")
      return (apply(policy, to: dataset, groups: groups), count, [warning])
    }
  }

  private static func apply(_ policy: DuplicatePolicy, to dataset: RatingDataset, groups: [[Int]]) -> RatingDataset {
    var dropped = Set<Int>()
    for group in groups {
      let kept = policy == .last ? group.last! : group[0]
      for row in group where row != kept { dropped.insert(row) }
    }
    let result = dataset.selecting(rows: (0..<dataset.count).filter { !dropped.contains($0) })
    guard policy == .mean else { return result }
    // The rows of `result` are those that were kept, in order; a group's first row stands for it.
    let removed = dropped.sorted()
    for group in groups {
      let mean = dataset.withUnsafeColumns { columns in
        group.reduce(0.0) { $0 + Double(columns.ratings[$1]) } / Double(group.count)
      }
      var low = 0
      var high = removed.count
      while low < high {
        let middle = (low + high) / 2
        if removed[middle] < group[0] { low = middle + 1 } else { high = middle }
      }
      result.columns.ratings[group[0] - low] = Float(mean)
    }
    return result
  }

  /// The rows of each pair that occurs more than once, ascending inside a group, groups by user and item.
  private static func groups(of dataset: RatingDataset) -> [[Int]] {
    dataset.withUnsafeColumns { columns in
      func key(_ row: Int) -> UInt64 { UInt64(columns.users[row]) << 32 | UInt64(columns.items[row]) }
      let keys = (0..<columns.users.count).map { (key: key($0), row: $0) }.sorted {
        $0.key != $1.key ? $0.key < $1.key : $0.row < $1.row
      }
      var groups: [[Int]] = []
      var start = 0
      for position in 1...keys.count where position == keys.count || keys[position].key != keys[start].key {
        if position - start > 1 { groups.append(keys[start..<position].map(\.row)) }
        start = position
      }
      return groups
    }
  }

  /// Whether any pair occurs twice. Rows are brought together by user (or they already are, by user or by item), then a
  /// mark for each item tells whether this user had it.
  ///
  /// - Complexity: O(rows + users + items), in parallel over ranges of users.
  private static func hasAny(_ dataset: RatingDataset, threads: Int?) -> Bool {
    dataset.withUnsafeColumns { columns in
      nonisolated(unsafe) let columns = columns
      let rows = columns.users.count
      let (userCount, itemCount) = (dataset.userCount, dataset.itemCount)
      if isAscending(columns.users, threads: threads) {
        return anyTwice(grouped: columns.users, marked: columns.items, markCount: itemCount, threads: threads)
      }
      if isAscending(columns.items, threads: threads) {
        return anyTwice(grouped: columns.items, marked: columns.users, markCount: userCount, threads: threads)
      }
      // Counting sort of the items by user: ends[u] becomes the start of user u's items, then their end.
      var ends = [Int](repeating: 0, count: userCount + 1)
      ends.withUnsafeMutableBufferPointer { ends in
        for user in columns.users { ends[Int(user) + 1] += 1 }
        for user in 0..<userCount { ends[user + 1] += ends[user] }
      }
      let sorted = UnsafeMutablePointer<UInt32>.allocate(capacity: max(rows, 1))
      defer { sorted.deallocate() }
      nonisolated(unsafe) let target = sorted
      // Each thread scatters the users of its own range, so that no two write to one place.
      let ranges = userRanges(ends, rows: rows, count: threads ?? Parallel.availableThreads)
      let starts = ends
      let found = Parallel.map(ranges.count, threads: threads) { index -> Bool in
        let range = ranges[index]
        guard !range.isEmpty else { return false }
        var next = Array(starts[range.lowerBound..<range.upperBound])
        let (low, high) = (UInt32(range.lowerBound), UInt32(range.upperBound))
        next.withUnsafeMutableBufferPointer { next in
          for row in 0..<rows {
            let user = columns.users[row]
            if user >= low && user < high {
              let slot = Int(user &- low)
              target[next[slot]] = columns.items[row]
              next[slot] &+= 1
            }
          }
        }
        var marks = [UInt32](repeating: .max, count: itemCount)
        return marks.withUnsafeMutableBufferPointer { marks in
          for user in range {
            for position in starts[user]..<starts[user + 1] {
              let item = Int(target[position])
              if marks[item] == UInt32(user) { return true }
              marks[item] = UInt32(user)
            }
          }
          return false
        }
      }
      return found.contains(true)
    }
  }

  private static func isAscending(_ column: UnsafeBufferPointer<UInt32>, threads: Int?) -> Bool {
    nonisolated(unsafe) let column = column
    let size = 1 << 20
    let ascending = Parallel.map((column.count + size - 1) / size, threads: threads) { piece -> Bool in
      // With the last row of the piece before.
      let range = max(piece * size - 1, 0)..<min((piece + 1) * size, column.count)
      var previous: UInt32 = 0
      for row in range {
        if column[row] < previous { return false }
        previous = column[row]
      }
      return true
    }
    return ascending.allSatisfy { $0 }
  }

  /// Ranges of users with about equally many rows.
  private static func userRanges(_ starts: [Int], rows: Int, count: Int) -> [Range<Int>] {
    let users = starts.count - 1
    var ranges: [Range<Int>] = []
    var low = 0
    for part in 1...max(count, 1) {
      var high = low
      while high < users && (part == count || starts[high] < rows * part / count) { high += 1 }
      ranges.append(low..<high)
      low = high
    }
    return ranges
  }

  /// Whether a run of equal values in `grouped` (which ascends) has the same value twice in `marked`.
  private static func anyTwice(
    grouped: UnsafeBufferPointer<UInt32>, marked: UnsafeBufferPointer<UInt32>, markCount: Int, threads: Int?
  ) -> Bool {
    nonisolated(unsafe) let (grouped, marked) = (grouped, marked)
    let pieces = max(1, min(threads ?? Parallel.availableThreads, grouped.count))
    let found = Parallel.map(pieces, threads: threads) { piece -> Bool in
      func cut(_ part: Int) -> Int {
        var row = grouped.count * part / pieces
        while row > 0 && row < grouped.count && grouped[row] == grouped[row - 1] { row += 1 }
        return row
      }
      var marks = [UInt32](repeating: .max, count: markCount)
      return marks.withUnsafeMutableBufferPointer { marks in
        for row in cut(piece)..<max(cut(piece), cut(piece + 1)) {
          let mark = Int(marked[row])
          if marks[mark] == grouped[row] { return true }
          marks[mark] = grouped[row]
        }
        return false
      }
    }
    return found.contains(true)
  }
}
