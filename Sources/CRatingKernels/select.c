// Which instruction sets this processor and its operating system can run.
#include "tables.h"

const rk_kernels *_Nullable rk_kernels_for(rk_instruction_set set) {
  switch (set) {
    case RK_PORTABLE: return &rk_portable_kernels;
#if defined(__aarch64__)
    case RK_NEON: return &rk_neon_kernels;  // Part of every 64-bit Arm processor.
#endif
#if defined(__x86_64__)
    // These ask the operating system too: whether it saves the wide registers.
    case RK_AVX2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &rk_avx2_kernels : NULL;
    case RK_AVX512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
          && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("fma")
        ? &rk_avx512_kernels
        : NULL;
#endif
    default: return NULL;
  }
}
