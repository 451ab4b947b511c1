// The loops of Bayesian factorization, over the same 16 virtual lanes as loops.h; after loops_least_squares.h, whose
// sums and whose Cholesky factorization these use.

// Where the parts of a row's sums are.
INLINE size_t h_place(size_t stride) { return stride * stride; }
INLINE size_t yh_place(size_t stride) { return stride * (stride + 1); }
INLINE size_t y_place(size_t stride) { return stride * (stride + 2); }

// MARK: Ratings

// The number of sides is a constant where this is called.
INLINE void sum_companions(
  const rk_companions *sides, size_t number, size_t first, size_t count, float *rows, float *biases) {
  const size_t stride = sides->stride;
  for (size_t t = 0; t < count; t++) {
    const size_t ahead = first + (t + 8 < count ? t + 8 : t);
    const float *row[RK_COMPANIONS];
    float bias = 0;
    UNROLL for (size_t s = 0; s < number; s++) {
      const uint32_t index = sides->rows[s][first + t];
      row[s] = sides->factors[s] + (size_t)index * stride;
      __builtin_prefetch(sides->factors[s] + (size_t)sides->rows[s][ahead] * stride);
      bias += sides->biases[s][index];
    }
    v16 products = v16_set1(0);
    for (size_t c = 0; c < stride; c += 16) {
      v16 sum = v16_load(row[0] + c);
      UNROLL for (size_t s = 1; s < number; s++) {
        const v16 next = v16_load(row[s] + c);
        products = v16_fma(sum, next, products);
        sum = v16_add(sum, next);
      }
      v16_store(rows + t * stride + c, sum);
    }
    biases[t] = bias + v16_sum(products);
  }
}

static void companion_rows(const rk_companions *sides, size_t first, size_t count, float *rows, float *biases) {
  if (sides->count == 1) sum_companions(sides, 1, first, count, rows, biases);
  else if (sides->count == 2) sum_companions(sides, 2, first, count, rows, biases);
  else if (sides->count == 3) sum_companions(sides, 3, first, count, rows, biases);
  else sum_companions(sides, 4, first, count, rows, biases);
}

static void row_means(
  const float *factors, const float *biases, size_t stride, const uint32_t *rows, size_t count, const float *x,
  float bias, float *means) {
  for (size_t t = 0; t < count; t++) {
    const float *q = factors + (size_t)rows[t] * stride;
    v16 product = v16_set1(0);
    for (size_t c = 0; c < stride; c += 16) product = v16_fma(v16_load(q + c), v16_load(x + c), product);
    means[t] = (bias + biases[rows[t]]) + v16_sum(product);
  }
}

// MARK: Sums

// out = a x, where a is symmetric and right where j >= i / 16 * 16.
INLINE void symmetric_product(const float *a, size_t stride, const float *x, float *out) {
  for (size_t c = 0; c < stride; c += 16) {
    v16 sum = v16_set1(0);
    // What lies above and on the diagonal block, column by column of the product.
    for (size_t r = 0; r < c + 16; r++) sum = v16_fma(v16_set1(x[r]), v16_load(a + r * stride + c), sum);
    v16_store(out + c, sum);
  }
  for (size_t c = 0; c + 16 < stride; c += 16)
    for (size_t r = c; r < c + 16; r++) out[r] += dot(a + r * stride + c + 16, x + c + 16, stride - c - 16);
}

static void shift_sums(
  const float *sums, size_t stride, float count, const float *others, float bias, float *shifted) {
  const float *h = sums + h_place(stride), *yh = sums + yh_place(stride);
  float *shifted_h = shifted + h_place(stride), *shifted_yh = shifted + yh_place(stride);
  const float y = sums[y_place(stride)];
  const float rest = scalar_fma(-count, bias, y) - dot(others, h, stride);
  symmetric_product(sums, stride, others, shifted_yh);
  const v16 minus_bias = v16_set1(-bias), total = v16_set1(rest), number = v16_set1(count);
  for (size_t c = 0; c < stride; c += 16) {
    const v16 g = v16_load(others + c), product = v16_load(shifted_yh + c);
    v16 sum = v16_fma(minus_bias, v16_load(h + c), v16_load(yh + c));
    sum = v16_fma(v16_set1(-1), product, sum);
    v16_store(shifted_yh + c, v16_fma(total, g, sum));
    v16_store(shifted_h + c, v16_fma(number, g, v16_load(h + c)));
  }
  shifted[y_place(stride)] = rest;
  for (size_t r = 0; r < stride; r++) {
    // (h + g)(h + g)^T sums to h h^T + (sum of h + count g) g^T + g (sum of h)^T.
    const v16 left = v16_set1(shifted_h[r]), right = v16_set1(others[r]);
    for (size_t c = r / 16 * 16; c < stride; c += 16) {
      const v16 sum = v16_fma(left, v16_load(others + c), v16_load(sums + r * stride + c));
      v16_store(shifted + r * stride + c, v16_fma(right, v16_load(h + c), sum));
    }
  }
}

static void copy_sums(const float *sums, size_t stride, float *copy) {
  for (size_t r = 0; r < stride; r++)
    for (size_t c = r / 16 * 16; c < stride; c += 16) v16_store(copy + r * stride + c, v16_load(sums + r * stride + c));
  for (size_t c = h_place(stride); c < y_place(stride); c += 16) v16_store(copy + c, v16_load(sums + c));
  copy[y_place(stride)] = sums[y_place(stride)];
}

static double residual_sums(float *sums, size_t stride, float count, const float *x, float bias, double squares) {
  float *h = sums + h_place(stride), *yh = sums + yh_place(stride), *y = sums + y_place(stride);
  float product[16];
  const float y_before = *y;
  *y = scalar_fma(-count, bias, y_before) - dot(h, x, stride);
  double left = squares - (double)bias * ((double)y_before + (double)*y);
  const v16 minus_bias = v16_set1(-bias);
  for (size_t first = 0; first < stride; first += 16) {
    v16 sum = v16_set1(0);
    for (size_t r = 0; r < first + 16; r++) sum = v16_fma(v16_set1(x[r]), v16_load(sums + r * stride + first), sum);
    v16_store(product, sum);
    if (first + 16 < stride)
      for (size_t r = 0; r < 16; r++)
        product[r] += dot(sums + (first + r) * stride + first + 16, x + first + 16, stride - first - 16);
    const v16 before = v16_load(yh + first);
    v16 after = v16_fma(minus_bias, v16_load(h + first), before);
    after = v16_fma(v16_set1(-1), v16_load(product), after);
    v16_store(yh + first, after);
    left -= (double)v16_sum(v16_mul(v16_load(x + first), v16_add(before, after)));
  }
  return left;
}

static void grow_sums(float *sums, size_t stride, size_t first, const float *growth, float bias_growth) {
  const float *h = sums + h_place(stride);
  float *yh = sums + yh_place(stride);
  const v16 minus_bias = v16_set1(-bias_growth);
  for (size_t c = 0; c < stride; c += 16) {
    if (c == first) continue;
    v16 sum = v16_fma(minus_bias, v16_load(h + c), v16_load(yh + c));
    if (c > first) {
      for (size_t r = 0; r < 16; r++)
        sum = v16_fma(v16_set1(-growth[r]), v16_load(sums + (first + r) * stride + c), sum);
    } else {
      const v16 x = v16_load(growth);
      float product[16];
      for (size_t r = 0; r < 16; r++) product[r] = v16_sum(v16_mul(x, v16_load(sums + (c + r) * stride + first)));
      sum = v16_fma(v16_set1(-1), v16_load(product), sum);
    }
    v16_store(yh + c, sum);
  }
}

// MARK: Draws

static size_t draw_row(
  float *sums, size_t stride, size_t used, float count, const rk_normal_prior *prior, const float *normals, float *x,
  float *bias) {
  const float *h = sums + h_place(stride);
  float *yh = sums + yh_place(stride), *y = sums + y_place(stride);
  float weight = 0;
  if (prior->has_bias) {
    const float divisor = count + prior->bias_precision;
    if (!(divisor > 0)) return used + 1;
    weight = 1 / divisor;
    *y += prior->bias_pull;
    eliminate_bias(sums, stride, weight);
  }
  if (prior->matrix) {
    for (size_t r = 0; r < stride; r++)
      for (size_t c = r / 16 * 16; c < stride; c += 16)
        v16_store(sums + r * stride + c, v16_add(v16_load(sums + r * stride + c), v16_load(prior->matrix + r * stride + c)));
  } else {
    for (size_t f = 0; f < used; f++) sums[f * stride + f] += prior->precisions[f];
  }
  for (size_t f = used; f < stride; f++) sums[f * stride + f] = 1;
  size_t failed = factor(sums, stride, used);
  if (failed) return failed;
  // With L L^T the precision and t = L^-1 (yh + pull), the mean is L^-T t, and
  // mean - a (before - mean) + noise = L^-T ((1 + a) t + noise) - a before: one substitution for both.
  const float back = prior->overrelaxation, ahead = 1 + back;
  const float spread = prior->deviation * __builtin_sqrtf(scalar_fma(-back, back, 1));
  float before[RK_LARGEST_STRIDE];
  for (size_t f = 0; f < stride; f += 16) {
    v16_store(before + f, v16_load(x + f));
    v16_store(x + f, v16_add(v16_load(yh + f), v16_load(prior->pull + f)));
  }
  substitute_forward(sums, stride, x);
  for (size_t f = 0; f < stride; f += 16)
    v16_store(
      x + f, v16_fma(v16_set1(spread), v16_load(normals + f), v16_mul(v16_set1(ahead), v16_load(x + f))));
  for (size_t f = used; f < stride; f++) x[f] = 0;
  substitute_back(sums, stride, x);
  if (back != 0)
    for (size_t f = 0; f < stride; f += 16)
      v16_store(x + f, v16_fma(v16_set1(-back), v16_load(before + f), v16_load(x + f)));
  if (!prior->has_bias) {
    *bias = 0;
    return 0;
  }
  // The bias has mean weight (y - h . x) given x; the same of its distance from that.
  float mean = (*y - dot(h, x, stride)) * weight;
  if (back != 0) mean = scalar_fma(-back, scalar_fma(-weight, *y - dot(h, before, stride), *bias), mean);
  *bias = scalar_fma(normals[stride] * spread, __builtin_sqrtf(weight), mean);
  return 0;
}

// MARK: Features

static void packed_products(const float *sums, size_t stride, size_t first, size_t used, float *products) {
  for (size_t r = 0; r < used; r++)
    for (size_t c = r; c < used; c++) *products++ = sums[(first + r) * stride + first + c];
}

// The rows that have one feature.
typedef struct feature_rows {
  const uint32_t *rows;
  const float *weights;
  size_t count;
} feature_rows;

// Row u with weight w has factors P of these 16, of which g = P - w own are not the feature's: one more of the feature's
// bias b and factors x adds w (b + x . (h + g)) to each of its ratings. Makes the sums (stride 16) for the change of x
// and b, and returns their count. (h + g)(h + g)^T sums to h h^T and the symmetric part of (2 h + count g) g^T; the
// former is in `products`.
INLINE float feature_sums(
  const rk_feature_side *side, const feature_rows *entries, size_t first, size_t used, size_t exactly,
  const float *own, const float *products, float *sums) {
  const size_t stride = side->stride;
  const v16 mine = v16_load(own);
  v16 h_sum = v16_set1(0), yh_sum = v16_set1(0);
  float y_sum = 0, count = 0, left[16];
  for (size_t tile = 0; tile < used; tile += TILE_ROWS) {
    v16 total[TILE_ROWS];
    UNROLL for (size_t r = 0; r < TILE_ROWS; r++) total[r] = v16_set1(0);
    for (size_t t = 0; t < entries->count; t++) {
      const size_t row = entries->rows[t];
      const float weight = entries->weights[t], square = weight * weight, number = side->counts[row];
      const float *a = side->sums + row * side->sums_stride;
      const v16 h = v16_load(a + h_place(stride) + first);
      const v16 g = v16_fma(v16_set1(-weight), mine, v16_load(side->factors + row * stride + first));
      const v16 shifted = v16_fma(v16_set1(number), g, h);
      if (tile == 0) {
        const float y = a[y_place(stride)];
        count = scalar_fma(square, number, count);
        y_sum = scalar_fma(weight, y, y_sum);
        h_sum = v16_fma(v16_set1(square), shifted, h_sum);
        yh_sum = v16_fma(v16_set1(weight), v16_fma(v16_set1(y), g, v16_load(a + yh_place(stride) + first)), yh_sum);
      }
      v16_store(left, v16_mul(v16_set1(square), v16_add(h, shifted)));
      UNROLL for (size_t r = 0; r < TILE_ROWS; r++)
        if (tile + r < used) total[r] = v16_fma(v16_set1(left[tile + r]), g, total[r]);
    }
    UNROLL for (size_t r = 0; r < TILE_ROWS; r++)
      if (tile + r < used) v16_store(sums + (tile + r) * 16, total[r]);
  }
  for (size_t r = 0; r < exactly; r++)
    for (size_t c = r; c < exactly; c++) sums[r * 16 + c] = 0.5f * (sums[r * 16 + c] + sums[c * 16 + r]) + *products++;
  v16_store(sums + h_place(16), h_sum);
  v16_store(sums + yh_place(16), yh_sum);
  sums[y_place(16)] = y_sum;
  return count;
}

// Adds a change of a feature's factors, which were `own`, and bias to its rows.
INLINE void feature_change(
  const rk_feature_side *side, const feature_rows *entries, size_t first, size_t used, const float *own,
  const float *change, float bias_change) {
  const size_t stride = side->stride;
  const v16 mine = v16_load(own), growth = v16_load(change);
  for (size_t t = 0; t < entries->count; t++) {
    const size_t row = entries->rows[t];
    const float weight = entries->weights[t];
    float *a = side->sums + row * side->sums_stride;
    float *place = side->factors + row * stride + first;
    const v16 h = v16_load(a + h_place(stride) + first), before = v16_load(place);
    const v16 g = v16_fma(v16_set1(-weight), mine, before);
    float along_g, along_h;
    v16_sum2(v16_mul(growth, g), v16_mul(growth, h), &along_g, &along_h);
    const float shift = weight * (bias_change + along_g);
    side->biases[row] += shift;
    v16_store(place, v16_fma(v16_set1(weight), growth, before));
    a[y_place(stride)] = scalar_fma(-side->counts[row], shift, scalar_fma(-weight, along_h, a[y_place(stride)]));
    // Four sums, which are added at the end, so that no product waits for the one before.
    v16 products[4];
    UNROLL for (size_t k = 0; k < 4; k++) products[k] = v16_set1(0);
    UNROLL for (size_t r = 0; r < 16; r++)
      if (r < used)
        products[r % 4] = v16_fma(v16_set1(change[r]), v16_load(a + (first + r) * stride + first), products[r % 4]);
    const v16 product = v16_add(v16_add(products[0], products[1]), v16_add(products[2], products[3]));
    const v16 yh = v16_fma(v16_set1(-shift), h, v16_load(a + yh_place(stride) + first));
    v16_store(a + yh_place(stride) + first, v16_fma(v16_set1(-weight), product, yh));
  }
}

static size_t draw_features(
  const rk_feature_side *side, const rk_feature_group *group, size_t begin, size_t end, size_t first, size_t used,
  const rk_normal_prior *prior) {
  float sums[16 * 18 + 16] __attribute__((aligned(64)));
  float change[16] __attribute__((aligned(64))), pull[16] __attribute__((aligned(64)));
  for (size_t feature = begin; feature < end; feature++) {
    const size_t start = group->starts[feature];
    const feature_rows entries = {
      group->rows + start, group->weights + start, (size_t)(group->starts[feature + 1] - start)};
    float *own = group->factors + feature * group->stride + first;
    for (size_t c = 0; c < 16 * 18 + 16; c += 16) v16_store(sums + c, v16_set1(0));
    const float *products = group->products + feature * group->products_stride;
    // A constant number of factors is a loop without branches.
    float count = 0;
#define FOR_USED(call)                                                                                                  if (used <= 4) { call(4); }                                                                                           else if (used <= 8) { call(8); }                                                                                      else if (used == 10) { call(10); }                                                                                    else if (used <= 12) { call(12); }                                                                                    else { call(16); }
#define SUM(number) count = feature_sums(side, &entries, first, number, used, own, products, sums)
#define CHANGE(number) feature_change(side, &entries, first, number, own, change, bias_change)
    FOR_USED(SUM)
    rk_normal_prior of_change = *prior;
    for (size_t f = 0; f < 16; f++) pull[f] = f < used ? scalar_fma(-prior->precisions[f], own[f], prior->pull[f]) : 0;
    of_change.pull = pull;
    of_change.bias_pull = scalar_fma(-prior->bias_precision, group->biases[feature], prior->bias_pull);
    float bias_change = 0;
    v16_store(change, v16_set1(0));
    size_t failed = draw_row(
      sums, 16, used, count, &of_change, group->normals + feature * group->normals_stride, change, &bias_change);
    if (failed) return 1 + feature;
    FOR_USED(CHANGE)
#undef SUM
#undef CHANGE
#undef FOR_USED
    v16_store(own, v16_add(v16_load(own), v16_load(change)));
    group->biases[feature] += bias_change;
  }
  return 0;
}

#define BAYESIAN_KERNELS                                                                                              \
  {                                                                                                                   \
    .companion_rows = companion_rows, .row_means = row_means, .shift_sums = shift_sums, .copy_sums = copy_sums,       \
    .residual_sums = residual_sums, .grow_sums = grow_sums, .draw_row = draw_row, .packed_products = packed_products, \
    .draw_features = draw_features                                                                                    \
  }
