import CRatingKernels

/// The processor's instructions that the kernels are compiled for. Every one gives the same bytes; they differ in speed.
public enum InstructionSet: String, CaseIterable, Hashable, Sendable, CustomStringConvertible {
  /// Plain C, on every processor.
  case portable
  /// 128-bit vectors: every 64-bit Arm processor.
  case neon
  /// 256-bit vectors and fused multiply-add: x86-64 since 2013.
  case avx2
  /// 512-bit vectors (F, DQ, VL, BW).
  case avx512

  public var description: String { rawValue }

  var kernels: UnsafePointer<rk_kernels>? {
    switch self {
    case .portable: rk_kernels_for(RK_PORTABLE)
    case .neon: rk_kernels_for(RK_NEON)
    case .avx2: rk_kernels_for(RK_AVX2)
    case .avx512: rk_kernels_for(RK_AVX512)
    }
  }
}
