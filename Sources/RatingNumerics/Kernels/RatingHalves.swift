import CRatingKernels

/// Some ratings as the kernels learn from them, in two halves: for self-tests, tests and benchmarks.
@_spi(Benchmarks)
public struct RatingHalves: Sendable {
  private let runs: [rk_run]
  private let cells: [rk_cell]
  private let values: [Float]
  private let firstRuns: Int
  private let firstCells: Int

  /// - Precondition: items are below 65,536, and there are no more different ratings.
  public init(_ first: [rk_rating], _ second: [rk_rating] = []) {
    var values: [Float] = []
    var runs: [rk_run] = []
    let halves = [first, second].map { half in
      let start = runs.count
      return half.map { rating in
        if runs.count > start, runs[runs.count - 1].user == rating.user {
          runs[runs.count - 1].count += 1
        } else {
          runs.append(rk_run(user: rating.user, count: 1))
        }
        if !values.contains(rating.rating) { values.append(rating.rating) }
        return rk_cell(item: UInt16(rating.item), value: UInt16(values.firstIndex(of: rating.rating)!))
      }
    }
    firstCells = first.count
    var left = first.count
    firstRuns =
      runs.prefix { run in
        defer { left -= Int(run.count) }
        return left > 0
      }.count
    self.runs = runs
    self.values = values
    cells = halves[0] + halves[1] + [rk_cell](repeating: rk_cell(item: 0, value: 0), count: Int(RK_READ_AHEAD))
  }

  public func withBlock<Result>(_ body: (UnsafePointer<rk_block>) -> Result) -> Result {
    runs.withUnsafeBufferPointer { runs in
      cells.withUnsafeBufferPointer { cells in
        // An empty table has no address; a block of no ratings reads none.
        (values.isEmpty ? [0] : values).withUnsafeBufferPointer { values in
          let start = runs.baseAddress ?? UnsafePointer(bitPattern: MemoryLayout<rk_run>.alignment)!
          let block = rk_block(
            runs: start, first_run_count: firstRuns, run_count: runs.count, cells: cells.baseAddress!,
            first_cell_count: firstCells, values: values.baseAddress!)
          return withUnsafePointer(to: block, body)
        }
      }
    }
  }
}
