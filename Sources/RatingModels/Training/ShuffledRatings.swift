import RatingData
import RatingNumerics

/// The training ratings in an order that is random and new in each epoch, for stochastic gradient descent.
///
/// All rows are put in a random order once. Each epoch then visits them in blocks of 1024, the blocks in a new random
/// order, and the rows of each block in a new random order too: memory is read in long runs, and an epoch costs no
/// second copy. The order is a function of (seed, epoch) alone.
struct ShuffledRatings {
  typealias Row = Kernels.RatingRecord

  private static let blockSize = 1024
  private var rows: [Row]
  private let seed: Seed

  /// Ratings are kept as (rating - mean) / deviation.
  ///
  /// - Complexity: O(ratings); 12 bytes for each.
  init(_ dataset: RatingDataset, seed: Seed, mean: Double = 0, deviation: Double = 1) {
    self.seed = seed
    rows = dataset.withUnsafeColumns { columns in
      (0..<columns.ratings.count).map {
        Row(
          user: columns.users[$0], item: columns.items[$0],
          rating: Float((Double(columns.ratings[$0]) - mean) / deviation))
      }
    }
    var stream = RandomStream(seed: seed, purpose: "sgd.rows")
    rows.withUnsafeMutableBufferPointer { stream.shuffle($0) }
  }

  var count: Int { rows.count }

  /// Calls `body` with the rows of the epoch, a block at a time, until all have been visited or it throws.
  func forEachBlock(
    epoch: Int, _ body: (UnsafeBufferPointer<Row>) throws(TrainingError) -> Void
  ) throws(TrainingError) {
    var blocks = Array(0..<(rows.count + Self.blockSize - 1) / Self.blockSize)
    var stream = RandomStream(seed: seed, purpose: "sgd.blocks", index: UInt64(epoch))
    stream.shuffle(&blocks)
    var block: [Row] = []
    for number in blocks {
      let start = number * Self.blockSize
      block.removeAll(keepingCapacity: true)
      block.append(contentsOf: rows[start..<min(start + Self.blockSize, rows.count)])
      block.withUnsafeMutableBufferPointer { stream.shuffle($0) }
      try block.withUnsafeBufferPointer { pointer throws(TrainingError) in try body(pointer) }
    }
  }
}

extension RandomStream {
  /// As `shuffle(_:)`, with the same draws, without generic code of another module in a loop over all ratings.
  fileprivate mutating func shuffle(_ rows: UnsafeMutableBufferPointer<ShuffledRatings.Row>) {
    guard rows.count > 1 else { return }
    for last in stride(from: rows.count - 1, to: 0, by: -1) {
      let other = below(last + 1)
      (rows[last], rows[other]) = (rows[other], rows[last])
    }
  }
}
