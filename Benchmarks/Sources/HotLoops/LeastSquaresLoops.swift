import CRatingKernels
import RatingBench
@_spi(Benchmarks) import RatingNumerics

/// Rows of 150 ratings each, and the 1,000 rows of the other side that they refer to, in the second-level cache.
///
/// Unchecked: one thread at a time runs on it.
private final class LeastSquaresMemory: @unchecked Sendable {
  static let rows = 40
  static let ratingsPerRow = 150
  static let ratings = rows * ratingsPerRow
  private static let others = 1000

  let stride: Int
  let indices: [UInt32]
  let values: [Float]
  let side: rk_regressors
  let sums: UnsafeMutablePointer<Float>
  let solution: UnsafeMutablePointer<Float>
  let gathered: UnsafeMutablePointer<Float>
  private let memory: [UnsafeMutablePointer<Float>]

  init(factors: Int) {
    func floats(_ count: Int, index: UInt64) -> UnsafeMutablePointer<Float> {
      let memory = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64)
        .bindMemory(to: Float.self, capacity: count)
      memory.initialize(from: numbers(count, index: index), count: count)
      return memory
    }
    stride = factors
    var stream = RandomStream(seed: Seed(Registry.seed), purpose: "benchmarks.least-squares")
    indices = (0..<Self.ratings).map { _ in UInt32(stream.below(Self.others)) }
    values = numbers(Self.ratings, index: 10)
    memory = [
      floats(Self.others * factors, index: 11), floats(Self.others, index: 12),
      floats(factors * (factors + 2) + 16, index: 13), floats(5 * factors, index: 14),
      floats(Self.ratingsPerRow * factors, index: 15),
    ]
    side = rk_regressors(factors: memory[0], biases: memory[1], stride: factors)
    (sums, solution, gathered) = (memory[2], memory[3], memory[4])
  }

  deinit { for part in memory { part.deallocate() } }

  /// Solves every row by the kernels of one instruction set.
  func solve(_ kernels: KernelSet) {
    let ridge = rk_ridge(factors: 15, bias: 15, has_bias: 1)
    for row in 0..<Self.rows {
      indices.withUnsafeBufferPointer { indices in
        values.withUnsafeBufferPointer { values in
          let start = row * Self.ratingsPerRow
          kernels.normalEquations(
            side, rows: indices.baseAddress! + start, ratings: values.baseAddress! + start, count: Self.ratingsPerRow,
            ahead: Self.ratings - start - Self.ratingsPerRow, into: sums)
        }
      }
      var bias: Float = 0
      consume(
        kernels.solveRidge(
          sums, stride: stride, factors: stride, count: Self.ratingsPerRow, ridge: ridge, solution: solution,
          bias: &bias))
    }
  }

  /// The same systems without biases through BLAS and LAPACK: a copy of the row's factors, syrk, gemv and posv.
  func solveGathered() {
    let (count, size) = (Self.ratingsPerRow, Int32(stride))
    for row in 0..<Self.rows {
      for rating in 0..<count {
        let source = side.factors + Int(indices[row * count + rating]) * stride
        (gathered + rating * stride).update(from: source, count: stride)
      }
      rk_ssyrk(size, Int32(count), 1, gathered, size, 0, sums, size)
      values.withUnsafeBufferPointer {
        rk_sgemv(1, Int32(count), size, 1, gathered, size, $0.baseAddress! + row * count, 0, solution)
      }
      for factor in 0..<stride { sums[factor * stride + factor] += 15 }
      consume(rk_sposv(size, 1, sums, size, solution, size))
    }
  }

  /// Three steps of conjugate gradients for every row.
  func descend(_ kernels: KernelSet) {
    let ridge = rk_ridge(factors: 15, bias: 15, has_bias: 1)
    for row in 0..<Self.rows {
      var bias: Float = 0
      indices.withUnsafeBufferPointer { indices in
        values.withUnsafeBufferPointer { values in
          let start = row * Self.ratingsPerRow
          solution.update(repeating: 0, count: stride)
          kernels.descendRidge(
            side, rows: indices.baseAddress! + start, ratings: values.baseAddress! + start, count: Self.ratingsPerRow,
            ridge: ridge, steps: 3, scratch: gathered, solution: solution, bias: &bias)
        }
      }
      consume(bias)
    }
  }
}

extension HotLoop {
  // MARK: Rows of alternating least squares, all in cache

  /// Normal equations and their solution, with the bias, from the factors where they lie.
  static func leastSquares(_ factors: Int, _ set: InstructionSet) -> HotLoop {
    HotLoop("als-rows-\(factors)-\(set)", unitsPerRun: LeastSquaresMemory.ratings) {
      let (kernels, memory) = (KernelSet(set)!, LeastSquaresMemory(factors: factors))
      return { memory.solve(kernels) }
    }
  }

  /// What one writes with BLAS and LAPACK: gather, syrk, solve.
  static func gatheredLeastSquares(_ factors: Int) -> HotLoop {
    HotLoop("als-rows-\(factors)-gathered", unitsPerRun: LeastSquaresMemory.ratings) {
      let memory = LeastSquaresMemory(factors: factors)
      return { memory.solveGathered() }
    }
  }

  static func conjugateGradients(_ factors: Int, _ set: InstructionSet) -> HotLoop {
    HotLoop("als-cg3-\(factors)-\(set)", unitsPerRun: LeastSquaresMemory.ratings) {
      let (kernels, memory) = (KernelSet(set)!, LeastSquaresMemory(factors: factors))
      return { memory.descend(kernels) }
    }
  }

  /// Whole sweeps as `train` runs them, by the instruction set in use: all items, then all users.
  static func alternatingSweep(threads: Int) -> HotLoop {
    training(
      "als-sweep-64-\(threads)-thread\(threads == 1 ? "" : "s")", AlternatingLeastSquares(factors: 64, sweeps: 100_000),
      threads: threads, rmse: Contest.alternatingError)
  }
}

extension AccuracyComparison {
  static let alternating = AccuracyComparison("rmse of biases / rmse of als") {
    (Contest.alternatingRMSE, Contest.biasesRMSE)
  }
}
