// Stochastic gradient descent over the ratings of a block: included by loops.h.

// How many ratings ahead the rows of items are fetched into the cache; at most RK_READ_AHEAD.
#define PREFETCH_DISTANCE 6
#define MAXIMUM_BLOCKS 16

// What prediction leaves over but for the factors' share.
INLINE float base_error(const rk_biased_factors *m, float rating, float user_bias, float item_bias) {
  return ((rating - m->mean) - user_bias) - item_bias;
}

// bias + rate (error - regularization bias)
INLINE float bias_update(float bias, float rate, float error, float regularization) {
  return scalar_fma(rate, scalar_fma(-regularization, bias, error), bias);
}

// MARK: Runs that pass one after the other

// Where one part of a block stands.
typedef struct feed {
  const rk_run *run, *end;
  const rk_cell *cells;
  uint32_t left;  // of the run; 0 at the end of the part
} feed;

INLINE void feeds_open(feed *feeds, const rk_block *block) {
  const rk_run *run = block->runs;
  const rk_cell *cell = block->cells;
  for (int part = 0; part < RK_PARTS; part++) {
    const size_t runs = block->run_counts[part];
    feeds[part] = (feed){.run = run, .end = run + runs, .cells = cell, .left = runs == 0 ? 0 : run->count};
    run += runs;
    cell += block->cell_counts[part];
  }
}

// How many ratings can pass in all parts before one of them comes to the end of a run.
INLINE uint32_t feeds_common(const feed *feeds) {
  uint32_t least = feeds[0].left;
  UNROLL for (int part = 1; part < RK_PARTS; part++) least = feeds[part].left < least ? feeds[part].left : least;
  return least;
}

INLINE double sum_of_parts(const double *sums) {
  double sum = 0;
  for (int part = 0; part < RK_PARTS; part++) sum += sums[part];
  return sum;
}

// Goes on by `count` ratings of the run. Whether that was the run's end.
INLINE int feed_advance(feed *f, uint32_t count) {
  f->cells += count;
  f->left -= count;
  if (__builtin_expect(f->left > 0, 1)) return 0;
  f->run++;
  f->left = f->run < f->end ? f->run->count : 0;
  return 1;
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

// MARK: Rows that live in registers, for 1...16 blocks

// The user whose ratings pass stays in registers.
typedef struct cursor {
  v16 row[MAXIMUM_BLOCKS];
  float bias;
  float bias_regularization;
  double squares;
} cursor;

INLINE void cursor_close(const cursor *c, const rk_biased_factors *m, uint32_t user, size_t blocks) {
  row_store(c->row, m->user_factors + (size_t)user * 16 * blocks, blocks);
  m->user_biases[user] = c->bias;
}

INLINE void cursor_open(cursor *c, const rk_biased_factors *m, const feed *f, size_t blocks) {
  if (f->run == f->end) return;
  row_load(c->row, m->user_factors + (size_t)f->run->user * 16 * blocks, blocks);
  c->bias = m->user_biases[f->run->user];
  c->bias_regularization = m->user_bias_regularizations[f->run->user];
  if (f->run + 1 < f->end) prefetch(m->user_factors + (size_t)f->run[1].user * 16 * blocks, blocks);
}

INLINE void cursor_advance(cursor *c, feed *f, uint32_t count, const rk_biased_factors *m, size_t blocks) {
  const uint32_t user = f->run->user;
  if (feed_advance(f, count)) {
    cursor_close(c, m, user, blocks);
    cursor_open(c, m, f, blocks);
  }
}

INLINE void biases_update(cursor *c, const rk_biased_factors *m, uint16_t item, float error) {
  c->squares += (double)error * (double)error;
  c->bias = bias_update(c->bias, m->user_bias_rate, error, c->bias_regularization);
  m->item_biases[item] =
    bias_update(m->item_biases[item], m->item_bias_rate, error, m->item_bias_regularizations[item]);
}

INLINE void cursor_step(
  cursor *c, const rk_biased_factors *m, const float *values, rk_cell r, v16 keep, size_t blocks) {
  float *q = m->item_factors + (size_t)r.item * 16 * blocks;
  float base = base_error(m, values[r.value], c->bias, m->item_biases[r.item]);
  float error = base - v16_sum(row_products(c->row, q, blocks));
  biases_update(c, m, r.item, error);
  row_update(c->row, q, m->factor_rate * error, keep, blocks);
}

// One rating of each of two users: while one waits for its horizontal sum, the other one computes.
INLINE void pair_errors(
  const cursor *c, const cursor *d, const rk_biased_factors *m, const float *values, rk_cell a, rk_cell b,
  float *a_error, float *b_error, size_t blocks) {
  const float *p = m->item_factors + (size_t)a.item * 16 * blocks, *q = m->item_factors + (size_t)b.item * 16 * blocks;
  const float a_base = base_error(m, values[a.value], c->bias, m->item_biases[a.item]);
  const float b_base = base_error(m, values[b.value], d->bias, m->item_biases[b.item]);
  float a_sum, b_sum;
  v16_sum2(row_products(c->row, p, blocks), row_products(d->row, q, blocks), &a_sum, &b_sum);
  *a_error = a_base - a_sum;
  *b_error = b_base - b_sum;
}

// A rating of each part. No two are of one item.
INLINE void parts_step(
  cursor *c, const rk_biased_factors *m, const float *values, const rk_cell *r, v16 keep, size_t blocks) {
  float errors[RK_PARTS];
  UNROLL for (int part = 0; part < RK_PARTS; part += 2)
    pair_errors(
      c + part, c + part + 1, m, values, r[part], r[part + 1], errors + part, errors + part + 1, blocks);
  UNROLL for (int part = 0; part < RK_PARTS; part++) {
    biases_update(c + part, m, r[part].item, errors[part]);
    row_update(
      c[part].row, m->item_factors + (size_t)r[part].item * 16 * blocks, m->factor_rate * errors[part], keep, blocks);
  }
}

// Whether two of four ratings are of one item.
INLINE int share_an_item(const rk_cell *r) {
  return (r[0].item == r[1].item) | (r[0].item == r[2].item) | (r[0].item == r[3].item) | (r[1].item == r[2].item) |
    (r[1].item == r[3].item) | (r[2].item == r[3].item);
}

INLINE void fetch_item(const feed *f, uint32_t i, const rk_biased_factors *m, size_t blocks) {
  prefetch(m->item_factors + (size_t)f->cells[i + PREFETCH_DISTANCE].item * 16 * blocks, blocks);
}

INLINE void rest_of_part(
  cursor *c, feed *f, const rk_biased_factors *m, const float *values, v16 keep, size_t blocks) {
  while (f->left > 0) {
    const uint32_t count = f->left;
    for (uint32_t i = 0; i < count; i++) {
      fetch_item(f, i, m, blocks);
      cursor_step(c, m, values, f->cells[i], keep, blocks);
    }
    cursor_advance(c, f, count, m, blocks);
  }
}

INLINE double sgd_rows(const rk_biased_factors *model, const rk_block *block, size_t blocks) {
  const rk_biased_factors m = *model;
  const float *values = block->values;
  const v16 keep = v16_set1(1 - m.factor_rate * m.factor_regularization);
  feed feeds[RK_PARTS];
  cursor c[RK_PARTS];
  feeds_open(feeds, block);
  UNROLL for (int part = 0; part < RK_PARTS; part++) {
    c[part].squares = 0;
    cursor_open(c + part, &m, feeds + part, blocks);
  }
  uint32_t count;
  while ((count = feeds_common(feeds)) > 0) {
    for (uint32_t i = 0; i < count; i++) {
      rk_cell r[RK_PARTS];
      UNROLL for (int part = 0; part < RK_PARTS; part++) {
        fetch_item(feeds + part, i, &m, blocks);
        r[part] = feeds[part].cells[i];
      }
      if (__builtin_expect(share_an_item(r), 0)) {
        UNROLL for (int part = 0; part < RK_PARTS; part++) cursor_step(c + part, &m, values, r[part], keep, blocks);
      } else {
        parts_step(c, &m, values, r, keep, blocks);
      }
    }
    UNROLL for (int part = 0; part < RK_PARTS; part++) cursor_advance(c + part, feeds + part, count, &m, blocks);
  }
  double sums[RK_PARTS];
  UNROLL for (int part = 0; part < RK_PARTS; part++) {
    rest_of_part(c + part, feeds + part, &m, values, keep, blocks);
    sums[part] = c[part].squares;
  }
  return sum_of_parts(sums);
}

// One function for each number of blocks.
#define EACH_NUMBER_OF_BLOCKS(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) X(16)
#define DEFINE_ROWS(n)                                                                                                \
  static double sgd_rows_##n(const rk_biased_factors *m, const rk_block *block) { return sgd_rows(m, block, n); }
EACH_NUMBER_OF_BLOCKS(DEFINE_ROWS)

#endif

// MARK: Rows in memory, for any number of blocks, rates for each row, and factors that may not be negative

// What a row's step is multiplied by: 1, or 1 / the root of its sum of squares, with this step's gradient in it. The
// gradient of the row `own` is error other - regularization own.
static float row_rate(
  const rk_biased_factors *m, float *squares, float error, const float *own, const float *other) {
  const v16 slope = v16_set1(error), held = v16_set1(-m->factor_regularization);
  v16 sums = v16_set1(0);
  for (size_t i = 0; i < m->factors; i += 16) {
    v16 gradient = v16_fma(held, v16_load(own + i), v16_mul(slope, v16_load(other + i)));
    sums = v16_fma(gradient, gradient, sums);
  }
  *squares = scalar_fma(v16_sum(sums), m->per_factor, *squares);
  return 1 / __builtin_sqrtf(*squares);
}

// The same operations in the same order as cursor_step, where every row's rate is 1.
static double memory_step(const rk_biased_factors *m, uint32_t user, uint32_t item, float rating) {
  float *p = m->user_factors + (size_t)user * m->factors, *q = m->item_factors + (size_t)item * m->factors;
  float *user_memory = m->user_biases + user, *item_memory = m->item_biases + item;
  const float user_bias = *user_memory, item_bias = *item_memory;
  const float error = base_error(m, rating, user_bias, item_bias) - dot(p, q, m->factors);
  float user_rate = 1, item_rate = 1;
  if (m->user_squares != NULL && m->item_squares != NULL) {
    user_rate = row_rate(m, m->user_squares + user, error, p, q);
    item_rate = row_rate(m, m->item_squares + item, error, q, p);
  }
  *user_memory =
    bias_update(user_bias, m->user_bias_rate * user_rate, error, m->user_bias_regularizations[user]);
  *item_memory =
    bias_update(item_bias, m->item_bias_rate * item_rate, error, m->item_bias_regularizations[item]);
  const float p_rate = m->factor_rate * user_rate, q_rate = m->factor_rate * item_rate;
  const v16 p_step = v16_set1(p_rate * error), p_keep = v16_set1(1 - p_rate * m->factor_regularization);
  const v16 q_step = v16_set1(q_rate * error), q_keep = v16_set1(1 - q_rate * m->factor_regularization);
  const v16 zero = v16_set1(0);
  for (size_t i = 0; i < m->factors; i += 16) {
    v16 old_p = v16_load(p + i), old_q = v16_load(q + i);
    v16 new_p = v16_fma(old_p, p_keep, v16_mul(p_step, old_q));
    v16 new_q = v16_fma(old_q, q_keep, v16_mul(q_step, old_p));
    if (m->nonnegative) {
      new_p = v16_max(new_p, zero);
      new_q = v16_max(new_q, zero);
    }
    v16_store(p + i, new_p);
    v16_store(q + i, new_q);
  }
  return (double)error * (double)error;
}

static double feed_step(feed *f, const rk_biased_factors *m, const float *values) {
  const double square = memory_step(m, f->run->user, f->cells->item, values[f->cells->value]);
  feed_advance(f, 1);
  return square;
}

static double sgd_memory(const rk_biased_factors *m, const rk_block *block) {
  feed feeds[RK_PARTS];
  double sums[RK_PARTS] = {0};
  feeds_open(feeds, block);
  while (feeds_common(feeds) > 0)
    for (int part = 0; part < RK_PARTS; part++) sums[part] += feed_step(feeds + part, m, block->values);
  for (int part = 0; part < RK_PARTS; part++)
    while (feeds[part].left > 0) sums[part] += feed_step(feeds + part, m, block->values);
  return sum_of_parts(sums);
}

static double sgd_block(const rk_biased_factors *m, const rk_block *block) {
  if (m->user_squares != NULL || m->nonnegative) return sgd_memory(m, block);
  switch (m->factors) {
#ifdef ROWS_IN_REGISTERS
#define CALL(n) case 16 * n: return sgd_rows_##n(m, block);
    EACH_NUMBER_OF_BLOCKS(CALL)
#undef CALL
#endif
    default: return sgd_memory(m, block);
  }
}
