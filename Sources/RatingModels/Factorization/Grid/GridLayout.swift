import RatingData
import RatingNumerics

/// Where each rating goes in a grid: a counting sort by (user block, item block, user).
///
/// Threads share the rows in pieces. Ratings of the same user and item block keep the order of the data set, so the
/// layout is the same for any number of pieces.
struct GridLayout: ~Copyable {
  private let users: GridPartition
  private let items: GridPartition
  private let pieces: [Range<Int>]
  /// For each piece, user position and item block: the number of ratings, then the place of the next one.
  private let next: Counters
  let runs: [Kernels.RatingRun]
  let blocks: [RatingGrid.Block]

  init(
    _ dataset: RatingDataset, _ users: GridPartition, _ items: GridPartition, _ pieces: [Range<Int>], threads: Int?
  ) {
    let next = Counters(pieces: pieces.count, count: users.positions.count * items.blockCount)
    Self.count(dataset, users, items, pieces, next, threads: threads)
    let blocks = Self.blocks(users, items, next, threads: threads)
    runs = Self.place(blocks, users, items, next, threads: threads)
    self.blocks = Self.inParts(blocks, runs)
    (self.users, self.items, self.pieces, self.next) = (users, items, pieces, next)
  }

  private static func count(
    _ dataset: RatingDataset, _ users: GridPartition, _ items: GridPartition, _ pieces: [Range<Int>], _ next: Counters,
    threads: Int?
  ) {
    let places = items.places
    dataset.withUnsafeColumns { columns in
      places.withUnsafeBufferPointer { places in
        users.positions.withUnsafeBufferPointer { positions in
          nonisolated(unsafe) let (columns, places, positions) = (columns, places, positions)
          Parallel.forEach(pieces.count, threads: threads) { piece in
            let counts = next.piece(piece)
            for row in pieces[piece] {
              let position = Int(positions[Int(columns.users[row])])
              counts[position * items.blockCount + Int(places[Int(columns.items[row])] >> 16)] &+= 1
            }
          }
        }
      }
    }
  }

  /// The blocks without their parts.
  private static func blocks(
    _ users: GridPartition, _ items: GridPartition, _ next: Counters, threads: Int?
  ) -> [RatingGrid.Block] {
    let itemBlocks = items.blockCount
    let sizes = Parallel.map(users.blockCount * itemBlocks, threads: threads) { block -> (runs: Int, cells: Int) in
      var (runs, cells) = (0, 0)
      for position in users.block(block / itemBlocks) {
        let count = next.total(position * itemBlocks + block % itemBlocks)
        runs += count > 0 ? 1 : 0
        cells += count
      }
      return (runs, cells)
    }
    var (runs, cells) = (0, 0)
    return sizes.map { size in
      defer { (runs, cells) = (runs + size.runs, cells + size.cells) }
      return RatingGrid.Block(runs: runs..<runs + size.runs, cells: cells..<cells + size.cells)
    }
  }

  /// Turns counts into places, and returns the runs.
  private static func place(
    _ blocks: [RatingGrid.Block], _ users: GridPartition, _ items: GridPartition, _ next: Counters, threads: Int?
  ) -> [Kernels.RatingRun] {
    let (itemBlocks, total) = (items.blockCount, blocks.last?.runs.upperBound ?? 0)
    return [Kernels.RatingRun](unsafeUninitializedCapacity: total) { buffer, initialized in
      nonisolated(unsafe) let runs = buffer
      Parallel.forEach(blocks.count, threads: threads) { block in
        var (run, cell) = (blocks[block].runs.lowerBound, blocks[block].cells.lowerBound)
        for position in users.block(block / itemBlocks) {
          let count = next.place(position * itemBlocks + block % itemBlocks, from: cell)
          guard count > 0 else { continue }
          runs.initializeElement(at: run, to: Kernels.RatingRun(user: UInt32(position), count: UInt32(count)))
          run += 1
          cell += count
        }
      }
      initialized = total
    }
  }

  /// The blocks with their parts, each of the next users until its share of the ratings is done.
  private static func inParts(_ blocks: [RatingGrid.Block], _ runs: [Kernels.RatingRun]) -> [RatingGrid.Block] {
    blocks.map { block in
      var block = block
      var (run, done) = (block.runs.lowerBound, 0)
      for part in 1...Kernels.parts {
        let (firstRun, doneBefore) = (run, done)
        while run < block.runs.upperBound, done * Kernels.parts < block.cells.count * part {
          done += Int(runs[run].count)
          run += 1
        }
        block.runCounts.append(run - firstRun)
        block.cellCounts.append(done - doneBefore)
      }
      return block
    }
  }

  /// The ratings in their places, and room to read ahead. Uses the layout up.
  consuming func cells(_ dataset: RatingDataset, _ codes: RatingCodes, threads: Int?) -> [Kernels.RatingCell] {
    let (places, positions, pieces, next, itemBlocks) = (items.places, users.positions, pieces, next, items.blockCount)
    return [Kernels.RatingCell](unsafeUninitializedCapacity: dataset.count + Kernels.readAhead) { buffer, initialized in
      nonisolated(unsafe) let cells = buffer.baseAddress!
      LargePages.advise(cells, byteCount: buffer.count * MemoryLayout<Kernels.RatingCell>.stride)
      dataset.withUnsafeColumns { columns in
        places.withUnsafeBufferPointer { places in
          positions.withUnsafeBufferPointer { positions in
            nonisolated(unsafe) let (columns, places, positions) = (columns, places, positions)
            Parallel.forEach(pieces.count, threads: threads) { piece in
              let next = next.piece(piece)
              codes.withCoder { coder in
                for row in pieces[piece] {
                  let place = places[Int(columns.items[row])]
                  let key = Int(positions[Int(columns.users[row])]) * itemBlocks + Int(place >> 16)
                  cells[Int(next[key])] = Kernels.RatingCell(
                    item: UInt16(truncatingIfNeeded: place), value: coder.code(columns.ratings[row]))
                  next[key] &+= 1
                }
              }
            }
          }
        }
      }
      (cells + dataset.count).initialize(repeating: Kernels.RatingCell(item: 0, value: 0), count: Kernels.readAhead)
      initialized = dataset.count + Kernels.readAhead
    }
  }

  /// A table of numbers for each piece. Unchecked: pieces, and blocks, write entries of their own.
  private final class Counters: @unchecked Sendable {
    private let memory: UnsafeMutablePointer<UInt32>
    private let pieces: Int
    private let count: Int

    init(pieces: Int, count: Int) {
      self.pieces = pieces
      self.count = count
      memory = .allocate(capacity: max(pieces * count, 1))
      LargePages.advise(memory, byteCount: pieces * count * MemoryLayout<UInt32>.stride)
      memory.initialize(repeating: 0, count: pieces * count)
    }

    deinit { memory.deallocate() }

    func piece(_ piece: Int) -> UnsafeMutablePointer<UInt32> { memory + piece * count }

    func total(_ key: Int) -> Int {
      var sum = 0
      for piece in 0..<pieces { sum += Int(memory[piece * count + key]) }
      return sum
    }

    /// Replaces the counts of a key by places from `start` on, piece after piece, and returns their total.
    func place(_ key: Int, from start: Int) -> Int {
      var end = start
      for piece in 0..<pieces {
        let size = Int(memory[piece * count + key])
        memory[piece * count + key] = UInt32(end)
        end += size
      }
      return end - start
    }
  }
}

extension GridPartition {
  /// For each index the number of its block and, in the low 16 bits, its place in the block.
  fileprivate var places: [UInt32] {
    var places = [UInt32](repeating: 0, count: order.count)
    for block in 0..<blockCount {
      for position in self.block(block) {
        places[Int(order[position])] = UInt32(block) << 16 | UInt32(position - starts[block])
      }
    }
    return places
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
