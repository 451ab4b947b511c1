// The loops for AVX-512 (F, DQ, VL, BW): 16 floats are one register.
#include "tables.h"
#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push( \
  __attribute__((target("avx2,fma,avx512f,avx512dq,avx512vl,avx512bw"))), apply_to = function)

typedef __m512 v16;
typedef struct d16 { __m512d low, high; } d16;

#define ROWS_IN_REGISTERS
#define LARGE_TILES

INLINE v16 v16_set1(float x) { return _mm512_set1_ps(x); }
INLINE v16 v16_load(const float *p) { return _mm512_loadu_ps(p); }
INLINE v16 v16_load_part(const float *p, size_t count) {
  return _mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), p);
}
INLINE void v16_store(float *p, v16 x) { _mm512_storeu_ps(p, x); }
INLINE v16 v16_mul(v16 a, v16 b) { return _mm512_mul_ps(a, b); }
INLINE v16 v16_add(v16 a, v16 b) { return _mm512_add_ps(a, b); }
INLINE v16 v16_max(v16 a, v16 b) { return _mm512_max_ps(a, b); }
INLINE v16 v16_fma(v16 a, v16 b, v16 c) { return _mm512_fmadd_ps(a, b, c); }
INLINE float scalar_fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }

INLINE float v16_sum(v16 x) {
  __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(x), _mm512_extractf32x8_ps(x, 1));
  __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

INLINE void v16_sum2(v16 x, v16 y, float *x_sum, float *y_sum) {
  __m512 eights = _mm512_add_ps(_mm512_shuffle_f32x4(x, y, 0x44), _mm512_shuffle_f32x4(x, y, 0xEE));
  __m256 xs = _mm512_castps512_ps256(eights), ys = _mm512_extractf32x8_ps(eights, 1);
  __m256 fours = _mm256_add_ps(_mm256_permute2f128_ps(xs, ys, 0x20), _mm256_permute2f128_ps(xs, ys, 0x31));
  __m256 twos = _mm256_add_ps(fours, _mm256_permute_ps(fours, 0x4E));
  __m256 ones = _mm256_add_ps(twos, _mm256_movehdup_ps(twos));
  *x_sum = _mm256_cvtss_f32(ones);
  *y_sum = _mm_cvtss_f32(_mm256_extractf128_ps(ones, 1));
}

INLINE d16 d16_zero(void) { return (d16){_mm512_setzero_pd(), _mm512_setzero_pd()}; }
INLINE d16 d16_add_squares(d16 sums, const double *predictions, const float *ratings) {
  __m512d low = _mm512_sub_pd(_mm512_cvtps_pd(_mm256_loadu_ps(ratings)), _mm512_loadu_pd(predictions));
  __m512d high = _mm512_sub_pd(_mm512_cvtps_pd(_mm256_loadu_ps(ratings + 8)), _mm512_loadu_pd(predictions + 8));
  return (d16){
    _mm512_add_pd(sums.low, _mm512_mul_pd(low, low)), _mm512_add_pd(sums.high, _mm512_mul_pd(high, high))};
}
INLINE double d16_sum(d16 x) {
  __m512d eight = _mm512_add_pd(x.low, x.high);
  __m256d four = _mm256_add_pd(_mm512_castpd512_pd256(eight), _mm512_extractf64x4_pd(eight, 1));
  __m128d two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));
  return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
}

// Lane i is lane (i + k) mod 16 of x; k is a constant.
#define v16_rotate(x, k) _mm512_castsi512_ps(_mm512_alignr_epi32(_mm512_castps_si512(x), _mm512_castps_si512(x), k))
// The lanes of b whose bits are 1, of a where they are 0.
#define v16_blend(bits, a, b) _mm512_mask_blend_ps((__mmask16)(bits), a, b)

#define SHORT_PRODUCTS(a, b) (ints)_mm512_madd_epi16((__m512i)(a), (__m512i)(b))
#define ADD_ONE_WHERE(x, bits, least)                                                                                 \
  (shorts)_mm512_mask_sub_epi16(                                                                                      \
    (__m512i)(x), _mm512_cmpge_epi16_mask((__m512i)(bits), _mm512_set1_epi16(least)), (__m512i)(x),                   \
    _mm512_set1_epi16(-1))

#include "loops.h"
#include "loops_least_squares.h"
#include "loops_bayesian.h"

#pragma clang attribute pop

KERNEL_TABLE(rk_avx512_kernels, "avx512");
#else
typedef int rk_no_avx512;  // A file of C needs a declaration.
#endif
