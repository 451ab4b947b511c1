// The loops of random numbers and of the ordered probit model over 16 virtual lanes; included by loops.h.
//
// They are written with the compiler's vectors, which become the registers of the instruction set at hand. Sums,
// products, quotients and roots are rounded once each, as IEEE 754 says, and fused where `fused` says so; the rest is
// whole-number arithmetic, comparison and choice. Functions are polynomials of our own fit, the same everywhere.

// Every function that takes or returns vectors is inlined: how an instruction set would pass them does not matter.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

typedef float floats __attribute__((ext_vector_type(16)));
typedef int32_t ints __attribute__((ext_vector_type(16)));
typedef uint32_t words __attribute__((ext_vector_type(16)));
typedef double doubles __attribute__((ext_vector_type(16)));
typedef uint64_t blocks __attribute__((ext_vector_type(8)));  // One number for each of 8 Philox blocks.

// MARK: Elementary functions

// a * b + c, rounded once.
INLINE floats fused(floats a, floats b, floats c) {
#ifdef ROWS_IN_REGISTERS
  return __builtin_elementwise_fma(a, b, c);
#else
  v16 x, y, z;
  __builtin_memcpy(&x, &a, sizeof x);
  __builtin_memcpy(&y, &b, sizeof y);
  __builtin_memcpy(&z, &c, sizeof z);
  x = v16_fma(x, y, z);
  __builtin_memcpy(&a, &x, sizeof a);
  return a;
#endif
}

INLINE floats larger(floats a, floats b) { return a > b ? a : b; }
INLINE floats smaller(floats a, floats b) { return a < b ? a : b; }
INLINE floats magnitude(floats x) { return (floats)((words)x & 0x7fffffffu); }

// coefficients[0] + coefficients[1] x + ..., by Horner's rule.
#define POLYNOMIAL(x, ...)                                                                                             \
  polynomial(x, (const float[]){__VA_ARGS__}, sizeof((float[]){__VA_ARGS__}) / sizeof(float))
INLINE floats polynomial(floats x, const float *coefficients, size_t count) {
  floats sum = (floats)(coefficients[count - 1]);
  UNROLL for (size_t i = count - 1; i > 0; i--) sum = fused(sum, x, (floats)(coefficients[i - 1]));
  return sum;
}

// exp(x) for x <= 0, to 2e-7 of itself; 0 below -86.
INLINE floats exponential(floats x) {
  const floats bounded = larger(x, (floats)(-87.0f)), shift = (floats)(0x1.8p23f);
  const floats shifted = fused(bounded, (floats)(1.44269504f), shift), power = shifted - shift;
  floats r = fused(power, (floats)(-0.693359375f), bounded);
  r = fused(power, (floats)(2.12194440e-4f), r);
  const floats h = POLYNOMIAL(r, 0.50000001f, 0.166665183f, 0.0416662041f, 0.00836895352f, 0.00139506022f);
  const floats y = fused(r * r, h, r + 1.0f);
  const floats scaled = (floats)((words)y + ((words)shifted << 23));
  return x < -86.0f ? (floats)(0.0f) : scaled;
}

// log(x) for normal numbers x > 0, to 1e-7 (1 + |log(x)|).
INLINE floats logarithm(floats x) {
  const ints bits = (ints)x, power = (bits - 0x3f2aaaab) >> 23;
  const floats f = (floats)(bits - (power << 23)) - 1.0f;  // -1/3 ... 1/3
  const floats g = POLYNOMIAL(
    f, -0.499998799f, 0.333329949f, -0.250110134f, 0.200204409f, -0.163652983f, 0.13867121f, -0.156290242f,
    0.145846401f);
  return fused(__builtin_convertvector(power, floats), (floats)(0.693147181f), fused(f * f, g, f));
}

// exp(x^2 / 2) Q(x) for x >= 0, to 2e-7 of itself, where Q(x) = P(N(0, 1) > x): Mills' ratio / sqrt(2 pi).
INLINE floats scaled_tail(floats x) {
  const floats t = (floats)(1.0f) / fused(x, (floats)(0.25f), (floats)(1.0f));
  return t * POLYNOMIAL(
    t, 0.0997355667f, 0.0997364316f, 0.0934663562f, 0.0816030987f, 0.0589752049f, 0.0636989441f, -0.0317172264f,
    0.0955967785f, -0.0808771413f, 0.01978197f);
}

// Q(x) for x >= 0; 0 beyond 13.1.
INLINE floats tail(floats x) { return exponential(x * x * -0.5f) * scaled_tail(x); }

// The x >= 0 with Q(x) = p, for p from 2e-17 to 0.5, given also q = 0.5 - p: to 2e-6 where x < 4 (3e-7 on
// average), 4e-6 elsewhere.
//
// x / (2 q) is a smooth function of w = -log(1 - (2 q)^2) (Giles 2010, doi:10.1016/B978-0-12-385963-1.00010-1), here a
// rational one of sqrt(w + 10).
INLINE floats tail_quantile(floats p, floats q) {
  const floats w = -logarithm(p * 4.0f * ((floats)(1.0f) - p));
  const floats s = __builtin_elementwise_sqrt(w + 10.0f) - 4.09f;
  const floats above =
    POLYNOMIAL(s, 3.43431211f, 8.2817071f, 9.61058791f, 6.27016708f, 2.25353693f, 0.350627712f);
  const floats below = POLYNOMIAL(
    s, 1.0f, 1.76986709f, 1.75142896f, 0.837837571f, 0.216512241f, 0.00295871393f, -0.00014706247f);
  return (q + q) * (above / below);
}

// MARK: Random words

// Words 4 block ... 4 block + 31 of the stream. Salmon, Moraes, Dror and Shaw 2011, doi:10.1145/2063384.2063405.
//
// Each number stands in the low half of 64 bits; what the high half holds does not matter until the end.
INLINE void random_words(const rk_stream *stream, uint64_t block, words *first, words *second) {
  const blocks low = (blocks)(0xffffffffull);
  const blocks number = (blocks)(block) + (blocks){0, 1, 2, 3, 4, 5, 6, 7};
  blocks c0 = number, c1 = number >> 32, c2 = (blocks)(stream->index), c3 = (blocks)(stream->index >> 32);
  uint32_t k0 = stream->key[0], k1 = stream->key[1];
  UNROLL for (int round = 0; round < 10; round++) {
    const blocks p0 = (c0 & low) * (blocks)(0xD2511F53ull), p1 = (c2 & low) * (blocks)(0xCD9E8D57ull);
    c0 = (p1 >> 32) ^ c1 ^ (blocks)((uint64_t)k0);
    c1 = p1;
    c2 = (p0 >> 32) ^ c3 ^ (blocks)((uint64_t)k1);
    c3 = p0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  const blocks a = (c0 & low) | c1 << 32, b = (c2 & low) | c3 << 32;
  *first = (words)__builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
  *second = (words)__builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

// A uniform number u in (0, 1), the middle of one of 2^32 cells: `side` is -1 (all bits) where u < 0.5, else 0;
// `p` is the smaller of u and 1 - u, `q` is 0.5 - p, each rounded by itself.
typedef struct uniforms { ints side; floats p, q; } uniforms;
INLINE uniforms uniform_numbers(words bits) {
  const ints side = (ints)bits >> 31, far = (ints)bits ^ side, near = far ^ 0x7fffffff;
  const floats cell = (floats)(0x1p-32f), half = (floats)(0x1p-33f);
  return (uniforms){
    side, fused(__builtin_convertvector(near, floats), cell, half),
    fused(__builtin_convertvector(far, floats), cell, half)};
}

// Runs `body` for groups of 32 numbers from a block's first on: with `in` the place of a group's first number in the
// arrays, negative or too large by what isn't wanted of it.
#define EACH_GROUP(first, count, in)                                                                                   \
  for (ptrdiff_t in = -(ptrdiff_t)((first) & 3); in < (ptrdiff_t)(count); in += 32)

// Copies what is wanted of a group at `in` between an array of `count` and 32 elements.
INLINE void group_range(ptrdiff_t in, size_t count, size_t *from, size_t *to) {
  *from = in < 0 ? (size_t)-in : 0;
  *to = (size_t)((ptrdiff_t)count - in < 32 ? (ptrdiff_t)count - in : 32);
}

INLINE floats normal_of(words bits) {
  const uniforms u = uniform_numbers(bits);
  return (floats)((words)tail_quantile(u.p, u.q) ^ ((words)u.side << 31));
}

static void random_normals(const rk_stream *stream, uint64_t first, size_t count, float *out) {
  uint64_t block = first / 4;
  EACH_GROUP(first, count, in) {
    words bits[2];
    random_words(stream, block, bits, bits + 1);
    block += 8;
    const floats x = normal_of(bits[0]), y = normal_of(bits[1]);
    if (in >= 0 && (size_t)in + 32 <= count) {
      __builtin_memcpy(out + in, &x, sizeof x);
      __builtin_memcpy(out + in + 16, &y, sizeof y);
    } else {
      float group[32];
      size_t from, to;
      group_range(in, count, &from, &to);
      __builtin_memcpy(group, &x, sizeof x);
      __builtin_memcpy(group + 16, &y, sizeof y);
      for (size_t i = from; i < to; i++) out[in + (ptrdiff_t)i] = group[i];
    }
  }
}

// MARK: Truncated normals

// An interval (low, high) of the standard normal distribution, mirrored where its middle is negative.
typedef struct interval { ints mirrored; floats low, high; } interval;

// As far as squares stay finite.
#define FARTHEST 1e15f

INLINE interval mirrored_interval(floats low, floats high) {
  const floats far = (floats)(FARTHEST);
  low = smaller(larger(low, -far), far);
  high = smaller(larger(high, -far), far);
  const ints mirrored = low + high < 0.0f;
  return (interval){mirrored, mirrored ? -high : low, mirrored ? -low : high};
}

// Where an interval begins further out than this, draws come from its tail by a formula of their own.
#define FAR_TAIL 5.0f

// How far into (low, high) the draw at u lies, low > FAR_TAIL: with E = -log of what is left of the tail, it is the x
// that solves x^2 / 2 - log R(x) = low^2 / 2 - log R(low) + E, R(x) = scaled_tail(x), by one Newton step from
// sqrt(low^2 + 2 E), which takes R to be constant.
INLINE floats far_tail_offset(floats low, floats high, floats u, floats rest) {
  const floats tail_low = scaled_tail(low);
  const floats beyond = exponential((low - high) * (low + high) * 0.5f) * (scaled_tail(high) / tail_low);
  const floats e = larger(-logarithm(fused(beyond, rest, u)), (floats)(0.0f));
  const floats start = __builtin_elementwise_sqrt(fused(low, low, e + e));
  const floats tail_start = scaled_tail(start);
  // 1 / R(x) is the slope of -log Q(x), times sqrt(2 pi).
  const floats step = logarithm(tail_low / tail_start) * (tail_start * 2.50662827f);
  return larger((e + e) / (start + low) - step, (floats)(0.0f));
}

INLINE floats truncated_of(words bits, floats mean, floats lower, floats upper) {
  const uniforms random = uniform_numbers(bits);
  // u of the interval's probability lies further out than the draw, `rest` nearer to the middle.
  const floats other = (floats)(1.0f) - random.p;
  const floats u = random.side ? random.p : other, rest = random.side ? other : random.p;
  const interval cell = mirrored_interval(lower - mean, upper - mean);
  const floats low = cell.low, high = cell.high, zero = (floats)(0.0f);

  // The probabilities of what lies beyond either end, each by its own tail; then of what lies beyond the draw.
  const ints inside = low < 0.0f;
  const floats tail_low = tail(magnitude(low)), tail_high = tail(high);
  const floats above = inside ? (floats)(1.0f) - tail_low : tail_low;
  const floats probability = larger(above - tail_high, zero);
  const floats right = fused(u, probability, tail_high), left = fused(rest, probability, tail_low);
  const ints is_left = inside & (left < right);
  const floats p = larger(smaller(is_left ? left : right, (floats)(0.5f)), (floats)(3e-17f));
  const floats x = tail_quantile(p, (floats)(0.5f) - p);
  const floats sign = (is_left != cell.mirrored) ? (floats)(-1.0f) : (floats)(1.0f);
  floats draw = fused(sign, x, mean);

  const ints far = low > FAR_TAIL;
  if (__builtin_reduce_or(far)) {
    const floats offset = far_tail_offset(low, high, u, rest);
    draw = far ? (cell.mirrored ? upper - offset : lower + offset) : draw;
  }
  return smaller(larger(draw, lower), upper);
}

static void random_truncated(
  const rk_stream *stream, uint64_t first, const float *means, const uint8_t *levels, const float *cuts, size_t count,
  float *out) {
  uint64_t block = first / 4;
  EACH_GROUP(first, count, in) {
    words bits[2];
    random_words(stream, block, bits, bits + 1);
    block += 8;
    float mean[32], group[32];
    uint8_t level[32];
    const int whole = in >= 0 && (size_t)in + 32 <= count;
    size_t from = 0, to = 32;
    if (!whole) {
      group_range(in, count, &from, &to);
      for (size_t i = 0; i < 32; i++) {
        const ptrdiff_t place = in + (ptrdiff_t)(i < from ? from : i < to ? i : to - 1);
        mean[i] = means[place];
        level[i] = levels[place];
      }
    }
    const float *mean_in = whole ? means + in : mean;
    const uint8_t *level_in = whole ? levels + in : level;
    float *draws = whole ? out + in : group;
    for (size_t part = 0; part < 32; part += 16) {
      float low[16], high[16];
      UNROLL for (size_t i = 0; i < 16; i++) {
        low[i] = cuts[level_in[part + i]];
        high[i] = cuts[level_in[part + i] + 1];
      }
      floats m, lower, upper;
      __builtin_memcpy(&m, mean_in + part, sizeof m);
      __builtin_memcpy(&lower, low, sizeof lower);
      __builtin_memcpy(&upper, high, sizeof upper);
      const floats draw = truncated_of(bits[part / 16], m, lower, upper);
      __builtin_memcpy(draws + part, &draw, sizeof draw);
    }
    if (!whole)
      for (size_t i = from; i < to; i++) out[in + (ptrdiff_t)i] = group[i];
  }
}

// MARK: Ordered probit

// log P(lower < N(mean, 1) < upper), and the densities at both ends over that probability.
typedef struct level_terms { floats value, lower_ratio, upper_ratio; } level_terms;

#define ONE_BY_ROOT_2_PI 0.398942280f

// All in units of exp(-low^2 / 2) where the interval does not hold 0, so that nothing vanishes however far it is out.
// The width is given too, which the ends lose when they are far out; at most FARTHEST.
INLINE level_terms level_of(floats lower, floats upper, float width) {
  const interval cell = mirrored_interval(lower, upper);
  const floats low = cell.low, high = cell.high, zero = (floats)(0.0f), one = (floats)(1.0f);
  const ints outside = low >= 0.0f;
  const floats square = low * low * -0.5f;
  const floats e_low = outside ? one : exponential(square);
  const floats e_high = exponential(outside ? (low + high) * (-0.5f * width) : high * high * -0.5f);
  const floats r_low = scaled_tail(magnitude(low)), r_high = scaled_tail(high);
  const floats share = fused(-e_high, r_high, outside ? r_low : fused(-e_low, r_low, one));
  const floats bounded = larger(share, (floats)(1e-30f));
  const floats scale = (floats)(ONE_BY_ROOT_2_PI) / bounded;
  const floats at_low = e_low * scale, at_high = e_high * scale;
  return (level_terms){
    (outside ? square : zero) + logarithm(bounded), cell.mirrored ? at_high : at_low,
    cell.mirrored ? at_low : at_high};
}

// The same for narrow intervals, where the difference of two tails would lose its digits: exp(-x^2 / 2) integrated
// around the middle m of an interval of width h is about exp(-m^2 / 2) h (sinh(y) / y)
// (1 - (1/3 + 2 y^2 / 45) h^2 / 8), y = m h / 2. Right to 1e-5 for widths below
// NARROW while |y| < 1; further out the tails differ enough.
#define NARROW 0.05f
INLINE level_terms narrow_level_of(floats lower, floats upper, float width) {
  const floats middle = (lower + upper) * 0.5f, two = (floats)(2.0f);
  const floats y = larger(smaller(middle * (0.5f * width), two), -two);
  const floats squared = y * y;
  const floats sinhc = POLYNOMIAL(squared, 1.0f, 0.166666667f, 8.33333333e-3f, 1.98412698e-4f, 2.75573192e-6f);
  const float eighth = width * width * 0.125f;
  const floats curved = fused(squared, (floats)(eighth * (-2.0f / 45)), (floats)(1.0f - eighth * (1.0f / 3)));
  const floats area = sinhc * curved * width;
  const floats inverse = (floats)(1.0f) / area;
  // (middle -+ width / 2)^2 / 2 = middle^2 / 2 -+ y + width^2 / 8; e^2 keeps the exponents negative.
  const float e_squared = 7.38905610f;
  const floats at_lower = exponential(y - two - eighth) * e_squared;
  const floats at_upper = exponential(-y - two - eighth) * e_squared;
  return (level_terms){
    fused(middle * -0.5f, middle, logarithm(area * ONE_BY_ROOT_2_PI)), at_lower * inverse, at_upper * inverse};
}

INLINE double doubles_sum(doubles x) {
  const __attribute__((ext_vector_type(8))) double eight = x.lo + x.hi;
  const __attribute__((ext_vector_type(4))) double four = eight.lo + eight.hi;
  return (four[0] + four[2]) + (four[1] + four[3]);
}

INLINE void probit_sums_of(
  float lower, float upper, const float *means, size_t count, int narrow, rk_probit_sums *sums) {
  doubles value = 0, a = 0, b = 0, aa = 0, ab = 0, bb = 0;
  const floats zero = (floats)(0.0f), far = (floats)(FARTHEST);
  const float width = upper - lower < FARTHEST ? upper - lower : FARTHEST;
  const ints lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  for (size_t i = 0; i < count; i += 16) {
    const size_t left = count - i;
    floats mean;
    if (left >= 16) {
      __builtin_memcpy(&mean, means + i, sizeof mean);
    } else {
      float part[16];
      for (size_t j = 0; j < 16; j++) part[j] = means[i + (j < left ? j : 0)];
      __builtin_memcpy(&mean, part, sizeof mean);
    }
    const floats from = larger((floats)(lower) - mean, -far), to = smaller((floats)(upper) - mean, far);
    level_terms terms = narrow ? narrow_level_of(from, to, width) : level_of(from, to, width);
    const ints is_far = magnitude(from + to) * width > 4.0f;  // |y| > 1
    if (narrow && __builtin_reduce_or(is_far)) {
      const level_terms other = level_of(from, to, width);
      terms.value = is_far ? other.value : terms.value;
      terms.lower_ratio = is_far ? other.lower_ratio : terms.lower_ratio;
      terms.upper_ratio = is_far ? other.upper_ratio : terms.upper_ratio;
    }
    if (left < 16) {
      const ints is_there = lane < (ints)((int32_t)left);
      terms.value = is_there ? terms.value : zero;
      terms.lower_ratio = is_there ? terms.lower_ratio : zero;
      terms.upper_ratio = is_there ? terms.upper_ratio : zero;
    }
    const floats p = terms.lower_ratio, q = terms.upper_ratio;
    value += __builtin_convertvector(terms.value, doubles);
    a -= __builtin_convertvector(p, doubles);
    b += __builtin_convertvector(q, doubles);
    aa += __builtin_convertvector(p * (from - p), doubles);
    ab += __builtin_convertvector(p * q, doubles);
    bb -= __builtin_convertvector(q * (to + q), doubles);
  }
  *sums = (rk_probit_sums){
    doubles_sum(value), doubles_sum(a), doubles_sum(b), doubles_sum(aa), doubles_sum(ab), doubles_sum(bb)};
}

static void probit_sums(float lower, float upper, const float *means, size_t count, rk_probit_sums *sums) {
  if (upper - lower < NARROW) probit_sums_of(lower, upper, means, count, 1, sums);
  else probit_sums_of(lower, upper, means, count, 0, sums);
}

INLINE floats expected_of(floats mean, const float *cuts, const float *gaps, size_t cut_count, float base) {
  floats sum = (floats)(base);
  for (size_t c = 0; c < cut_count; c++) {
    const floats x = mean - cuts[c], beyond = tail(smaller(magnitude(x), (floats)(FARTHEST)));
    sum = fused(x < 0.0f ? beyond : (floats)(1.0f) - beyond, (floats)(gaps[c]), sum);
  }
  return sum;
}

static void probit_expected(
  const float *means, size_t count, const float *cuts, const float *gaps, size_t cut_count, float base, float *out) {
  size_t i = 0;
  for (; count - i >= 16; i += 16) {
    floats mean;
    __builtin_memcpy(&mean, means + i, sizeof mean);
    mean = expected_of(mean, cuts, gaps, cut_count, base);
    __builtin_memcpy(out + i, &mean, sizeof mean);
  }
  if (i < count) {
    floats mean = (floats)(0.0f);
    __builtin_memcpy(&mean, means + i, (count - i) * sizeof(float));
    mean = expected_of(mean, cuts, gaps, cut_count, base);
    __builtin_memcpy(out + i, &mean, (count - i) * sizeof(float));
  }
}

#define RANDOM_KERNELS                                                                                                 \
  {.normals = random_normals, .truncated = random_truncated, .probit_sums = probit_sums,                              \
   .probit_expected = probit_expected}

#pragma clang diagnostic pop
