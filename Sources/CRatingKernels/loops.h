// The loops, written once over 16 virtual lanes. Each kernels_*.c says what a vector of 16 floats (v16) and of 16
// doubles (d16) is on its instruction set, includes this file, and ends with KERNEL_TABLE. Order and rounding of every
// operation are fixed here, so that every instruction set gives the same bytes.
//
// v16_load, v16_load_part (the rest is 0), v16_store, v16_set1, v16_mul, v16_add, v16_fma (a * b + c, rounded once)
// v16_sum   lanes i and i + 8 are added, then i and i + 4, i and i + 2, i and i + 1
// v16_sum2  the same for two vectors at once
// d16_zero, d16_add_squares (ratings[i] - predictions[i], squared and added to lane i), d16_sum (as v16_sum)
// scalar_fma
// v16_max   the larger of two numbers, lane by lane; neither is NaN or -0
// ROWS_IN_REGISTERS: defined where a user's row is worth holding in registers while its ratings pass, which is where the
// instruction set has a fused multiply-add


// Block j of 16 products goes to accumulator j mod 4.
static float dot(const float *a, const float *b, size_t count) {
  v16 sums[4] = {v16_set1(0), v16_set1(0), v16_set1(0), v16_set1(0)};
  size_t i = 0;
  for (; count - i >= 64; i += 64) {
    UNROLL for (int j = 0; j < 4; j++)
      sums[j] = v16_fma(v16_load(a + i + 16 * j), v16_load(b + i + 16 * j), sums[j]);
  }
  UNROLL for (int j = 0; j < 4; j++) {
    size_t left = count - i;
    if (left >= 16) {
      sums[j] = v16_fma(v16_load(a + i), v16_load(b + i), sums[j]);
      i += 16;
    } else if (left > 0) {
      sums[j] = v16_fma(v16_load_part(a + i, left), v16_load_part(b + i, left), sums[j]);
      i = count;
    }
  }
  return v16_sum(v16_add(v16_add(sums[0], sums[1]), v16_add(sums[2], sums[3])));
}

static double squared_error(const double *predictions, const float *ratings, size_t count) {
  d16 sums = d16_zero();
  size_t i = 0;
  for (; count - i >= 16; i += 16) sums = d16_add_squares(sums, predictions + i, ratings + i);
  if (i < count) {
    double p[16] = {0};
    float r[16] = {0};
    for (size_t j = 0; i + j < count; j++) {
      p[j] = predictions[i + j];
      r[j] = ratings[i + j];
    }
    sums = d16_add_squares(sums, p, r);
  }
  return d16_sum(sums);
}

#include "loops_sgd.h"

static void predict(const rk_biased_factors *m, const rk_rating *pairs, size_t count, float *predictions) {
  for (size_t i = 0; i < count; i++) {
    const float *p = m->user_factors + (size_t)pairs[i].user * m->factors;
    const float *q = m->item_factors + (size_t)pairs[i].item * m->factors;
    const float biases = (m->mean + m->user_biases[pairs[i].user]) + m->item_biases[pairs[i].item];
    predictions[i] = biases + dot(p, q, m->factors);
  }
}

#include "loops_implicit.h"
#include "loops_random.h"
#include "loops_bootstrap.h"

#define KERNEL_TABLE(symbol, title)                                                                                   \
  const rk_kernels symbol = {                                                                                         \
    .name = title, .dot = dot, .squared_error = squared_error, .predict = predict, .sgd_block = sgd_block,            \
    LEAST_SQUARES_ENTRIES, .implicit = IMPLICIT_KERNELS, .bayesian = BAYESIAN_KERNELS, .random = RANDOM_KERNELS,            \
    .bootstrap = BOOTSTRAP_KERNELS}
