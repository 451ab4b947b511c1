// The loops of regularized least squares for one row of a factor model, over the same 16 virtual lanes as loops.h, which
// has to be included before.
//
// The row's unknowns are its factors x and its bias b; each of its ratings is an equation y = b + q . x, where q is a row
// of the other side's factors and y the rating less that row's bias. Factors fill `stride` floats, a multiple of 16;
// unused ones are 0. Blocks are 16 wide.
//
// The order of operations, element by element, whatever the tiles:
// - Ratings are summed in chunks of CHUNK(stride), one fused multiply-add after the other, starting from 0; chunk sums
//   are added to the totals in order.
// - Element (r, c) of the Cholesky factor subtracts its products with k = 0, 1, ... one after the other, fused; then the
//   row is multiplied by the reciprocal of its pivot's root.

// A tile of sums is held in registers: 8 rows of 3 or 2 vectors and 16 of 1 where 32 vectors fit, else 4 rows of 1.
#ifdef LARGE_TILES
#define EACH_TILE(column, blocks, CALL)                                                                               \
  for (; blocks - column / 16 >= 3 && blocks - column / 16 != 4; column += 48) { CALL(0, 8, 3) CALL(8, 8, 3) }         \
  for (; blocks - column / 16 >= 2; column += 32) { CALL(0, 8, 2) CALL(8, 8, 2) }                                      \
  for (; blocks - column / 16 >= 1; column += 16) { CALL(0, 16, 1) }
#define TILE_ROWS 16
#define TILE_VECTORS 3
#define STRIP_VECTORS 4
#else
#define EACH_TILE(column, blocks, CALL)                                                                               \
  for (; blocks - column / 16 >= 1; column += 16) { CALL(0, 4, 1) CALL(4, 4, 1) CALL(8, 4, 1) CALL(12, 4, 1) }
#define TILE_ROWS 4
#define TILE_VECTORS 1
#define STRIP_VECTORS 2
#endif

// As many ratings as keep their factor rows in the first-level cache: 16 KiB of them, between 32 and 256.
#define CHUNK_LIMIT 256
INLINE size_t chunk_size(size_t stride) {
  size_t size = 4096 / stride;
  return size < 32 ? 32 : size > CHUNK_LIMIT ? CHUNK_LIMIT : size;
}

// MARK: Normal equations

// A chunk of ratings as the tiles read it.
typedef struct gram_chunk {
  size_t count;
  const float *row[CHUNK_LIMIT];
  float target[CHUNK_LIMIT];
  // Rows that come next, as many as `row`. The passes over a chunk fetch their `lines` lines into the cache, evenly: 2^
  // `shift` passes to a line.
  const float *next[CHUNK_LIMIT];
  size_t lines, pass, shift;
} gram_chunk;

// What a pass fetches while it is at rating t.
typedef struct chunk_fetch {
  const float *const *next;
  size_t line, shift;
} chunk_fetch;

INLINE chunk_fetch chunk_pass(gram_chunk *chunk) {
  const size_t pass = chunk->pass++, line = pass >> chunk->shift, part = pass & (((size_t)1 << chunk->shift) - 1);
  return (chunk_fetch){
    chunk->next + (part * chunk->count >> chunk->shift), 16 * (line < chunk->lines ? line : chunk->lines - 1),
    chunk->shift};
}

INLINE void fetch_next(chunk_fetch fetch, size_t t) { __builtin_prefetch(fetch.next[t >> fetch.shift] + fetch.line); }

INLINE void tile_add(float *sums, const v16 *tile, size_t vectors, int is_first) {
  for (size_t v = 0; v < vectors; v++)
    v16_store(sums + 16 * v, is_first ? tile[v] : v16_add(v16_load(sums + 16 * v), tile[v]));
}

// Adds the products of factors first...first + rows - 1 with those of `vectors` blocks from `column` on.
INLINE void gram_tile(
  gram_chunk *chunk, size_t first, size_t column, size_t rows, size_t vectors, float *sums, size_t stride,
  int is_first) {
  const chunk_fetch fetch = chunk_pass(chunk);
  v16 tile[TILE_ROWS][TILE_VECTORS];
  UNROLL for (size_t r = 0; r < rows; r++) UNROLL for (size_t v = 0; v < vectors; v++) tile[r][v] = v16_set1(0);
  for (size_t t = 0; t < chunk->count; t++) {
    const float *q = chunk->row[t];
    fetch_next(fetch, t);
    v16 columns[TILE_VECTORS];
    UNROLL for (size_t v = 0; v < vectors; v++) columns[v] = v16_load(q + column + 16 * v);
    UNROLL for (size_t r = 0; r < rows; r++) {
      const v16 factor = v16_set1(q[first + r]);
      UNROLL for (size_t v = 0; v < vectors; v++) tile[r][v] = v16_fma(factor, columns[v], tile[r][v]);
    }
  }
  UNROLL for (size_t r = 0; r < rows; r++)
    tile_add(sums + (first + r) * stride + column, tile[r], vectors, is_first);
}

// Adds the sums of q and of y q, for `vectors` blocks from `column` on.
INLINE void gram_strip(
  gram_chunk *chunk, size_t column, size_t vectors, float *q_sums, float *yq_sums, int is_first) {
  const chunk_fetch fetch = chunk_pass(chunk);
  v16 q_sum[STRIP_VECTORS], yq_sum[STRIP_VECTORS];
  UNROLL for (size_t v = 0; v < vectors; v++) q_sum[v] = yq_sum[v] = v16_set1(0);
  for (size_t t = 0; t < chunk->count; t++) {
    const v16 target = v16_set1(chunk->target[t]);
    fetch_next(fetch, t);
    UNROLL for (size_t v = 0; v < vectors; v++) {
      const v16 q = v16_load(chunk->row[t] + column + 16 * v);
      q_sum[v] = v16_add(q_sum[v], q);
      yq_sum[v] = v16_fma(target, q, yq_sum[v]);
    }
  }
  tile_add(q_sums + column, q_sum, vectors, is_first);
  tile_add(yq_sums + column, yq_sum, vectors, is_first);
}

#ifdef v16_rotate
// A block on the diagonal, which is symmetric, as nine vectors in place of sixteen: lane i of row k is the sum of the
// products of factors i and (i + k) mod 16.
INLINE void gram_diagonal(
  gram_chunk *chunk, size_t column, size_t blocks, float *sums, size_t stride, int is_first) {
  const chunk_fetch fetch = chunk_pass(chunk);
  v16 tile[2][9];
  UNROLL for (size_t b = 0; b < blocks; b++) UNROLL for (size_t k = 0; k < 9; k++) tile[b][k] = v16_set1(0);
  for (size_t t = 0; t < chunk->count; t++) {
    const float *q = chunk->row[t] + column;
    fetch_next(fetch, t);
    UNROLL for (size_t b = 0; b < blocks; b++) {
      const v16 x = v16_load(q + 16 * b);
      tile[b][0] = v16_fma(x, x, tile[b][0]);
#define ADD(k) tile[b][k] = v16_fma(x, v16_rotate(x, k), tile[b][k]);
      ADD(1) ADD(2) ADD(3) ADD(4) ADD(5) ADD(6) ADD(7) ADD(8)
#undef ADD
    }
  }
  UNROLL for (size_t b = 0; b < blocks; b++)
    UNROLL for (size_t k = 0; k < 9; k++)
      tile_add(sums + (column + 16 * b + k) * stride + column + 16 * b, &tile[b][k], 1, is_first);
}

// Writes the blocks on the diagonal as they are, from what gram_diagonal sums.
static void gram_unrotate(float *sums, size_t stride) {
  for (size_t first = 0; first < stride; first += 16) {
    float *block = sums + first * stride + first;
    // Lane c of diagonal d is element ((c - d) mod 16, c).
    v16 diagonal[16], turned[16];
    diagonal[0] = v16_load(block);
#define PLACE(k)                                                                                                       \
  diagonal[16 - k] = v16_load(block + k * stride);                                                                     \
  diagonal[k] = v16_rotate(diagonal[16 - k], 16 - k);
    PLACE(1) PLACE(2) PLACE(3) PLACE(4) PLACE(5) PLACE(6) PLACE(7) PLACE(8)
#undef PLACE
    // Each lane c turns the diagonals by c places, one bit of c after the other.
#define TURN(from, to, bit, lanes)                                                                                     \
  UNROLL for (size_t d = 0; d < 16; d++) to[d] = v16_blend(lanes, from[d], from[(d + bit) % 16]);
    TURN(diagonal, turned, 1, 0xAAAA)
    TURN(turned, diagonal, 2, 0xCCCC)
    TURN(diagonal, turned, 4, 0xF0F0)
    TURN(turned, diagonal, 8, 0xFF00)
#undef TURN
    UNROLL for (size_t r = 0; r < 16; r++) v16_store(block + r * stride, diagonal[(16 - r) % 16]);
  }
}
#endif

static void gram_add_chunk(gram_chunk *chunk, float *sums, size_t stride, int is_first) {
#define ADD(row, rows, vectors) gram_tile(chunk, first + row, column, rows, vectors, sums, stride, is_first);
#ifdef v16_rotate
  size_t block = 0;
  for (; block + 32 <= stride; block += 32) gram_diagonal(chunk, block, 2, sums, stride, is_first);
  if (block < stride) gram_diagonal(chunk, block, 1, sums, stride, is_first);
  for (size_t first = 0; first + 16 < stride; first += 16) {
    size_t column = first + 16;
    EACH_TILE(column, stride / 16, ADD)
  }
#else
  for (size_t first = 0; first < stride; first += 16) {
    size_t column = first;
    EACH_TILE(column, stride / 16, ADD)
  }
#endif
#undef ADD
  float *q_sums = sums + stride * stride, *yq_sums = q_sums + stride;
  size_t column = 0;
  for (; column + 16 * STRIP_VECTORS <= stride; column += 16 * STRIP_VECTORS)
    gram_strip(chunk, column, STRIP_VECTORS, q_sums, yq_sums, is_first);
  for (; column < stride; column += 16) gram_strip(chunk, column, 1, q_sums, yq_sums, is_first);
}

// How often a line's fetches are spread over two passes rather than one: there are about `lines` x (lines + 3) / 3
// passes of large tiles, and more of small ones.
INLINE size_t fetch_shift(size_t lines) { return lines >= 4 ? 1 : 0; }

static void normal_equations(
  const rk_regressors *side, const uint32_t *rows, const float *ratings, size_t count, size_t ahead, float *sums) {
  const size_t stride = side->stride, size = chunk_size(stride);
  gram_chunk chunk;
  chunk.lines = stride / 16;
  chunk.shift = fetch_shift(chunk.lines);
  float *y_sum = sums + stride * (stride + 2);
  *y_sum = 0;
  for (size_t start = 0; start < count; start += size) {
    chunk.count = count - start < size ? count - start : size;
    chunk.pass = 0;
    float total = 0;
    for (size_t t = 0; t < chunk.count; t++) {
      const size_t position = start + t, next = position + chunk.count;
      chunk.row[t] = side->factors + (size_t)rows[position] * stride;
      chunk.next[t] = side->factors + (size_t)rows[next < count + ahead ? next : position] * stride;
      chunk.target[t] = ratings[position] - side->biases[rows[position]];
      total += chunk.target[t];
    }
    *y_sum += total;
    gram_add_chunk(&chunk, sums, stride, start == 0);
  }
#ifdef v16_rotate
  gram_unrotate(sums, stride);
#endif
}

// MARK: Solving them

// Eliminates the bias: what is left are the equations of the factors alone.
INLINE void eliminate_bias(float *sums, size_t stride, float weight) {
  const float *q_sums = sums + stride * stride;
  float *yq_sums = sums + stride * (stride + 1);
  const float y_sum = sums[stride * (stride + 2)];
  for (size_t r = 0; r <= stride; r++) {
    const v16 share = v16_set1(-(r < stride ? q_sums[r] : y_sum) * weight);
    float *row = r < stride ? sums + r * stride : yq_sums;
    for (size_t c = r < stride ? r / 16 * 16 : 0; c < stride; c += 16)
      v16_store(row + c, v16_fma(share, v16_load(q_sums + c), v16_load(row + c)));
  }
}

// Subtracts what rows 0...first - 1 of the factor leave over for `rows` rows from `row` on, in `vectors` blocks.
INLINE void factor_tile(
  float *a, size_t stride, size_t first, size_t row, size_t column, size_t rows, size_t vectors) {
  v16 tile[TILE_ROWS][TILE_VECTORS];
  UNROLL for (size_t r = 0; r < rows; r++)
    UNROLL for (size_t v = 0; v < vectors; v++) tile[r][v] = v16_load(a + (row + r) * stride + column + 16 * v);
  for (size_t k = 0; k < first; k++) {
    const float *u = a + k * stride;
    v16 columns[TILE_VECTORS];
    UNROLL for (size_t v = 0; v < vectors; v++) columns[v] = v16_load(u + column + 16 * v);
    UNROLL for (size_t r = 0; r < rows; r++) {
      const v16 factor = v16_set1(-u[row + r]);
      UNROLL for (size_t v = 0; v < vectors; v++) tile[r][v] = v16_fma(factor, columns[v], tile[r][v]);
    }
  }
  UNROLL for (size_t r = 0; r < rows; r++)
    UNROLL for (size_t v = 0; v < vectors; v++) v16_store(a + (row + r) * stride + column + 16 * v, tile[r][v]);
}

// Factors the 16 x 16 block at a, whose diagonal becomes the reciprocals of the factor's; from `used` on, which is a
// constant where this is called, it is that of the unit matrix. Returns 0, or i > 0 where the i-th pivot is not positive.
INLINE size_t factor_pivots(float *a, size_t stride, size_t used) {
  v16 x[16];
  UNROLL for (size_t r = 0; r < used; r++) x[r] = v16_load(a + r * stride);
  UNROLL for (size_t r = 0; r < used; r++) {
    float *row = a + r * stride;
    v16_store(row, x[r]);
    const float pivot = row[r];
    if (!(pivot > 0) || pivot > 3.4028234e38f) return r + 1;
    const float reciprocal = 1 / __builtin_sqrtf(pivot);
    x[r] = v16_mul(x[r], v16_set1(reciprocal));
    v16_store(row, x[r]);
    UNROLL for (size_t s = r + 1; s < used; s++) x[s] = v16_fma(v16_set1(-row[s]), x[r], x[s]);
    row[r] = reciprocal;
  }
  return 0;
}

INLINE size_t factor_diagonal(float *a, size_t stride, size_t used) {
  return used <= 10 ? factor_pivots(a, stride, 10) : factor_pivots(a, stride, 16);
}

// Finishes the 16 rows at a, in the block that lies `offset` behind their factored diagonal block.
INLINE void factor_block(float *a, size_t stride, size_t offset) {
  v16 x[16];
  UNROLL for (size_t r = 0; r < 16; r++) x[r] = v16_load(a + r * stride + offset);
  UNROLL for (size_t r = 0; r < 16; r++) {
    const float *row = a + r * stride;
    x[r] = v16_mul(x[r], v16_set1(row[r]));
    UNROLL for (size_t s = r + 1; s < 16; s++) x[s] = v16_fma(v16_set1(-row[s]), x[r], x[s]);
    v16_store(a + r * stride + offset, x[r]);
  }
}

// a = transpose(U) U: U replaces the upper triangle, reciprocals its diagonal; behind the first `used` rows a is the unit
// matrix. Returns as factor_diagonal.
static size_t factor(float *a, size_t stride, size_t used) {
  for (size_t first = 0; first < stride; first += 16) {
    size_t column = first;
#define SUBTRACT(row, rows, vectors) factor_tile(a, stride, first, first + row, column, rows, vectors);
    EACH_TILE(column, stride / 16, SUBTRACT)
#undef SUBTRACT
    float *diagonal = a + first * stride + first;
    size_t failed = factor_diagonal(diagonal, stride, used - first);
    if (failed) return first + failed;
    for (size_t offset = 16; first + offset < stride; offset += 16) factor_block(diagonal, stride, offset);
  }
  return 0;
}

// x = the solution of transpose(U) x = x.
static void substitute_forward(const float *a, size_t stride, float *x) {
  float part[16];
  for (size_t first = 0; first < stride; first += 16) {
    const float *row = a + first * stride;
    UNROLL for (size_t r = 0; r < 16; r++) part[r] = x[first + r];
    UNROLL for (size_t r = 0; r < 16; r++) {
      part[r] *= row[r * stride + first + r];
      UNROLL for (size_t s = r + 1; s < 16; s++) part[s] = scalar_fma(-part[r], row[r * stride + first + s], part[s]);
    }
    UNROLL for (size_t r = 0; r < 16; r++) x[first + r] = part[r];
    for (size_t column = first + 16; column < stride; column += 16) {
      v16 rest = v16_load(x + column);
      UNROLL for (size_t r = 0; r < 16; r++) rest = v16_fma(v16_set1(-x[first + r]), v16_load(row + r * stride + column), rest);
      v16_store(x + column, rest);
    }
  }
}

// x = the solution of U x = x.
static void substitute_back(const float *a, size_t stride, float *x) {
  float part[16];
  for (size_t first = stride; first > 0;) {
    const size_t end = first;
    first -= 16;
    const float *row = a + first * stride;
    UNROLL for (size_t r = 0; r < 16; r++) part[r] = x[first + r];
    if (end < stride)
      for (size_t r = 0; r < 16; r++) part[r] -= dot(row + r * stride + end, x + end, stride - end);
    UNROLL for (size_t r = 16; r-- > 0;) {
      part[r] *= row[r * stride + first + r];
      UNROLL for (size_t s = 0; s < r; s++) part[s] = scalar_fma(-part[r], row[s * stride + first + r], part[s]);
    }
    UNROLL for (size_t r = 0; r < 16; r++) x[first + r] = part[r];
  }
}

static size_t solve_ridge(
  float *sums, size_t stride, size_t used, size_t count, const rk_ridge *ridge, float *x, float *bias) {
  const float *q_sums = sums + stride * stride, *yq_sums = sums + stride * (stride + 1);
  const float y_sum = sums[stride * (stride + 2)];
  const float divisor = (float)count + ridge->bias;
  float weight = 0;
  if (ridge->has_bias) {
    if (!(divisor > 0)) return used + 1;
    weight = 1 / divisor;
    eliminate_bias(sums, stride, weight);
  }
  for (size_t f = 0; f < stride; f++) sums[f * stride + f] = f < used ? sums[f * stride + f] + ridge->factors : 1;
  size_t failed = factor(sums, stride, used);
  if (failed) return failed;
  for (size_t f = 0; f < stride; f += 16) v16_store(x + f, v16_load(yq_sums + f));
  substitute_forward(sums, stride, x);
  substitute_back(sums, stride, x);
  *bias = ridge->has_bias ? (y_sum - dot(q_sums, x, stride)) * weight : 0;
  return 0;
}

// MARK: Conjugate gradients

// With w = y - b - q . x (or, without targets, w = b + q . x) for each rating: adds w q to `out` and returns the sum of w.
// Where `squares` is given, q^2 is added to it.
INLINE float weighted_rows(
  const rk_regressors *side, const uint32_t *rows, const float *ratings, size_t count, const float *x, float bias,
  float *out, float *squares) {
  const size_t stride = side->stride;
  float sum = 0;
  for (size_t start = 0; start < count; start += 4) {
    const size_t number = count - start < 4 ? count - start : 4;
    const float *row[4];
    v16 weight[4];
    for (size_t t = 0; t < 4; t++) {
      // What is missing at the end counts with weight 0: it adds nothing, and no bits change.
      const uint32_t index = rows[start + (t < number ? t : 0)];
      row[t] = side->factors + (size_t)index * stride;
      const float product = bias + dot(row[t], x, stride);
      const float w = t >= number ? 0 : ratings ? (ratings[start + t] - side->biases[index]) - product : product;
      weight[t] = v16_set1(w);
      sum += w;
    }
    for (size_t c = 0; c < stride; c += 16) {
      v16 total = v16_load(out + c);
      UNROLL for (size_t t = 0; t < 4; t++) total = v16_fma(weight[t], v16_load(row[t] + c), total);
      v16_store(out + c, total);
    }
    if (squares)
      for (size_t t = 0; t < number; t++)
        for (size_t c = 0; c < stride; c += 16) {
          const v16 q = v16_load(row[t] + c);
          v16_store(squares + c, v16_fma(q, q, v16_load(squares + c)));
        }
  }
  return sum;
}

// out = a + factor b
INLINE void vector_fma(float *out, float factor, const float *b, const float *a, size_t stride) {
  const v16 scale = v16_set1(factor);
  for (size_t c = 0; c < stride; c += 16) v16_store(out + c, v16_fma(scale, v16_load(b + c), v16_load(a + c)));
}

INLINE void vector_product(float *out, const float *a, const float *b, size_t stride) {
  for (size_t c = 0; c < stride; c += 16) v16_store(out + c, v16_mul(v16_load(a + c), v16_load(b + c)));
}

static void descend_ridge(
  const rk_regressors *side, const uint32_t *rows, const float *ratings, size_t count, const rk_ridge *ridge,
  size_t steps, float *scratch, float *x, float *bias) {
  const size_t stride = side->stride;
  float *residual = scratch, *direction = scratch + stride, *image = scratch + 2 * stride;
  float *scale = scratch + 3 * stride, *scaled = scratch + 4 * stride;
  for (size_t c = 0; c < stride; c++) residual[c] = scale[c] = 0;
  float bias_residual = weighted_rows(side, rows, ratings, count, x, *bias, residual, scale);
  vector_fma(residual, -ridge->factors, x, residual, stride);
  bias_residual = ridge->has_bias ? scalar_fma(-ridge->bias, *bias, bias_residual) : 0;
  for (size_t c = 0; c < stride; c++) {
    const float curvature = scale[c] + ridge->factors;
    scale[c] = curvature > 0 ? 1 / curvature : 0;
  }
  const float bias_curvature = (float)count + ridge->bias;
  const float bias_scale = ridge->has_bias && bias_curvature > 0 ? 1 / bias_curvature : 0;
  vector_product(scaled, scale, residual, stride);
  float bias_scaled = bias_scale * bias_residual, bias_direction = bias_scaled;
  for (size_t c = 0; c < stride; c++) direction[c] = scaled[c];
  float length = scalar_fma(bias_residual, bias_scaled, dot(residual, scaled, stride));
  for (size_t step = 0; step < steps && length > 0; step++) {
    for (size_t c = 0; c < stride; c++) image[c] = 0;
    float bias_image = weighted_rows(side, rows, NULL, count, direction, bias_direction, image, NULL);
    vector_fma(image, ridge->factors, direction, image, stride);
    bias_image = ridge->has_bias ? scalar_fma(ridge->bias, bias_direction, bias_image) : 0;
    const float curvature = scalar_fma(bias_direction, bias_image, dot(direction, image, stride));
    if (!(curvature > 0)) break;
    const float distance = length / curvature;
    vector_fma(x, distance, direction, x, stride);
    *bias = scalar_fma(distance, bias_direction, *bias);
    vector_fma(residual, -distance, image, residual, stride);
    bias_residual = scalar_fma(-distance, bias_image, bias_residual);
    vector_product(scaled, scale, residual, stride);
    bias_scaled = bias_scale * bias_residual;
    const float next = scalar_fma(bias_residual, bias_scaled, dot(residual, scaled, stride));
    vector_fma(direction, next / length, direction, scaled, stride);
    bias_direction = scalar_fma(next / length, bias_direction, bias_scaled);
    length = next;
  }
}

// MARK: What is left over

static double row_squares(
  const rk_regressors *side, const uint32_t *rows, const float *ratings, size_t count, const float *x, float bias) {
  double squares = 0;
  for (size_t t = 0; t < count; t++) {
    const float *q = side->factors + (size_t)rows[t] * side->stride;
    const float error = ((ratings[t] - side->biases[rows[t]]) - bias) - dot(q, x, side->stride);
    squares += (double)error * (double)error;
  }
  return squares;
}

#define LEAST_SQUARES_ENTRIES                                                                                         \
  .normal_equations = normal_equations, .solve_ridge = solve_ridge, .descend_ridge = descend_ridge,                    \
  .row_squares = row_squares
