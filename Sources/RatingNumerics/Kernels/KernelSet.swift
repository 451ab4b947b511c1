import CRatingKernels

/// The kernels of one instruction set, for tests and benchmarks. Everything else calls `Kernels`, which has chosen one.
@_spi(Benchmarks)
public struct KernelSet: @unchecked Sendable {
  // Unchecked: the table is a constant of the C target.
  let table: UnsafePointer<rk_kernels>

  public let instructionSet: InstructionSet

  /// Nil where this machine can't run the instruction set.
  public init?(_ instructionSet: InstructionSet) {
    guard let table = instructionSet.kernels else { return nil }
    self.table = table
    self.instructionSet = instructionSet
  }

  /// See `Kernels.dot`.
  public func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int) -> Float {
    table.pointee.dot(a, b, count)
  }

  /// See `Kernels.squaredError`.
  public func squaredError(
    predictions: UnsafePointer<Double>, ratings: UnsafePointer<Float>, count: Int
  ) -> Double {
    table.pointee.squared_error(predictions, ratings, count)
  }

  /// See `Kernels.predict`.
  public func predict(
    _ model: UnsafePointer<rk_biased_factors>, pairs: UnsafePointer<rk_rating>, count: Int,
    into predictions: UnsafeMutablePointer<Float>
  ) {
    table.pointee.predict(model, pairs, count, predictions)
  }

  /// See `Kernels.descend`.
  public func descend(_ model: UnsafePointer<rk_biased_factors>, _ block: UnsafePointer<rk_block>) -> Double {
    table.pointee.sgd_block(model, block)
  }
}
