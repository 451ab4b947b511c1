import RatingData
import RatingNumerics
import Testing

@testable import RatingModels

struct RatingGridTests {
  private let planted = PlantedRatings(users: 300, items: 90, perUser: 40)

  private func grid(_ dataset: RatingDataset, threads: Int = 1, size: Int = 8, seed: Seed = 1) -> RatingGrid {
    RatingGrid(dataset, mean: 0, deviation: 1, seed: seed, threads: threads, size: size)
  }

  /// (user, item, rating) of every cell, in the order of the grid.
  private func ratings(_ grid: RatingGrid) -> [[UInt32]] {
    grid.blocks.indices.flatMap { number -> [[UInt32]] in
      let block = grid.blocks[number]
      var cell = block.cells.lowerBound
      return grid.runs[block.runs].flatMap { run in
        (0..<run.count).map { _ in
          defer { cell += 1 }
          let position = grid.items.starts[number % grid.items.blockCount] + Int(grid.cells[cell].item)
          return [
            grid.users.order[Int(run.user)], grid.items.order[position],
            grid.values[Int(grid.cells[cell].value)].bitPattern,
          ]
        }
      }
    }
  }

  @Test func everyRatingIsInTheGridOnceAndInItsBlock() {
    for (dataset, size) in [(planted.train, 8), (planted.train, 3), (planted.train, 1), (planted.train, 500)] {
      let grid = grid(dataset, size: size)
      let expected = dataset.withUnsafeColumns { columns in
        columns.users.indices.map { [columns.users[$0], columns.items[$0], columns.ratings[$0].bitPattern] }
      }
      #expect(
        ratings(grid).sorted { $0.lexicographicallyPrecedes($1) }
          == expected.sorted { $0.lexicographicallyPrecedes($1) })
      for (number, block) in grid.blocks.enumerated() {
        let positions = grid.users.block(number / grid.items.blockCount)
        #expect(grid.runs[block.runs].allSatisfy { positions.contains(Int($0.user)) && $0.count > 0 })
        #expect(grid.runs[block.runs].reduce(0) { $0 + Int($1.count) } == block.cells.count)
        var run = block.runs.lowerBound
        for (runs, cells) in zip(block.runCounts, block.cellCounts) {
          #expect(grid.runs[run..<run + runs].reduce(0) { $0 + Int($1.count) } == cells)
          run += runs
        }
        #expect(run == block.runs.upperBound && block.runCounts.count == Kernels.parts)
      }
    }
  }

  @Test func theGridDoesNotDependOnThreads() {
    // More rows than a piece has at least, so that there are several.
    let large = PlantedRatings(users: 1_000, items: 200, perUser: 60).train
    let one = grid(large)
    for threads in [2, 4, 64] {
      let other = grid(large, threads: threads)
      #expect(ratings(one) == ratings(other))
      #expect(one.runs.map(\.user) == other.runs.map(\.user))
      #expect(one.blocks.map(\.cells) == other.blocks.map(\.cells))
    }
    #expect(ratings(one) != ratings(grid(large, seed: 2)))
  }

  @Test func blocksHaveAboutEqualNumbersOfRatings() {
    // One item has half of all ratings; the others are cut around it.
    let counts: [UInt32] = [5_000] + Array(repeating: 50, count: 100)
    let partition = GridPartition(counts: counts, blocks: 8, seed: 1, purpose: "test")
    #expect(partition.blockCount == 8)
    #expect(partition.starts.first == 0 && partition.starts.last == counts.count)
    let sizes = (0..<8).map { block in partition.block(block).reduce(0) { $0 + Int(counts[Int(partition.order[$1])]) } }
    #expect(sizes.reduce(0, +) == 10_000)
    #expect(sizes.filter { $0 <= 1_300 }.count >= 7)
    #expect(partition.order.sorted() == Array(0..<101))
    #expect(partition.order.indices.allSatisfy { partition.positions[Int(partition.order[$0])] == $0 })
  }

  @Test func noBlockIsTooLargeForItsIndices() {
    let partition = GridPartition(
      counts: [UInt32](repeating: 1, count: 1_000), blocks: 2, seed: 1, purpose: "test", largestBlock: 64)
    #expect((0..<partition.blockCount).allSatisfy { partition.block($0).count <= 64 })
    #expect((0..<partition.blockCount).reduce(0) { $0 + partition.block($1).count } == 1_000)
    // Items without any rating are still somewhere.
    let unrated = GridPartition(
      counts: [UInt32](repeating: 0, count: 200), blocks: 4, seed: 1, purpose: "test", largestBlock: 64)
    #expect((0..<unrated.blockCount).allSatisfy { unrated.block($0).count <= 64 })
    #expect(unrated.starts.last == 200)
  }

  @Test func anEpochVisitsEveryBlockOnceAndBlocksThatShareRowsOneAfterTheOther() {
    let grid = grid(planted.train)
    let (blocks, predecessors) = grid.order(seed: 1, epoch: 1)
    #expect(blocks.sorted() == Array(0..<64))
    for (place, block) in blocks.enumerated() {
      let earlier = blocks[..<place]
      #expect(predecessors[place].0 == (earlier.lastIndex { $0 / 8 == block / 8 } ?? -1))
      #expect(predecessors[place].1 == (earlier.lastIndex { $0 % 8 == block % 8 } ?? -1))
    }
    #expect(grid.order(seed: 1, epoch: 2).blocks != blocks)
    #expect(grid.order(seed: 1, epoch: 1).blocks == blocks)
  }

  @Test func ratingsKeepTheirValueOrTheNearestOfManyLevels() {
    let halves = (0..<10_000).map { Float($0 % 9) / 2 + 0.5 }
    let codes = halves.withUnsafeBufferPointer { RatingCodes($0, threads: 2) }
    #expect(codes.values == (0..<9).map { Float($0) / 2 + 0.5 })
    #expect(halves.allSatisfy { codes.values[Int(codes.code($0))] == $0 })

    var stream = RandomStream(seed: 1, purpose: "test")
    let many = (0..<200_000).map { _ in Float(stream.uniform() * 4 + 1) }
    let levels = many.withUnsafeBufferPointer { RatingCodes($0, threads: 2) }
    #expect(levels.values.count == RatingCodes.most)
    let range = (many.max()! - many.min()!)
    #expect(many.allSatisfy { abs(levels.values[Int(levels.code($0))] - $0) <= range / 131_000 })
  }

  @Test func momentsAgreeWithTheirDefinition() {
    let ratings = (0..<150_003).map { Float(($0 * 7) % 10) / 2 + 0.5 }
    let dataset = RatingDataset(
      users: ratings.indices.map { Identifier(Int64($0 % 997)) },
      items: ratings.indices.map { Identifier(Int64($0 / 997)) },
      ratings: ratings)
    let mean = ratings.reduce(0.0) { $0 + Double($1) } / Double(ratings.count)
    let variance = ratings.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(ratings.count)
    let moments = RatingMoments(dataset, threads: 2)
    #expect(abs(moments.mean - mean) < 1e-12 && abs(moments.deviation - variance.squareRoot()) < 1e-12)
    let constant = RatingDataset(users: [1, 2], items: [1, 2], ratings: [3, 3])
    #expect(RatingMoments(constant, threads: 1).deviation == 1)
  }
}
