// The loops for AVX2 with FMA: 16 floats are two registers.
#include "tables.h"
#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

typedef struct v16 { __m256 low, high; } v16;
typedef struct d16 { __m256d part[4]; } d16;

#define ROWS_IN_REGISTERS

INLINE v16 v16_set1(float x) { return (v16){_mm256_set1_ps(x), _mm256_set1_ps(x)}; }
INLINE v16 v16_load(const float *p) { return (v16){_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)}; }
INLINE v16 v16_load_part(const float *p, size_t count) {
  float lanes[16] = {0};
  for (size_t i = 0; i < count; i++) lanes[i] = p[i];
  return v16_load(lanes);
}
INLINE void v16_store(float *p, v16 x) {
  _mm256_storeu_ps(p, x.low);
  _mm256_storeu_ps(p + 8, x.high);
}
INLINE v16 v16_mul(v16 a, v16 b) { return (v16){_mm256_mul_ps(a.low, b.low), _mm256_mul_ps(a.high, b.high)}; }
INLINE v16 v16_add(v16 a, v16 b) { return (v16){_mm256_add_ps(a.low, b.low), _mm256_add_ps(a.high, b.high)}; }
INLINE v16 v16_max(v16 a, v16 b) { return (v16){_mm256_max_ps(a.low, b.low), _mm256_max_ps(a.high, b.high)}; }
INLINE v16 v16_fma(v16 a, v16 b, v16 c) {
  return (v16){_mm256_fmadd_ps(a.low, b.low, c.low), _mm256_fmadd_ps(a.high, b.high, c.high)};
}
INLINE float scalar_fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }

INLINE float v16_sum(v16 x) {
  __m256 eight = _mm256_add_ps(x.low, x.high);
  __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

INLINE void v16_sum2(v16 x, v16 y, float *x_sum, float *y_sum) {
  __m256 xs = _mm256_add_ps(x.low, x.high), ys = _mm256_add_ps(y.low, y.high);
  __m256 fours = _mm256_add_ps(_mm256_permute2f128_ps(xs, ys, 0x20), _mm256_permute2f128_ps(xs, ys, 0x31));
  __m256 twos = _mm256_add_ps(fours, _mm256_permute_ps(fours, 0x4E));
  __m256 ones = _mm256_add_ps(twos, _mm256_movehdup_ps(twos));
  *x_sum = _mm256_cvtss_f32(ones);
  *y_sum = _mm_cvtss_f32(_mm256_extractf128_ps(ones, 1));
}

INLINE d16 d16_zero(void) {
  return (d16){{_mm256_setzero_pd(), _mm256_setzero_pd(), _mm256_setzero_pd(), _mm256_setzero_pd()}};
}
INLINE d16 d16_add_squares(d16 sums, const double *predictions, const float *ratings) {
  UNROLL for (int j = 0; j < 4; j++) {
    __m256d error = _mm256_sub_pd(_mm256_cvtps_pd(_mm_loadu_ps(ratings + 4 * j)), _mm256_loadu_pd(predictions + 4 * j));
    sums.part[j] = _mm256_add_pd(sums.part[j], _mm256_mul_pd(error, error));
  }
  return sums;
}
INLINE double d16_sum(d16 x) {
  __m256d low = _mm256_add_pd(x.part[0], x.part[2]), high = _mm256_add_pd(x.part[1], x.part[3]);
  __m256d four = _mm256_add_pd(low, high);
  __m128d two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));
  return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
}

#define SHORT_PRODUCTS(a, b)                                                                                          \
  __builtin_shufflevector(                                                                                            \
    (eight_ints)_mm256_madd_epi16((__m256i)(a).lo, (__m256i)(b).lo),                                                  \
    (eight_ints)_mm256_madd_epi16((__m256i)(a).hi, (__m256i)(b).hi), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, \
    15)
typedef int32_t eight_ints __attribute__((ext_vector_type(8)));

#include "loops.h"
#include "loops_least_squares.h"
#include "loops_bayesian.h"

#pragma clang attribute pop

KERNEL_TABLE(rk_avx2_kernels, "avx2");
#else
typedef int rk_no_avx2;  // A file of C needs a declaration.
#endif
