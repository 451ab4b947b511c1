// The loops, written once over 16 virtual lanes. Each kernels_*.c says what a vector of 16 floats (v16) and of 16
// doubles (d16) is on its instruction set, includes this file, and ends with KERNEL_TABLE. Order and rounding of every
// operation are fixed here, so that every instruction set gives the same bytes.
//
// v16_load, v16_load_part (the rest is 0), v16_store, v16_set1, v16_mul, v16_add, v16_fma (a * b + c, rounded once)
// v16_sum   lanes i and i + 8 are added, then i and i + 4, i and i + 2, i and i + 1
// v16_sum2  the same for two vectors at once
// d16_zero, d16_add_squares (ratings[i] - predictions[i], squared and added to lane i), d16_sum (as v16_sum)
// scalar_fma
// ROWS_IN_REGISTERS: defined where a user's row is worth holding in registers while its ratings pass

#define MAXIMUM_BLOCKS 16
// How many ratings ahead the rows of items are fetched into the cache.
#define PREFETCH_DISTANCE 6

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

// MARK: SGD

// What prediction leaves over but for the factors' share.
INLINE float base_error(const rk_biased_factors *m, float rating, float user_bias, float item_bias) {
  return ((rating - m->mean) - user_bias) - item_bias;
}

// bias + rate (error - regularization bias)
INLINE float bias_update(float bias, float rate, float error, float regularization) {
  return scalar_fma(rate, scalar_fma(-regularization, bias, error), bias);
}

#ifdef ROWS_IN_REGISTERS

// MARK: A row of factors: `blocks` vectors, a constant wherever these are inlined

INLINE void row_load(v16 *row, const float *memory, size_t blocks) {
  UNROLL for (size_t j = 0; j < blocks; j++) row[j] = v16_load(memory + 16 * j);
}

INLINE void row_store(const v16 *row, float *memory, size_t blocks) {
  UNROLL for (size_t j = 0; j < blocks; j++) v16_store(memory + 16 * j, row[j]);
}

// The 16 partial sums of p . q, as `dot` makes them.
INLINE v16 row_products(const v16 *p, const float *q, size_t blocks) {
  v16 sums[4] = {v16_set1(0), v16_set1(0), v16_set1(0), v16_set1(0)};
  UNROLL for (size_t j = 0; j < blocks; j++) sums[j % 4] = v16_fma(p[j], v16_load(q + 16 * j), sums[j % 4]);
  return v16_add(v16_add(sums[0], sums[1]), v16_add(sums[2], sums[3]));
}

// p = keep p + gradient q and q = keep q + gradient p, both from the old values. Loading q again, instead of keeping
// it in registers since row_products, costs nothing measurable.
INLINE void row_update(v16 *p, float *q, float gradient, v16 keep, size_t blocks) {
  v16 step = v16_set1(gradient);
  UNROLL for (size_t j = 0; j < blocks; j++) {
    v16 old = v16_load(q + 16 * j);
    v16 changed = v16_fma(p[j], keep, v16_mul(step, old));
    v16_store(q + 16 * j, v16_fma(old, keep, v16_mul(step, p[j])));
    p[j] = changed;
  }
}

INLINE void prefetch(const float *memory, size_t blocks) {
  UNROLL for (size_t j = 0; j < blocks; j++) __builtin_prefetch(memory + 16 * j, 1);
}

// MARK: SGD over rows that live in registers, for 1...16 blocks

// One user at a time stays in registers while its ratings pass.
typedef struct cursor {
  v16 row[MAXIMUM_BLOCKS];
  float *memory;
  float *bias_memory;
  float bias;
  double squares;
} cursor;

INLINE void cursor_close(cursor *c, size_t blocks) {
  if (c->memory == NULL) return;
  row_store(c->row, c->memory, blocks);
  *c->bias_memory = c->bias;
}

INLINE void cursor_open(cursor *c, const rk_biased_factors *m, uint32_t user, size_t blocks) {
  float *memory = m->user_factors + (size_t)user * 16 * blocks;
  if (__builtin_expect(memory == c->memory, 1)) return;
  cursor_close(c, blocks);
  c->memory = memory;
  c->bias_memory = m->user_biases + user;
  row_load(c->row, memory, blocks);
  c->bias = *c->bias_memory;
}

INLINE void biases_update(cursor *c, const rk_biased_factors *m, float *item_memory, float item_bias, float error) {
  c->squares += (double)error * (double)error;
  c->bias = bias_update(c->bias, m->user_bias_rate, error, m->bias_regularization);
  *item_memory = bias_update(item_bias, m->item_bias_rate, error, m->bias_regularization);
}

INLINE void cursor_step(cursor *c, const rk_biased_factors *m, const rk_rating *r, v16 keep, size_t blocks) {
  float *q = m->item_factors + (size_t)r->item * 16 * blocks;
  float *item_memory = m->item_biases + r->item;
  float item_bias = *item_memory;
  float base = base_error(m, r->rating, c->bias, item_bias);
  float error = base - v16_sum(row_products(c->row, q, blocks));
  biases_update(c, m, item_memory, item_bias, error);
  row_update(c->row, q, m->factor_rate * error, keep, blocks);
}

INLINE double sgd_run_blocks(const rk_biased_factors *model, const rk_rating *ratings, size_t count, size_t blocks) {
  const rk_biased_factors m = *model;
  const v16 keep = v16_set1(1 - m.factor_rate * m.factor_regularization);
  cursor c = {.memory = NULL};
  for (size_t i = 0; i < count; i++) {
    cursor_open(&c, &m, ratings[i].user, blocks);
    if (i + PREFETCH_DISTANCE < count)
      prefetch(m.item_factors + (size_t)ratings[i + PREFETCH_DISTANCE].item * 16 * blocks, blocks);
    cursor_step(&c, &m, ratings + i, keep, blocks);
  }
  cursor_close(&c, blocks);
  return c.squares;
}

// Two users at once: while one waits for its horizontal sum, the other one computes.
INLINE void pair_step(
  cursor *c, cursor *d, const rk_biased_factors *m, const rk_rating *a, const rk_rating *b, v16 keep, size_t blocks) {
  float *p = m->item_factors + (size_t)a->item * 16 * blocks, *q = m->item_factors + (size_t)b->item * 16 * blocks;
  float *a_memory = m->item_biases + a->item, *b_memory = m->item_biases + b->item;
  float a_bias = *a_memory, b_bias = *b_memory;
  float a_base = base_error(m, a->rating, c->bias, a_bias), b_base = base_error(m, b->rating, d->bias, b_bias);
  float a_sum, b_sum;
  v16_sum2(row_products(c->row, p, blocks), row_products(d->row, q, blocks), &a_sum, &b_sum);
  float a_error = a_base - a_sum, b_error = b_base - b_sum;
  biases_update(c, m, a_memory, a_bias, a_error);
  biases_update(d, m, b_memory, b_bias, b_error);
  row_update(c->row, p, m->factor_rate * a_error, keep, blocks);
  row_update(d->row, q, m->factor_rate * b_error, keep, blocks);
}

INLINE double sgd_run_pair_blocks(
  const rk_biased_factors *model, const rk_rating *a, size_t a_count, const rk_rating *b, size_t b_count,
  size_t blocks) {
  const rk_biased_factors m = *model;
  const v16 keep = v16_set1(1 - m.factor_rate * m.factor_regularization);
  const size_t both = a_count < b_count ? a_count : b_count;
  cursor c = {.memory = NULL}, d = {.memory = NULL};
  for (size_t i = 0; i < both; i++) {
    cursor_open(&c, &m, a[i].user, blocks);
    cursor_open(&d, &m, b[i].user, blocks);
    if (i + PREFETCH_DISTANCE < both) {
      prefetch(m.item_factors + (size_t)a[i + PREFETCH_DISTANCE].item * 16 * blocks, blocks);
      prefetch(m.item_factors + (size_t)b[i + PREFETCH_DISTANCE].item * 16 * blocks, blocks);
    }
    if (__builtin_expect(a[i].item == b[i].item, 0)) {
      cursor_step(&c, &m, a + i, keep, blocks);
      cursor_step(&d, &m, b + i, keep, blocks);
    } else {
      pair_step(&c, &d, &m, a + i, b + i, keep, blocks);
    }
  }
  for (size_t i = both; i < a_count; i++) {
    cursor_open(&c, &m, a[i].user, blocks);
    cursor_step(&c, &m, a + i, keep, blocks);
  }
  for (size_t i = both; i < b_count; i++) {
    cursor_open(&d, &m, b[i].user, blocks);
    cursor_step(&d, &m, b + i, keep, blocks);
  }
  cursor_close(&c, blocks);
  cursor_close(&d, blocks);
  return c.squares + d.squares;
}

// One function for each number of blocks.
#define EACH_NUMBER_OF_BLOCKS(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) X(16)

#define DEFINE_RUNS(n)                                                                                                \
  static double sgd_run_##n(const rk_biased_factors *m, const rk_rating *ratings, size_t count) {                     \
    return sgd_run_blocks(m, ratings, count, n);                                                                      \
  }                                                                                                                   \
  static double sgd_run_pair_##n(                                                                                     \
    const rk_biased_factors *m, const rk_rating *a, size_t a_count, const rk_rating *b, size_t b_count) {             \
    return sgd_run_pair_blocks(m, a, a_count, b, b_count, n);                                                         \
  }
EACH_NUMBER_OF_BLOCKS(DEFINE_RUNS)

#endif

// MARK: SGD over rows in memory, for any number of blocks

// The same operations in the same order as cursor_step.
static double long_step(const rk_biased_factors *m, const rk_rating *r, v16 keep) {
  const size_t blocks = m->factors / 16;
  float *p = m->user_factors + (size_t)r->user * m->factors, *q = m->item_factors + (size_t)r->item * m->factors;
  float *user_memory = m->user_biases + r->user, *item_memory = m->item_biases + r->item;
  const float user_bias = *user_memory, item_bias = *item_memory;
  const float error = base_error(m, r->rating, user_bias, item_bias) - dot(p, q, m->factors);
  *user_memory = bias_update(user_bias, m->user_bias_rate, error, m->bias_regularization);
  *item_memory = bias_update(item_bias, m->item_bias_rate, error, m->bias_regularization);
  const v16 step = v16_set1(m->factor_rate * error);
  for (size_t j = 0; j < blocks; j++) {
    v16 old_p = v16_load(p + 16 * j), old_q = v16_load(q + 16 * j);
    v16_store(p + 16 * j, v16_fma(old_p, keep, v16_mul(step, old_q)));
    v16_store(q + 16 * j, v16_fma(old_q, keep, v16_mul(step, old_p)));
  }
  return (double)error * (double)error;
}

static double sgd_run_long(const rk_biased_factors *m, const rk_rating *ratings, size_t count) {
  const v16 keep = v16_set1(1 - m->factor_rate * m->factor_regularization);
  double squares = 0;
  for (size_t i = 0; i < count; i++) squares += long_step(m, ratings + i, keep);
  return squares;
}

static double sgd_run_pair_long(
  const rk_biased_factors *m, const rk_rating *a, size_t a_count, const rk_rating *b, size_t b_count) {
  const v16 keep = v16_set1(1 - m->factor_rate * m->factor_regularization);
  double a_squares = 0, b_squares = 0;
  for (size_t i = 0; i < a_count || i < b_count; i++) {
    if (i < a_count) a_squares += long_step(m, a + i, keep);
    if (i < b_count) b_squares += long_step(m, b + i, keep);
  }
  return a_squares + b_squares;
}

static double sgd_run(const rk_biased_factors *m, const rk_rating *ratings, size_t count) {
  switch (m->factors) {
#ifdef ROWS_IN_REGISTERS
#define CALL(n) case 16 * n: return sgd_run_##n(m, ratings, count);
    EACH_NUMBER_OF_BLOCKS(CALL)
#undef CALL
#endif
    default: return sgd_run_long(m, ratings, count);
  }
}

static double sgd_run_pair(
  const rk_biased_factors *m, const rk_rating *a, size_t a_count, const rk_rating *b, size_t b_count) {
  switch (m->factors) {
#ifdef ROWS_IN_REGISTERS
#define CALL(n) case 16 * n: return sgd_run_pair_##n(m, a, a_count, b, b_count);
    EACH_NUMBER_OF_BLOCKS(CALL)
#undef CALL
#endif
    default: return sgd_run_pair_long(m, a, a_count, b, b_count);
  }
}

static void predict(const rk_biased_factors *m, const rk_rating *pairs, size_t count, float *predictions) {
  for (size_t i = 0; i < count; i++) {
    const float *p = m->user_factors + (size_t)pairs[i].user * m->factors;
    const float *q = m->item_factors + (size_t)pairs[i].item * m->factors;
    const float biases = (m->mean + m->user_biases[pairs[i].user]) + m->item_biases[pairs[i].item];
    predictions[i] = biases + dot(p, q, m->factors);
  }
}

#include "loops_implicit.h"

#define KERNEL_TABLE(symbol, title)                                                                                   \
  const rk_kernels symbol = {                                                                                         \
    .name = title, .dot = dot, .squared_error = squared_error, .predict = predict, .sgd_run = sgd_run,                 \
    .sgd_run_pair = sgd_run_pair, .implicit = IMPLICIT_KERNELS}
