// The loops of SVD++ and its kin over 16 virtual lanes; included by loops.h. Order and rounding of every operation are
// fixed here too.

// MARK: Sums of rows, and the same change to many rows

INLINE void sum_rows_blocks(
  const float *matrix, const uint32_t *rows, const float *weights, size_t count, float *sum, size_t blocks) {
  v16 sums[MAXIMUM_BLOCKS];
  UNROLL for (size_t j = 0; j < blocks; j++) sums[j] = v16_set1(0);
  for (size_t k = 0; k < count; k++) {
    const float *row = matrix + (size_t)rows[k] * 16 * blocks;
    if (weights) {
      v16 weight = v16_set1(weights[k]);
      UNROLL for (size_t j = 0; j < blocks; j++) sums[j] = v16_fma(weight, v16_load(row + 16 * j), sums[j]);
    } else {
      UNROLL for (size_t j = 0; j < blocks; j++) sums[j] = v16_add(sums[j], v16_load(row + 16 * j));
    }
  }
  UNROLL for (size_t j = 0; j < blocks; j++) v16_store(sum + 16 * j, sums[j]);
}

static void sum_rows_long(
  const float *matrix, size_t stride, const uint32_t *rows, const float *weights, size_t count, float *sum) {
  for (size_t i = 0; i < stride; i += 16) v16_store(sum + i, v16_set1(0));
  for (size_t k = 0; k < count; k++) {
    const float *row = matrix + (size_t)rows[k] * stride;
    for (size_t i = 0; i < stride; i += 16) {
      v16 old = v16_load(sum + i), x = v16_load(row + i);
      v16_store(sum + i, weights ? v16_fma(v16_set1(weights[k]), x, old) : v16_add(old, x));
    }
  }
}

static void add_to_rows(
  float *matrix, size_t stride, const uint32_t *rows, const float *weights, size_t count, float keep,
  const float *addend) {
  const v16 kept = v16_set1(keep);
  for (size_t k = 0; k < count; k++) {
    float *row = matrix + (size_t)rows[k] * stride;
    if (weights) {
      v16 weight = v16_set1(weights[k]);
      for (size_t i = 0; i < stride; i += 16)
        v16_store(row + i, v16_fma(weight, v16_load(addend + i), v16_mul(v16_load(row + i), kept)));
    } else {
      for (size_t i = 0; i < stride; i += 16)
        v16_store(row + i, v16_fma(v16_load(row + i), kept, v16_load(addend + i)));
    }
  }
}

// MARK: The ratings of one user

// keep * (bias + rate * gradient): a step whose regularization is taken implicitly, so that no rate makes it swing.
INLINE float kept_step(float value, float rate, float gradient, float keep) {
  return keep * scalar_fma(rate, gradient, value);
}

// With w = own + implicit: own = own_keep own + own_rate e q, implicit likewise, q = factor_keep q + factor_rate e w.
static double user_run_long(
  const rk_implicit_items *m, rk_implicit_user *u, const rk_item_rating *ratings, size_t count) {
  const v16 own_keep = v16_set1(u->own_keep), implicit_keep = v16_set1(u->implicit_keep);
  const v16 factor_keep = v16_set1(m->factor_keep);
  float bias = u->bias;
  double squares = 0;
  for (size_t k = 0; k < count; k++) {
    float *q = m->factors + (size_t)ratings[k].item * m->stride;
    float *item_memory = m->biases + ratings[k].item;
    const float item_bias = *item_memory;
    v16 sums[4] = {v16_set1(0), v16_set1(0), v16_set1(0), v16_set1(0)};
    for (size_t i = 0; i < m->stride; i += 16) {
      v16 w = v16_add(v16_load(u->own + i), v16_load(u->implicit + i));
      sums[i / 16 % 4] = v16_fma(w, v16_load(q + i), sums[i / 16 % 4]);
    }
    const float product = v16_sum(v16_add(v16_add(sums[0], sums[1]), v16_add(sums[2], sums[3])));
    const float error = ((ratings[k].rating - bias) - item_bias) - product;
    squares += (double)error * (double)error;
    bias = kept_step(bias, u->bias_rate, error, u->bias_keep);
    const uint32_t item = ratings[k].item;
    *item_memory = kept_step(item_bias, m->bias_rates[item], error, m->bias_keeps[item]);
    const v16 own_step = v16_set1(u->own_rate * error), implicit_step = v16_set1(u->implicit_rate * error);
    const v16 factor_step = v16_set1(m->factor_rate * error);
    for (size_t i = 0; i < m->stride; i += 16) {
      v16 own = v16_load(u->own + i), implicit = v16_load(u->implicit + i), old = v16_load(q + i);
      v16_store(q + i, v16_fma(old, factor_keep, v16_mul(factor_step, v16_add(own, implicit))));
      v16_store(u->own + i, v16_fma(own, own_keep, v16_mul(own_step, old)));
      v16_store(u->implicit + i, v16_fma(implicit, implicit_keep, v16_mul(implicit_step, old)));
    }
  }
  u->bias = bias;
  return squares;
}

// The biases of a timed rating, and their steps. Returns the error; `product` is the factors' share.
INLINE float timed_biases_step(
  const rk_implicit_items *m, rk_implicit_user *u, rk_drift *d, const rk_timed_rating *r, float product) {
  float *item_memory = m->biases + r->item, *cell_memory = d->item_bin_biases + r->item_bin;
  float *day_memory = d->day_biases + r->day;
  const uint32_t bin = r->item_bin % d->bins;
  float *bin_memory = d->bin_biases + bin;
  const float item_bias = *item_memory, cell_bias = *cell_memory, day_bias = *day_memory, bin_bias = *bin_memory;
  const float day_scale = d->day_scales[r->day];
  const float both = item_bias + cell_bias, scale = (1 + d->scale) + day_scale;
  const float user_share = scalar_fma(d->bias_slope, r->drift, u->bias) + (day_bias + bin_bias);
  const float error = scalar_fma(-scale, both, r->rating - user_share) - product;
  const float scaled = error * scale;
  *item_memory = kept_step(item_bias, m->bias_rates[r->item], scaled, m->bias_keeps[r->item]);
  *cell_memory = kept_step(cell_bias, d->rate, scaled, d->item_bin_keeps[r->item_bin]);
  *day_memory = kept_step(day_bias, d->rate, error, d->day_keeps[r->day]);
  *bin_memory = kept_step(bin_bias, d->rate, error, d->bin_keeps[bin]);
  u->bias = kept_step(u->bias, u->bias_rate, error, u->bias_keep);
  d->bias_slope = kept_step(d->bias_slope, d->rate, error * r->drift, d->bias_slope_keep);
  d->scale = kept_step(d->scale, d->scale_rate, error * both, d->scale_keep);
  d->day_scales[r->day] = kept_step(day_scale, d->scale_rate, error * both, d->day_scale_keeps[r->day]);
  return error;
}

// As user_run_long with w = own + implicit + drift * slopes.
static double timed_user_run_long(
  const rk_implicit_items *m, rk_implicit_user *u, rk_drift *d, const rk_timed_rating *ratings, size_t count) {
  const v16 own_keep = v16_set1(u->own_keep), implicit_keep = v16_set1(u->implicit_keep);
  const v16 factor_keep = v16_set1(m->factor_keep), slope_keep = v16_set1(d->factor_slope_keep);
  double squares = 0;
  for (size_t k = 0; k < count; k++) {
    const rk_timed_rating *r = ratings + k;
    float *q = m->factors + (size_t)r->item * m->stride;
    const v16 drift = v16_set1(r->drift);
    v16 sums[4] = {v16_set1(0), v16_set1(0), v16_set1(0), v16_set1(0)};
    for (size_t i = 0; i < m->stride; i += 16) {
      v16 w = v16_fma(drift, v16_load(d->factor_slopes + i), v16_add(v16_load(u->own + i), v16_load(u->implicit + i)));
      sums[i / 16 % 4] = v16_fma(w, v16_load(q + i), sums[i / 16 % 4]);
    }
    const float product = v16_sum(v16_add(v16_add(sums[0], sums[1]), v16_add(sums[2], sums[3])));
    const float error = timed_biases_step(m, u, d, r, product);
    squares += (double)error * (double)error;
    const v16 own_step = v16_set1(u->own_rate * error), implicit_step = v16_set1(u->implicit_rate * error);
    const v16 factor_step = v16_set1(m->factor_rate * error);
    const v16 slope_step = v16_set1(d->factor_slope_rate * (error * r->drift));
    for (size_t i = 0; i < m->stride; i += 16) {
      v16 own = v16_load(u->own + i), implicit = v16_load(u->implicit + i), slope = v16_load(d->factor_slopes + i);
      v16 w = v16_fma(drift, slope, v16_add(own, implicit)), old = v16_load(q + i);
      v16_store(q + i, v16_fma(old, factor_keep, v16_mul(factor_step, w)));
      v16_store(u->own + i, v16_fma(own, own_keep, v16_mul(own_step, old)));
      v16_store(u->implicit + i, v16_fma(implicit, implicit_keep, v16_mul(implicit_step, old)));
      v16_store(d->factor_slopes + i, v16_mul(slope_keep, v16_fma(slope_step, old, slope)));
    }
  }
  return squares;
}

#ifdef ROWS_IN_REGISTERS

// MARK: The same with the user's rows in registers, for 1...8 blocks; further ones fit none

#define MAXIMUM_USER_BLOCKS 8
#define EACH_NUMBER_OF_USER_BLOCKS(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8)

INLINE double user_run_blocks(
  const rk_implicit_items *model, rk_implicit_user *user, const rk_item_rating *ratings, size_t count, size_t blocks) {
  const rk_implicit_items m = *model;
  const rk_implicit_user u = *user;
  const v16 own_keep = v16_set1(u.own_keep), implicit_keep = v16_set1(u.implicit_keep);
  const v16 factor_keep = v16_set1(m.factor_keep);
  v16 own[MAXIMUM_USER_BLOCKS], implicit[MAXIMUM_USER_BLOCKS];
  row_load(own, u.own, blocks);
  row_load(implicit, u.implicit, blocks);
  float bias = u.bias;
  double squares = 0;
  for (size_t k = 0; k < count; k++) {
    if (k + PREFETCH_DISTANCE < count)
      prefetch(m.factors + (size_t)ratings[k + PREFETCH_DISTANCE].item * 16 * blocks, blocks);
    float *q = m.factors + (size_t)ratings[k].item * 16 * blocks;
    float *item_memory = m.biases + ratings[k].item;
    const float item_bias = *item_memory;
    v16 sums[4] = {v16_set1(0), v16_set1(0), v16_set1(0), v16_set1(0)};
    UNROLL for (size_t j = 0; j < blocks; j++)
      sums[j % 4] = v16_fma(v16_add(own[j], implicit[j]), v16_load(q + 16 * j), sums[j % 4]);
    const float product = v16_sum(v16_add(v16_add(sums[0], sums[1]), v16_add(sums[2], sums[3])));
    const float error = ((ratings[k].rating - bias) - item_bias) - product;
    squares += (double)error * (double)error;
    bias = kept_step(bias, u.bias_rate, error, u.bias_keep);
    const uint32_t item = ratings[k].item;
    *item_memory = kept_step(item_bias, m.bias_rates[item], error, m.bias_keeps[item]);
    const v16 own_step = v16_set1(u.own_rate * error), implicit_step = v16_set1(u.implicit_rate * error);
    const v16 factor_step = v16_set1(m.factor_rate * error);
    UNROLL for (size_t j = 0; j < blocks; j++) {
      v16 old = v16_load(q + 16 * j);
      v16_store(q + 16 * j, v16_fma(old, factor_keep, v16_mul(factor_step, v16_add(own[j], implicit[j]))));
      own[j] = v16_fma(own[j], own_keep, v16_mul(own_step, old));
      implicit[j] = v16_fma(implicit[j], implicit_keep, v16_mul(implicit_step, old));
    }
  }
  row_store(own, u.own, blocks);
  row_store(implicit, u.implicit, blocks);
  user->bias = bias;
  return squares;
}

INLINE double timed_user_run_blocks(
  const rk_implicit_items *model, rk_implicit_user *user, rk_drift *drift, const rk_timed_rating *ratings, size_t count,
  size_t blocks) {
  const rk_implicit_items m = *model;
  rk_implicit_user u = *user;
  rk_drift d = *drift;
  const v16 own_keep = v16_set1(u.own_keep), implicit_keep = v16_set1(u.implicit_keep);
  const v16 factor_keep = v16_set1(m.factor_keep), slope_keep = v16_set1(d.factor_slope_keep);
  v16 own[MAXIMUM_USER_BLOCKS], implicit[MAXIMUM_USER_BLOCKS], slopes[MAXIMUM_USER_BLOCKS];
  row_load(own, u.own, blocks);
  row_load(implicit, u.implicit, blocks);
  row_load(slopes, d.factor_slopes, blocks);
  double squares = 0;
  for (size_t k = 0; k < count; k++) {
    const rk_timed_rating *r = ratings + k;
    if (k + PREFETCH_DISTANCE < count)
      prefetch(m.factors + (size_t)ratings[k + PREFETCH_DISTANCE].item * 16 * blocks, blocks);
    float *q = m.factors + (size_t)r->item * 16 * blocks;
    const v16 passed = v16_set1(r->drift);
    v16 sums[4] = {v16_set1(0), v16_set1(0), v16_set1(0), v16_set1(0)};
    UNROLL for (size_t j = 0; j < blocks; j++)
      sums[j % 4] = v16_fma(v16_fma(passed, slopes[j], v16_add(own[j], implicit[j])), v16_load(q + 16 * j), sums[j % 4]);
    const float product = v16_sum(v16_add(v16_add(sums[0], sums[1]), v16_add(sums[2], sums[3])));
    const float error = timed_biases_step(&m, &u, &d, r, product);
    squares += (double)error * (double)error;
    const v16 own_step = v16_set1(u.own_rate * error), implicit_step = v16_set1(u.implicit_rate * error);
    const v16 factor_step = v16_set1(m.factor_rate * error);
    const v16 slope_step = v16_set1(d.factor_slope_rate * (error * r->drift));
    UNROLL for (size_t j = 0; j < blocks; j++) {
      v16 old = v16_load(q + 16 * j), w = v16_fma(passed, slopes[j], v16_add(own[j], implicit[j]));
      v16_store(q + 16 * j, v16_fma(old, factor_keep, v16_mul(factor_step, w)));
      own[j] = v16_fma(own[j], own_keep, v16_mul(own_step, old));
      implicit[j] = v16_fma(implicit[j], implicit_keep, v16_mul(implicit_step, old));
      slopes[j] = v16_mul(slope_keep, v16_fma(slope_step, old, slopes[j]));
    }
  }
  row_store(own, u.own, blocks);
  row_store(implicit, u.implicit, blocks);
  row_store(slopes, d.factor_slopes, blocks);
  user->bias = u.bias;
  drift->bias_slope = d.bias_slope;
  drift->scale = d.scale;
  return squares;
}

#define DEFINE_USER_RUNS(n)                                                                                           \
  static double user_run_##n(                                                                                         \
    const rk_implicit_items *m, rk_implicit_user *u, const rk_item_rating *ratings, size_t count) {                   \
    return user_run_blocks(m, u, ratings, count, n);                                                                  \
  }                                                                                                                   \
  static double timed_user_run_##n(                                                                                   \
    const rk_implicit_items *m, rk_implicit_user *u, rk_drift *d, const rk_timed_rating *ratings, size_t count) {     \
    return timed_user_run_blocks(m, u, d, ratings, count, n);                                                         \
  }                                                                                                                   \
  static void sum_rows_##n(                                                                                           \
    const float *matrix, const uint32_t *rows, const float *weights, size_t count, float *sum) {                      \
    sum_rows_blocks(matrix, rows, weights, count, sum, n);                                                            \
  }
EACH_NUMBER_OF_USER_BLOCKS(DEFINE_USER_RUNS)

#endif

static void sum_rows(
  const float *matrix, size_t stride, const uint32_t *rows, const float *weights, size_t count, float *sum) {
  switch (stride) {
#ifdef ROWS_IN_REGISTERS
#define CALL(n) case 16 * n: sum_rows_##n(matrix, rows, weights, count, sum); return;
    EACH_NUMBER_OF_USER_BLOCKS(CALL)
#undef CALL
#endif
    default: sum_rows_long(matrix, stride, rows, weights, count, sum);
  }
}

static double user_run(
  const rk_implicit_items *m, rk_implicit_user *u, const rk_item_rating *ratings, size_t count) {
  switch (m->stride) {
#ifdef ROWS_IN_REGISTERS
#define CALL(n) case 16 * n: return user_run_##n(m, u, ratings, count);
    EACH_NUMBER_OF_USER_BLOCKS(CALL)
#undef CALL
#endif
    default: return user_run_long(m, u, ratings, count);
  }
}

static double timed_user_run(
  const rk_implicit_items *m, rk_implicit_user *u, rk_drift *d, const rk_timed_rating *ratings, size_t count) {
  switch (m->stride) {
#ifdef ROWS_IN_REGISTERS
#define CALL(n) case 16 * n: return timed_user_run_##n(m, u, d, ratings, count);
    EACH_NUMBER_OF_USER_BLOCKS(CALL)
#undef CALL
#endif
    default: return timed_user_run_long(m, u, d, ratings, count);
  }
}

#define IMPLICIT_KERNELS                                                                                              \
  {.sum_rows = sum_rows, .add_to_rows = add_to_rows, .user_run = user_run, .timed_user_run = timed_user_run}
