import RatingNumerics

/// The rows of each user, or of each item, put together.
struct RowGroups: Sendable {
  /// Group g has the rows `starts[g]..<starts[g + 1]` of the columns.
  private let starts: [Int]
  private let predictions: [Int64]
  private let answers: [Int64]

  var count: Int { starts.count - 1 }

  /// - Parameter keys: the group of each row.
  /// - Complexity: O(rows + largest key): a counting sort.
  init(_ rows: ScoredRows, by keys: [UInt32]) {
    var starts = [Int](repeating: 0, count: Int(keys.max() ?? 0) + 2)
    for key in keys { starts[Int(key) + 1] += 1 }
    for group in 1..<starts.count { starts[group] += starts[group - 1] }
    var next = starts
    var predictions = [Int64](repeating: 0, count: rows.count)
    var answers = predictions
    for row in 0..<rows.count {
      let group = Int(keys[row])
      let place = next[group]
      next[group] = place + 1
      predictions[place] = rows.predictions[row]
      answers[place] = rows.answers[row]
    }
    self.starts = starts
    self.predictions = predictions
    self.answers = answers
  }

  /// Groups of one piece: work on groups is cut into these, whatever the number of threads.
  private static let pieceSize = 4096

  /// What `add` makes of the groups that have rows, in their order, one value for each piece of them.
  func pieces<Sum: Sendable>(
    from start: Sum, threads: Int?, _ add: @Sendable (inout Sum, RowSlice) -> Void
  ) -> [Sum] {
    predictions.withUnsafeBufferPointer { predictions in
      answers.withUnsafeBufferPointer { answers in
        nonisolated(unsafe) let columns = (predictions.baseAddress!, answers.baseAddress!)
        return Parallel.map((count + Self.pieceSize - 1) / Self.pieceSize, threads: threads) { piece in
          var sum = start
          for group in piece * Self.pieceSize..<min((piece + 1) * Self.pieceSize, count)
          where starts[group + 1] > starts[group] {
            add(
              &sum,
              RowSlice(
                predictions: columns.0 + starts[group], answers: columns.1 + starts[group],
                count: starts[group + 1] - starts[group]))
          }
          return sum
        }
      }
    }
  }
}
