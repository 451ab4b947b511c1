import RatingNumerics

/// Users, or items, put in a random order and cut into blocks of about equal numbers of ratings.
struct GridPartition: Sendable {
  /// The largest number of users or items in a block, so that a place in a block fits 16 bits.
  static let largestBlock = 1 << 16

  /// The number of ratings of each index.
  let counts: [UInt32]
  /// The position of each index.
  let positions: [UInt32]
  /// The index at each position.
  let order: [UInt32]
  /// The first position of each block, and the end of the last one.
  let starts: [Int]

  var blockCount: Int { starts.count - 1 }

  /// The positions of a block.
  func block(_ number: Int) -> Range<Int> { starts[number]..<starts[number + 1] }

  /// - Parameters:
  ///   - counts: the number of ratings of each index.
  ///   - blocks: how many blocks to make; more are made where one would be larger than `largestBlock`. Some may be
  ///     empty, where few indices have nearly all ratings.
  /// - Complexity: O(indices).
  init(counts: [UInt32], blocks: Int, seed: Seed, purpose: StreamPurpose, largestBlock: Int = Self.largestBlock) {
    var order = Array(0..<UInt32(counts.count))
    var stream = RandomStream(seed: seed, purpose: purpose)
    stream.shuffle(&order)
    var positions = [UInt32](repeating: 0, count: counts.count)
    for (position, index) in order.enumerated() { positions[Int(index)] = UInt32(position) }

    let total = counts.reduce(0) { $0 + Int($1) }
    var (starts, sum, cuts) = ([0], 0, 1)
    for (position, index) in order.enumerated() {
      if position - starts[starts.count - 1] == largestBlock { starts.append(position) }
      sum += Int(counts[Int(index)])
      while cuts < blocks, sum * blocks >= cuts * total {
        starts.append(position + 1)
        cuts += 1
      }
    }
    starts += Array(repeating: order.count, count: blocks - cuts + 1)
    self.counts = counts
    self.positions = positions
    self.order = order
    self.starts = starts
  }
}
