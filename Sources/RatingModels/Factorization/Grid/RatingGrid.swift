import RatingData
import RatingNumerics

/// The training ratings in a fixed grid of user blocks x item blocks, for parallel stochastic gradient descent.
///
/// Blocks that share neither users nor items can be learned from at the same time, and the grid depends on the ratings
/// and the seed alone: so the result does not depend on the number of threads. In a block, ratings lie user by user, so
/// that a user's factors stay in registers while the factors of the block's items stay in the second-level cache.
///
/// Memory: 4 bytes for each rating, and 8 for each user in each block.
///
/// Source: Gemulla, Nijkamp, Haas and Sismanis, "Large-scale matrix factorization with distributed stochastic gradient
/// descent", KDD 2011, doi:10.1145/2020408.2020426.
struct RatingGrid: Sendable {
  /// Where a block's parts are.
  struct Block: Sendable {
    var runs: Range<Int>
    var cells: Range<Int>
    /// For each part, which are of about equal numbers of ratings: the number of its runs, and of its cells.
    var runCounts: [Int] = []
    var cellCounts: [Int] = []
  }

  let users: GridPartition
  let items: GridPartition
  /// What the cells' values stand for, in units of the ratings' standard deviation from the mean.
  let values: [Float]
  /// By user block, then by item block.
  let blocks: [Block]
  let runs: [Kernels.RatingRun]
  let cells: [Kernels.RatingCell]
  /// The number of ratings.
  let count: Int

  /// How many blocks users and items are cut into. More blocks keep more threads busy, and fewer items in the cache; but
  /// each visit of a block loads and stores its users' factors.
  static func size(ratings: Int) -> Int { ratings < 1 << 26 ? 8 : 16 }

  /// - Parameters:
  ///   - mean, deviation: a rating r is learned as (r - mean) / deviation.
  ///   - size: into how many blocks users and items are cut; nil means what suits the number of ratings.
  /// - Complexity: O(ratings + users x size), in parallel.
  init(
    _ dataset: RatingDataset, mean: Double, deviation: Double, seed: Seed, threads: Int?, size: Int? = nil
  ) {
    count = dataset.count
    let size = size ?? Self.size(ratings: dataset.count)
    let pieces = Parallel.rowPieces(dataset.count, threads: threads)
    let counts = dataset.ratingCounts(pieces, threads: threads)
    let (users, items) = Parallel.both(threads: threads) {
      GridPartition(counts: counts.users, blocks: size, seed: seed, purpose: "sgd.users")
    } _: {
      GridPartition(counts: counts.items, blocks: size, seed: seed, purpose: "sgd.items")
    }
    let codes = dataset.withUnsafeColumns { RatingCodes($0.ratings, threads: threads) }
    let layout = GridLayout(dataset, users, items, codes, pieces, threads: threads)
    (blocks, runs, cells) = (layout.blocks, layout.runs, layout.cells)
    (self.users, self.items) = (users, items)
    values = codes.values.map { Float((Double($0) - mean) / deviation) }
  }

  /// The blocks in the order of an epoch: diagonals of the grid, which share neither users nor items, in an order drawn
  /// from (seed, epoch). With each the places in this order of the blocks before it that share its users, and its items;
  /// -1 for none.
  func order(seed: Seed, epoch: Int) -> (blocks: [Int], predecessors: [(Int, Int)]) {
    let (userBlocks, itemBlocks) = (users.blockCount, items.blockCount)
    var diagonals = Array(0..<itemBlocks)
    var stream = RandomStream(seed: seed, purpose: "sgd.diagonals", index: UInt64(epoch))
    stream.shuffle(&diagonals)
    var (order, predecessors): ([Int], [(Int, Int)]) = ([], [])
    var lastOfUsers = [Int](repeating: -1, count: userBlocks)
    var lastOfItems = [Int](repeating: -1, count: itemBlocks)
    for diagonal in diagonals {
      for userBlock in 0..<userBlocks {
        let itemBlock = (userBlock + diagonal) % itemBlocks
        predecessors.append((lastOfUsers[userBlock], lastOfItems[itemBlock]))
        lastOfUsers[userBlock] = order.count
        lastOfItems[itemBlock] = order.count
        order.append(userBlock * itemBlocks + itemBlock)
      }
    }
    return (order, predecessors)
  }

  /// Runs `descend` once for each block, with the first position of its items, on up to `threads` threads; blocks that
  /// share users or items always in the same order. Returns the sum of what it returns, added in that order.
  func forEachBlock(
    seed: Seed, epoch: Int, threads: Int?, _ descend: @Sendable (Kernels.RatingBlock, Int) -> Double
  ) -> Double {
    let (order, predecessors) = order(seed: seed, epoch: epoch)
    let sums = [Double](unsafeUninitializedCapacity: order.count) { sums, initialized in
      sums.initialize(repeating: 0)
      nonisolated(unsafe) let sums = sums
      runs.withUnsafeBufferPointer { runs in
        cells.withUnsafeBufferPointer { cells in
          values.withUnsafeBufferPointer { values in
            nonisolated(unsafe) let (runs, cells, values) = (runs, cells, values)
            Parallel.forEach(order.count, after: predecessors, threads: threads) { place in
              let block = blocks[order[place]]
              if block.runs.isEmpty { return }
              sums[place] = descend(
                Kernels.RatingBlock(
                  runs: runs.baseAddress! + block.runs.lowerBound, runCounts: block.runCounts,
                  cells: cells.baseAddress! + block.cells.lowerBound, cellCounts: block.cellCounts,
                  values: values.baseAddress!),
                items.starts[order[place] % items.blockCount])
            }
          }
        }
      }
      initialized = order.count
    }
    return sums.reduce(0, +)
  }
}
