// The loops in plain C, for every processor: 16 floats are an array.
//
// Where the target always has a fused multiply-add (64-bit Arm), the compiler uses it. Where it need not (x86-64 before
// 2013), a * b + c is computed in double and then rounded to float, which gives the fused result but for two rare cases
// that are seen and put right: several times slower than a plain product and sum, yet the same bytes as elsewhere.
#include "tables.h"
#include <string.h>

typedef struct v16 { float lane[16]; } v16;
typedef struct d16 { double lane[16]; } d16;

// Rounds product + addend to odd: the exact sum's nearest neighbour toward zero, with its last bit set if it is not the
// sum itself. Rounding that to float gives the sum rounded once (Boldo and Melquiond 2008, doi:10.1109/TC.2007.70819).
static double sum_to_odd(double product, double addend) {
  double sum = product + addend;
  double part = sum - product;
  double rest = (product - (sum - part)) + (addend - part);  // Exactly what the sum has lost (Knuth's two-sum).
  uint64_t bits;
  memcpy(&bits, &sum, sizeof bits);
  if (rest != 0 && rest == rest && (bits & 1) == 0) bits += (rest > 0) == (sum > 0) ? 1 : -1;
  memcpy(&sum, &bits, sizeof sum);
  return sum;
}

// 1 where rounding `sum` to float may differ from rounding the exact sum: it lies halfway between two normal floats, or
// below the smallest of them.
INLINE uint32_t is_delicate(double sum) {
  uint64_t bits;
  memcpy(&bits, &sum, sizeof bits);
  uint32_t low = (uint32_t)bits, high = (uint32_t)(bits >> 32) & 0x7fffffff;
  return ((low & 0x1fffffff) == 0x10000000) | ((high != 0) & (high < 0x38100000));
}

float rk_portable_fma(float a, float b, float c) {
  double product = (double)a * (double)b;  // Exact: 24 + 24 bits.
  double sum = product + (double)c;
  return (float)(is_delicate(sum) ? sum_to_odd(product, c) : sum);
}

#ifdef __FP_FAST_FMAF
INLINE float scalar_fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
INLINE v16 v16_fma(v16 a, v16 b, v16 c) {
  for (int i = 0; i < 16; i++) c.lane[i] = __builtin_fmaf(a.lane[i], b.lane[i], c.lane[i]);
  return c;
}
#else
INLINE float scalar_fma(float a, float b, float c) { return rk_portable_fma(a, b, c); }
INLINE v16 v16_fma(v16 a, v16 b, v16 c) {
  v16 result;
  uint32_t delicate = 0;
  for (int i = 0; i < 16; i++) {
    double sum = (double)a.lane[i] * (double)b.lane[i] + (double)c.lane[i];
    delicate |= is_delicate(sum);
    result.lane[i] = (float)sum;
  }
  if (__builtin_expect(delicate, 0))
    for (int i = 0; i < 16; i++) result.lane[i] = rk_portable_fma(a.lane[i], b.lane[i], c.lane[i]);
  return result;
}
#endif

INLINE v16 v16_set1(float x) {
  v16 result;
  for (int i = 0; i < 16; i++) result.lane[i] = x;
  return result;
}
INLINE v16 v16_load(const float *p) {
  v16 result;
  memcpy(result.lane, p, sizeof result.lane);
  return result;
}
INLINE v16 v16_load_part(const float *p, size_t count) {
  v16 result = v16_set1(0);
  memcpy(result.lane, p, count * sizeof(float));
  return result;
}
INLINE void v16_store(float *p, v16 x) { memcpy(p, x.lane, sizeof x.lane); }
INLINE v16 v16_mul(v16 a, v16 b) {
  for (int i = 0; i < 16; i++) a.lane[i] *= b.lane[i];
  return a;
}
INLINE v16 v16_add(v16 a, v16 b) {
  for (int i = 0; i < 16; i++) a.lane[i] += b.lane[i];
  return a;
}
INLINE v16 v16_max(v16 a, v16 b) {
  for (int i = 0; i < 16; i++) a.lane[i] = a.lane[i] > b.lane[i] ? a.lane[i] : b.lane[i];
  return a;
}
INLINE float v16_sum(v16 x) {
  for (int i = 0; i < 8; i++) x.lane[i] += x.lane[i + 8];
  for (int i = 0; i < 4; i++) x.lane[i] += x.lane[i + 4];
  return (x.lane[0] + x.lane[2]) + (x.lane[1] + x.lane[3]);
}
INLINE void v16_sum2(v16 x, v16 y, float *x_sum, float *y_sum) {
  *x_sum = v16_sum(x);
  *y_sum = v16_sum(y);
}
INLINE d16 d16_zero(void) { return (d16){{0}}; }
INLINE d16 d16_add_squares(d16 sums, const double *predictions, const float *ratings) {
  for (int i = 0; i < 16; i++) {
    double error = (double)ratings[i] - predictions[i];
    sums.lane[i] += error * error;
  }
  return sums;
}
INLINE double d16_sum(d16 x) {
  for (int i = 0; i < 8; i++) x.lane[i] += x.lane[i + 8];
  for (int i = 0; i < 4; i++) x.lane[i] += x.lane[i + 4];
  return (x.lane[0] + x.lane[2]) + (x.lane[1] + x.lane[3]);
}

#include "loops.h"
#include "loops_least_squares.h"
#include "loops_bayesian.h"

KERNEL_TABLE(rk_portable_kernels, "portable");
