/// What can go wrong in numerics.
public enum NumericsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// `RATINGBENCH_ISA` names no instruction set.
  case unknownInstructionSet(found: String, available: [InstructionSet])
  /// `RATINGBENCH_ISA` names an instruction set that this processor or operating system lacks.
  case unsupportedInstructionSet(InstructionSet, available: [InstructionSet])
  /// A symmetric matrix of `size` rows has no Cholesky factor: its leading minor of order `order` is not positive.
  case notPositiveDefinite(order: Int, size: Int)

  /// A stable name for scripts.
  public var code: String {
    switch self {
    case .unknownInstructionSet: "unknown-instruction-set"
    case .unsupportedInstructionSet: "unsupported-instruction-set"
    case .notPositiveDefinite: "not-positive-definite"
    }
  }

  public var description: String {
    switch self {
    case .unknownInstructionSet(let found, let available):
      "\(Kernels.variable) is '\(found)', which is no instruction set; use \(Self.choice(available)), or unset it"
    case .unsupportedInstructionSet(let set, let available):
      "\(Kernels.variable) is '\(set)', which this machine can't run; use \(Self.choice(available)), or unset it"
    case .notPositiveDefinite(let order, let size):
      """
      a symmetric matrix of \(size) rows is not positive definite: its leading minor of order \(order) is not positive; \
      a larger regularization makes it so, unless its elements are not finite
      """
    }
  }

  private static func choice(_ sets: [InstructionSet]) -> String {
    sets.map(\.rawValue).joined(separator: ", ")
  }
}
