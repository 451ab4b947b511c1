// The loops for 64-bit Arm: 16 floats are four registers.
#include "tables.h"
#if defined(__aarch64__)
#include <arm_neon.h>

typedef struct v16 { float32x4_t part[4]; } v16;
typedef struct d16 { float64x2_t part[8]; } d16;

#define ROWS_IN_REGISTERS

INLINE v16 v16_set1(float x) { return (v16){{vdupq_n_f32(x), vdupq_n_f32(x), vdupq_n_f32(x), vdupq_n_f32(x)}}; }
INLINE v16 v16_load(const float *p) {
  return (v16){{vld1q_f32(p), vld1q_f32(p + 4), vld1q_f32(p + 8), vld1q_f32(p + 12)}};
}
INLINE v16 v16_load_part(const float *p, size_t count) {
  float lanes[16] = {0};
  for (size_t i = 0; i < count; i++) lanes[i] = p[i];
  return v16_load(lanes);
}
INLINE void v16_store(float *p, v16 x) {
  UNROLL for (int j = 0; j < 4; j++) vst1q_f32(p + 4 * j, x.part[j]);
}
INLINE v16 v16_mul(v16 a, v16 b) {
  UNROLL for (int j = 0; j < 4; j++) a.part[j] = vmulq_f32(a.part[j], b.part[j]);
  return a;
}
INLINE v16 v16_add(v16 a, v16 b) {
  UNROLL for (int j = 0; j < 4; j++) a.part[j] = vaddq_f32(a.part[j], b.part[j]);
  return a;
}
INLINE v16 v16_max(v16 a, v16 b) {
  UNROLL for (int j = 0; j < 4; j++) a.part[j] = vmaxq_f32(a.part[j], b.part[j]);
  return a;
}
INLINE v16 v16_fma(v16 a, v16 b, v16 c) {
  UNROLL for (int j = 0; j < 4; j++) c.part[j] = vfmaq_f32(c.part[j], a.part[j], b.part[j]);
  return c;
}
INLINE float scalar_fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }

INLINE float32x2_t v16_sum_to_two(v16 x) {
  float32x4_t low = vaddq_f32(x.part[0], x.part[2]), high = vaddq_f32(x.part[1], x.part[3]);
  float32x4_t four = vaddq_f32(low, high);
  return vadd_f32(vget_low_f32(four), vget_high_f32(four));
}
INLINE float v16_sum(v16 x) { return vpadds_f32(v16_sum_to_two(x)); }
INLINE void v16_sum2(v16 x, v16 y, float *x_sum, float *y_sum) {
  float32x2_t sums = vpadd_f32(v16_sum_to_two(x), v16_sum_to_two(y));
  *x_sum = vget_lane_f32(sums, 0);
  *y_sum = vget_lane_f32(sums, 1);
}

INLINE d16 d16_zero(void) {
  d16 zero;
  UNROLL for (int j = 0; j < 8; j++) zero.part[j] = vdupq_n_f64(0);
  return zero;
}
INLINE d16 d16_add_squares(d16 sums, const double *predictions, const float *ratings) {
  UNROLL for (int j = 0; j < 8; j++) {
    float64x2_t error = vsubq_f64(vcvt_f64_f32(vld1_f32(ratings + 2 * j)), vld1q_f64(predictions + 2 * j));
    sums.part[j] = vaddq_f64(sums.part[j], vmulq_f64(error, error));
  }
  return sums;
}
INLINE double d16_sum(d16 x) {
  UNROLL for (int j = 0; j < 4; j++) x.part[j] = vaddq_f64(x.part[j], x.part[j + 4]);
  float64x2_t low = vaddq_f64(x.part[0], x.part[2]), high = vaddq_f64(x.part[1], x.part[3]);
  return vpaddd_f64(vaddq_f64(low, high));
}

#include "loops.h"
#include "loops_least_squares.h"
#include "loops_bayesian.h"

KERNEL_TABLE(rk_neon_kernels, "neon");
#else
typedef int rk_no_neon;  // A file of C needs a declaration.
#endif
