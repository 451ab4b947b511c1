import CRatingKernels

/// Some ratings as the kernels learn from them, in parts: for self-tests, tests and benchmarks.
@_spi(Benchmarks)
public struct RatingParts: Sendable {
  private var runs: [rk_run] = []
  private var cells: [rk_cell] = []
  private var values: [Float] = [0]
  private var runCounts: [Int] = []
  private var cellCounts: [Int] = []

  /// - Precondition: at most four parts, which share no user; items are below 65,536, and so is the number of different
  ///   ratings.
  public init(_ parts: [rk_rating]...) {
    precondition(parts.count <= Kernels.parts, "a block has \(Kernels.parts) parts, got \(parts.count)")
    for part in parts + Array(repeating: [], count: Kernels.parts - parts.count) {
      let start = runs.count
      for rating in part {
        if runs.count > start, runs[runs.count - 1].user == rating.user {
          runs[runs.count - 1].count += 1
        } else {
          runs.append(rk_run(user: rating.user, count: 1))
        }
        if !values.contains(rating.rating) { values.append(rating.rating) }
        cells.append(rk_cell(item: UInt16(rating.item), value: UInt16(values.firstIndex(of: rating.rating)!)))
      }
      runCounts.append(runs.count - start)
      cellCounts.append(part.count)
    }
    cells += [rk_cell](repeating: rk_cell(item: 0, value: 0), count: Kernels.readAhead)
    // So that an empty block has an address too.
    runs.append(rk_run(user: 0, count: 0))
  }

  public func withBlock<Result>(_ body: (UnsafePointer<rk_block>) -> Result) -> Result {
    runs.withUnsafeBufferPointer { runs in
      cells.withUnsafeBufferPointer { cells in
        values.withUnsafeBufferPointer { values in
          let block = Kernels.RatingBlock(
            runs: runs.baseAddress!, runCounts: runCounts, cells: cells.baseAddress!, cellCounts: cellCounts,
            values: values.baseAddress!)
          return withUnsafePointer(to: block, body)
        }
      }
    }
  }
}

extension Kernels.RatingBlock {
  /// - Precondition: there are counts for all parts.
  package init(
    runs: UnsafePointer<rk_run>, runCounts: [Int], cells: UnsafePointer<rk_cell>, cellCounts: [Int],
    values: UnsafePointer<Float>
  ) {
    self.init(
      runs: runs, run_counts: (runCounts[0], runCounts[1], runCounts[2], runCounts[3]), cells: cells,
      cell_counts: (cellCounts[0], cellCounts[1], cellCounts[2], cellCounts[3]), values: values)
  }
}
