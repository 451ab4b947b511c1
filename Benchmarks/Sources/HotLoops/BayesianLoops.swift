import CPlainLoops
import RatingBench
@_spi(Benchmarks) import RatingNumerics

extension HotLoop {
  // MARK: Gibbs sweeps

  /// Whole sweeps of users and items with 32 factors.
  static func gibbsSweep(threads: Int) -> HotLoop {
    sweep(
      "gibbs-sweep-32", BayesianMatrixFactorization(factors: 32, sweeps: sweeps, thinning: sweeps), threads: threads)
  }

  /// Whole sweeps of the richest published design, whose features are drawn one after the other, with 10 factors.
  static func flippedGibbsSweep(threads: Int) -> HotLoop {
    sweep("gibbs-sweep-flipped-10", BayesianTimeSVDPlusPlusFlipped(sweeps: sweeps, thinning: sweeps), threads: threads)
  }

  /// More than a benchmark runs, none of which keeps a sample.
  private static let sweeps = 1_000_000

  private static func sweep(_ name: String, _ recipe: some IterativeAlgorithm, threads: Int) -> HotLoop {
    training("\(name)-\(threads)-thread\(threads == 1 ? "" : "s")", recipe, threads: threads)
  }

  /// The same users and items in C, a factor after the other with stored residuals, without biases and with draws and
  /// prior for nothing: what one writes first.
  static let plainGibbsSweep = HotLoop("gibbs-sweep-32-plain", unitsPerRun: Contest.training.count) {
    let model = PlainSampler(factors: 32)
    return { consume(model.sweep()) }
  }
}

/// Unchecked: one thread at a time runs on it.
private final class PlainSampler: @unchecked Sendable {
  private struct Side {
    var starts: [Int]
    var others: [UInt32] = []
    var places: [UInt32] = []
    var factors: [Float]
    let normals: [Float]

    init(
      _ keys: UnsafeBufferPointer<UInt32>, _ others: UnsafeBufferPointer<UInt32>, rows: Int, factors: Int, index: UInt64
    ) {
      let order = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
      starts = [Int](repeating: 0, count: rows + 1)
      for key in keys { starts[Int(key) + 1] += 1 }
      for row in 0..<rows { starts[row + 1] += starts[row] }
      self.others = order.map { others[$0] }
      places = order.map { UInt32($0) }
      self.factors = numbers(rows * factors, index: index)
      normals = numbers(rows * factors, index: index + 1)
    }
  }

  private let count: Int
  private var users: Side
  private var items: Side
  private var residuals: [Float]

  init(factors: Int) {
    count = factors
    let training = Contest.training
    (users, items, residuals) = training.withUnsafeColumns { columns in
      (
        Side(columns.users, columns.items, rows: training.userCount, factors: factors, index: 21),
        Side(columns.items, columns.users, rows: training.itemCount, factors: factors, index: 23),
        columns.ratings.map { $0 - 3.6 }
      )
    }
  }

  func sweep() -> Float {
    Self.draw(&users, items.factors, count, &residuals)
    Self.draw(&items, users.factors, count, &residuals)
    return residuals[0]
  }

  private static func draw(_ side: inout Side, _ others: [Float], _ factors: Int, _ residuals: inout [Float]) {
    plain_gibbs_side(
      side.starts.map { $0 }, side.starts.count - 1, side.others, side.places, &side.factors, others, factors,
      &residuals,
      side.normals, 20)
  }
}
