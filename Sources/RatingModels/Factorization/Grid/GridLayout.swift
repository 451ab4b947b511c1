import RatingData
import RatingNumerics

/// Puts ratings into a grid: a counting sort by (user block, item block), then in each block by user.
///
/// Sorting by block first writes to few places at a time, one for each block, and what follows stays in the second-level
/// cache: a sort by user at once would miss the caches twice for each rating. Threads share the rows in pieces. Ratings
/// of the same user and item block keep the order of the data set, so the layout is the same for any number of pieces.
///
/// Memory while it is made: 2 bytes for each rating beside the cells' 4. Complexity: O(ratings + users x item blocks).
struct GridLayout {
  /// By block.
  let blocks: [RatingGrid.Block]
  let runs: [Kernels.RatingRun]
  /// The ratings in their places, and room to read ahead.
  let cells: [Kernels.RatingCell]

  init(
    _ dataset: RatingDataset, _ users: GridPartition, _ items: GridPartition, _ codes: RatingCodes,
    _ pieces: [Range<Int>], threads: Int?
  ) {
    let (userPlaces, itemPlaces) = Parallel.both(threads: threads) {
      GridPlaces(users)
    } _: {
      GridPlaces(items)
    }
    let counts = Self.counts(
      dataset, userPlaces, itemPlaces, pieces, blocks: users.blockCount * items.blockCount,
      itemBlocks: items.blockCount, threads: threads)
    let (starts, next) = Self.places(counts)
    let rows = dataset.count
    var runs: [[Kernels.RatingRun]] = []
    cells = [Kernels.RatingCell](unsafeUninitializedCapacity: rows + Kernels.readAhead) { buffer, initialized in
      let cells = buffer.baseAddress!
      LargePages.advise(cells, byteCount: buffer.count * MemoryLayout<Kernels.RatingCell>.stride)
      // Of each rating in its block, the user's place there.
      let userOf = UnsafeMutablePointer<UInt16>.allocate(capacity: max(rows, 1))
      defer { userOf.deallocate() }
      LargePages.advise(userOf, byteCount: rows * MemoryLayout<UInt16>.stride)
      Self.scatter(
        dataset, userPlaces, itemPlaces, codes, pieces, next, itemBlocks: items.blockCount, cells: cells,
        userOf: userOf, threads: threads)
      nonisolated(unsafe) let (target, places) = (cells, userOf)
      runs = Parallel.map(starts.count - 1, threads: threads) { block in
        let positions = users.block(block / items.blockCount)
        return Self.sortByUser(
          target + starts[block], places + starts[block], count: starts[block + 1] - starts[block],
          positions: positions)
      }
      (cells + rows).initialize(repeating: Kernels.RatingCell(item: 0, value: 0), count: Kernels.readAhead)
      initialized = rows + Kernels.readAhead
    }
    var first = 0
    blocks = runs.enumerated().map { block, runs in
      defer { first += runs.count }
      return RatingGrid.Block(runs: runs, from: first, cells: starts[block]..<starts[block + 1])
    }
    self.runs = [Kernels.RatingRun](runs.joined())
  }

  /// The number of ratings of each block, for each piece.
  private static func counts(
    _ dataset: RatingDataset, _ users: GridPlaces, _ items: GridPlaces, _ pieces: [Range<Int>],
    blocks: Int, itemBlocks: Int, threads: Int?
  ) -> [[Int]] {
    dataset.withUnsafeColumns { columns in
      nonisolated(unsafe) let columns = columns
      return Parallel.map(pieces.count, threads: threads) { piece in
        var counts = [Int](repeating: 0, count: blocks)
        counts.withUnsafeMutableBufferPointer { counts in
          users.withReader { users in
            items.withReader { items in
              for row in pieces[piece] {
                counts[users[columns.users[row]].block &* itemBlocks &+ items[columns.items[row]].block] &+= 1
              }
            }
          }
        }
        return counts
      }
    }
  }

  /// Where blocks start, with the end of the last one, and for each piece where its first rating of a block goes.
  private static func places(_ counts: [[Int]]) -> (starts: [Int], next: [[Int]]) {
    var (starts, next, place) = ([0], counts, 0)
    for block in counts[0].indices {
      for piece in counts.indices {
        next[piece][block] = place
        place += counts[piece][block]
      }
      starts.append(place)
    }
    return (starts, next)
  }

  /// Puts the ratings into their blocks.
  private static func scatter(
    _ dataset: RatingDataset, _ users: GridPlaces, _ items: GridPlaces, _ codes: RatingCodes,
    _ pieces: [Range<Int>], _ next: [[Int]], itemBlocks: Int, cells: UnsafeMutablePointer<Kernels.RatingCell>,
    userOf: UnsafeMutablePointer<UInt16>, threads: Int?
  ) {
    dataset.withUnsafeColumns { columns in
      nonisolated(unsafe) let (columns, cells, userOf) = (columns, cells, userOf)
      Parallel.forEach(pieces.count, threads: threads) { piece in
        var next = next[piece]
        next.withUnsafeMutableBufferPointer { next in
          users.withReader { users in
            items.withReader { items in
              codes.withCoder { coder in
                for row in pieces[piece] {
                  let (user, item) = (users[columns.users[row]], items[columns.items[row]])
                  let block = user.block &* itemBlocks &+ item.block
                  let place = next[block]
                  next[block] = place &+ 1
                  userOf[place] = UInt16(truncatingIfNeeded: user.place)
                  cells[place] = Kernels.RatingCell(
                    item: UInt16(truncatingIfNeeded: item.place), value: coder.code(columns.ratings[row]))
                }
              }
            }
          }
        }
      }
    }
  }

  /// Sorts a block's ratings by user, and returns its runs.
  private static func sortByUser(
    _ cells: UnsafeMutablePointer<Kernels.RatingCell>, _ userOf: UnsafePointer<UInt16>, count: Int,
    positions: Range<Int>
  ) -> [Kernels.RatingRun] {
    let next = UnsafeMutablePointer<UInt32>.allocate(capacity: positions.count + 1)
    let unsorted = UnsafeMutablePointer<Kernels.RatingCell>.allocate(capacity: max(count, 1))
    defer {
      next.deallocate()
      unsorted.deallocate()
    }
    next.initialize(repeating: 0, count: positions.count + 1)
    for row in 0..<count { next[Int(userOf[row])] &+= 1 }
    var runs: [Kernels.RatingRun] = []
    runs.reserveCapacity((0..<positions.count).count { next[$0] > 0 })
    var place: UInt32 = 0
    for user in 0..<positions.count {
      let size = next[user]
      next[user] = place
      guard size > 0 else { continue }
      runs.append(Kernels.RatingRun(user: UInt32(positions.lowerBound + user), count: size))
      place += size
    }
    unsorted.initialize(from: cells, count: count)
    for row in 0..<count {
      let user = Int(userOf[row])
      cells[Int(next[user])] = unsorted[row]
      next[user] &+= 1
    }
    return runs
  }
}

extension RatingGrid.Block {
  /// A block of these runs, the first of which is number `first`, cut into parts: each of the next users until its share
  /// of the ratings is done.
  fileprivate init(runs: [Kernels.RatingRun], from first: Int, cells: Range<Int>) {
    self.init(runs: first..<first + runs.count, cells: cells)
    var (run, done) = (0, 0)
    for part in 1...Kernels.parts {
      let (firstRun, doneBefore) = (run, done)
      while run < runs.count, done * Kernels.parts < cells.count * part {
        done += Int(runs[run].count)
        run += 1
      }
      runCounts.append(run - firstRun)
      cellCounts.append(done - doneBefore)
    }
  }
}

/// Where each user, or item, is in a grid: its block, and its place in the block, in 32 bits, so that the table of half a
/// million users stays in the second-level cache.
private struct GridPlaces: Sendable {
  private let packed: [UInt32]
  private let placeBits: UInt32

  init(_ partition: GridPartition) {
    let largest = (0..<partition.blockCount).reduce(1) { max($0, partition.block($1).count) }
    placeBits = UInt32(UInt32.bitWidth - UInt32(largest - 1).leadingZeroBitCount)
    precondition(
      partition.blockCount << Int(placeBits) <= 1 << 32,
      "\(partition.blockCount) blocks of up to \(largest) do not fit 32 bits")
    var packed = [UInt32](repeating: 0, count: partition.order.count)
    for block in 0..<partition.blockCount {
      let positions = partition.block(block)
      for position in positions {
        packed[Int(partition.order[position])] = UInt32(block) << placeBits | UInt32(position - positions.lowerBound)
      }
    }
    self.packed = packed
  }

  /// The table in memory.
  struct Reader {
    fileprivate let packed: UnsafePointer<UInt32>
    fileprivate let placeBits: UInt32

    @inline(__always)
    subscript(index: UInt32) -> (block: Int, place: UInt32) {
      let value = packed[Int(index)]
      return (Int(value &>> placeBits), value & (1 &<< placeBits &- 1))
    }
  }

  @inline(__always)
  func withReader<Result>(_ body: (Reader) -> Result) -> Result {
    packed.withUnsafeBufferPointer { packed in
      // A partition of no indices is never asked.
      guard let packed = packed.baseAddress else { preconditionFailure("a grid has users and items") }
      return body(Reader(packed: packed, placeBits: placeBits))
    }
  }
}

extension RatingDataset {
  /// The number of ratings of each user and of each item.
  ///
  /// - Complexity: O(ratings), in parallel.
  func ratingCounts(_ pieces: [Range<Int>], threads: Int?) -> (users: [UInt32], items: [UInt32]) {
    let parts = withUnsafeColumns { columns in
      nonisolated(unsafe) let columns = columns
      return Parallel.map(pieces.count, threads: threads) { piece in
        var users = [UInt32](repeating: 0, count: userCount)
        var items = [UInt32](repeating: 0, count: itemCount)
        users.withUnsafeMutableBufferPointer { users in
          items.withUnsafeMutableBufferPointer { items in
            for row in pieces[piece] {
              users[Int(columns.users[row])] &+= 1
              items[Int(columns.items[row])] &+= 1
            }
          }
        }
        return (users, items)
      }
    }
    var total = parts.first ?? ([UInt32](repeating: 0, count: userCount), [UInt32](repeating: 0, count: itemCount))
    for part in parts.dropFirst() {
      for user in part.0.indices { total.0[user] += part.0[user] }
      for item in part.1.indices { total.1[item] += part.1[item] }
    }
    return total
  }
}

extension Parallel {
  /// Rows in one piece for each thread, at most eight: for work whose result does not depend on the pieces.
  static func rowPieces(_ count: Int, threads: Int?) -> [Range<Int>] {
    let pieces = max(1, min(threads ?? availableThreads, 8, count / 10_000))
    return (0..<pieces).map { count * $0 / pieces..<count * ($0 + 1) / pieces }
  }
}
