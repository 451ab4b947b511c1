// What the kernels_*.c files share: the tables that they define, and the settings that every loop is compiled with.
#ifndef RK_TABLES_H
#define RK_TABLES_H

#include "CRatingKernels.h"

extern const rk_kernels rk_portable_kernels;
#if defined(__x86_64__)
extern const rk_kernels rk_avx2_kernels, rk_avx512_kernels;
#endif
#if defined(__aarch64__)
extern const rk_kernels rk_neon_kernels;
#endif

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

// The compiler may not merge a product and a sum of its own accord: it could on one instruction set and not on another.
#pragma STDC FP_CONTRACT OFF

#endif
