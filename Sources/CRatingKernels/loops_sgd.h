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

// Where one half of a block stands.
typedef struct feed {
  const rk_run *run, *end;
  const rk_cell *cells;
  uint32_t left;  // of the run; 0 at the end of the half
} feed;

INLINE feed feed_open(const rk_run *runs, size_t count, const rk_cell *cells) {
  return (feed){.run = runs, .end = runs + count, .cells = cells, .left = count == 0 ? 0 : runs->count};
}

INLINE feed first_half(const rk_block *b) { return feed_open(b->runs, b->first_run_count, b->cells); }

INLINE feed second_half(const rk_block *b) {
  return feed_open(
    b->runs + b->first_run_count, b->run_count - b->first_run_count, b->cells + b->first_cell_count);
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
  if (f->run + 1 < f->end) prefetch(m->user_factors + (size_t)f->run[1].user * 16 * blocks, blocks);
}

INLINE void cursor_advance(cursor *c, feed *f, uint32_t count, const rk_biased_factors *m, size_t blocks) {
  const uint32_t user = f->run->user;
  if (feed_advance(f, count)) {
    cursor_close(c, m, user, blocks);
    cursor_open(c, m, f, blocks);
  }
}

INLINE void biases_update(cursor *c, const rk_biased_factors *m, float *item_memory, float item_bias, float error) {
  c->squares += (double)error * (double)error;
  c->bias = bias_update(c->bias, m->user_bias_rate, error, m->bias_regularization);
  *item_memory = bias_update(item_bias, m->item_bias_rate, error, m->bias_regularization);
}

INLINE void cursor_step(
  cursor *c, const rk_biased_factors *m, const float *values, rk_cell r, v16 keep, size_t blocks) {
  float *q = m->item_factors + (size_t)r.item * 16 * blocks;
  float *item_memory = m->item_biases + r.item;
  float item_bias = *item_memory;
  float base = base_error(m, values[r.value], c->bias, item_bias);
  float error = base - v16_sum(row_products(c->row, q, blocks));
  biases_update(c, m, item_memory, item_bias, error);
  row_update(c->row, q, m->factor_rate * error, keep, blocks);
}

// Two users at once: while one waits for its horizontal sum, the other one computes.
INLINE void pair_step(
  cursor *c, cursor *d, const rk_biased_factors *m, const float *values, rk_cell a, rk_cell b, v16 keep,
  size_t blocks) {
  float *p = m->item_factors + (size_t)a.item * 16 * blocks, *q = m->item_factors + (size_t)b.item * 16 * blocks;
  float *a_memory = m->item_biases + a.item, *b_memory = m->item_biases + b.item;
  float a_bias = *a_memory, b_bias = *b_memory;
  float a_base = base_error(m, values[a.value], c->bias, a_bias);
  float b_base = base_error(m, values[b.value], d->bias, b_bias);
  float a_sum, b_sum;
  v16_sum2(row_products(c->row, p, blocks), row_products(d->row, q, blocks), &a_sum, &b_sum);
  float a_error = a_base - a_sum, b_error = b_base - b_sum;
  biases_update(c, m, a_memory, a_bias, a_error);
  biases_update(d, m, b_memory, b_bias, b_error);
  row_update(c->row, p, m->factor_rate * a_error, keep, blocks);
  row_update(d->row, q, m->factor_rate * b_error, keep, blocks);
}

INLINE void rest_of_half(
  cursor *c, feed *f, const rk_biased_factors *m, const float *values, v16 keep, size_t blocks) {
  while (f->left > 0) {
    const uint32_t count = f->left;
    for (uint32_t i = 0; i < count; i++) {
      prefetch(m->item_factors + (size_t)f->cells[i + PREFETCH_DISTANCE].item * 16 * blocks, blocks);
      cursor_step(c, m, values, f->cells[i], keep, blocks);
    }
    cursor_advance(c, f, count, m, blocks);
  }
}

INLINE double sgd_rows(const rk_biased_factors *model, const rk_block *block, size_t blocks) {
  const rk_biased_factors m = *model;
  const float *values = block->values;
  const v16 keep = v16_set1(1 - m.factor_rate * m.factor_regularization);
  feed f = first_half(block), g = second_half(block);
  cursor c = {.squares = 0}, d = {.squares = 0};
  cursor_open(&c, &m, &f, blocks);
  cursor_open(&d, &m, &g, blocks);
  while (f.left > 0 && g.left > 0) {
    const uint32_t both = f.left < g.left ? f.left : g.left;
    for (uint32_t i = 0; i < both; i++) {
      prefetch(m.item_factors + (size_t)f.cells[i + PREFETCH_DISTANCE].item * 16 * blocks, blocks);
      prefetch(m.item_factors + (size_t)g.cells[i + PREFETCH_DISTANCE].item * 16 * blocks, blocks);
      const rk_cell a = f.cells[i], b = g.cells[i];
      if (__builtin_expect(a.item == b.item, 0)) {
        cursor_step(&c, &m, values, a, keep, blocks);
        cursor_step(&d, &m, values, b, keep, blocks);
      } else {
        pair_step(&c, &d, &m, values, a, b, keep, blocks);
      }
    }
    cursor_advance(&c, &f, both, &m, blocks);
    cursor_advance(&d, &g, both, &m, blocks);
  }
  rest_of_half(&c, &f, &m, values, keep, blocks);
  rest_of_half(&d, &g, &m, values, keep, blocks);
  return c.squares + d.squares;
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
  *user_memory = bias_update(user_bias, m->user_bias_rate * user_rate, error, m->bias_regularization);
  *item_memory = bias_update(item_bias, m->item_bias_rate * item_rate, error, m->bias_regularization);
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
  feed f = first_half(block), g = second_half(block);
  double f_squares = 0, g_squares = 0;
  while (f.left > 0 || g.left > 0) {
    if (f.left > 0) f_squares += feed_step(&f, m, block->values);
    if (g.left > 0) g_squares += feed_step(&g, m, block->values);
  }
  return f_squares + g_squares;
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
