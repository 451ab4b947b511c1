// The loops of sums with random weights over 32 lanes of 16 bits; included by loops.h after loops_random.h.
//
// All of it is whole-number arithmetic, so that neither the order of sums nor the instruction set changes a bit.

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

typedef int16_t shorts __attribute__((ext_vector_type(32)));

// Adds 32 products to 16 sums. Which products go to which sum does not matter.
INLINE ints add_products(ints sums, shorts a, shorts b) {
#if defined(SHORT_PRODUCTS)
  return sums + SHORT_PRODUCTS(a, b);
#else
  return sums + __builtin_convertvector(a.lo, ints) * __builtin_convertvector(b.lo, ints)
    + __builtin_convertvector(a.hi, ints) * __builtin_convertvector(b.hi, ints);
#endif
}

// Adds 1 to the weights whose bits are at least `least`.
INLINE shorts add_where(shorts weights, shorts bits, int16_t least) {
#if defined(ADD_ONE_WHERE)
  return ADD_ONE_WHERE(weights, bits, least);
#else
  return weights - (shorts)(bits >= least);
#endif
}

// How many times 32 words are drawn at once, so that the rounds of one hide what those of another wait for.
#define AT_ONCE 4

// Words 4 block ... 4 block + 127 of a stream, as random_words, with the keys of the ten rounds ready.
INLINE void keyed_words(const uint64_t *keys, uint64_t index, uint64_t block, words *out) {
  const blocks low = (blocks)(0xffffffffull);
  blocks c0[AT_ONCE], c1[AT_ONCE], c2[AT_ONCE], c3[AT_ONCE];
  UNROLL for (int s = 0; s < AT_ONCE; s++) {
    c0[s] = (blocks)(block + 8 * (uint64_t)s) + (blocks){0, 1, 2, 3, 4, 5, 6, 7};
    c1[s] = c0[s] >> 32;
    c2[s] = (blocks)(index);
    c3[s] = (blocks)(index >> 32);
  }
  UNROLL for (int round = 0; round < 10; round++) {
    UNROLL for (int s = 0; s < AT_ONCE; s++) {
      const blocks p0 = (c0[s] & low) * (blocks)(0xD2511F53ull), p1 = (c2[s] & low) * (blocks)(0xCD9E8D57ull);
      c0[s] = (p1 >> 32) ^ c1[s] ^ (blocks)(keys[2 * round]);
      c1[s] = p1;
      c2[s] = (p0 >> 32) ^ c3[s] ^ (blocks)(keys[2 * round + 1]);
      c3[s] = p0;
    }
  }
  UNROLL for (int s = 0; s < AT_ONCE; s++) {
    const blocks a = (c0[s] & low) | c1[s] << 32, b = (c2[s] & low) | c3[s] << 32;
    out[2 * s] = (words)__builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
    out[2 * s + 1] = (words)__builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
  }
}

INLINE void round_keys(const rk_stream *stream, uint64_t *keys) {
  uint32_t k0 = stream->key[0], k1 = stream->key[1];
  for (int round = 0; round < 10; round++) {
    keys[2 * round] = k0;
    keys[2 * round + 1] = k1;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
}

INLINE int64_t ints_sum(ints x) {
  int64_t sum = 0;
  for (int i = 0; i < 16; i++) sum += x[i];
  return sum;
}

INLINE void add_weighted(
  const rk_planes *planes, size_t count, size_t place, shorts weights, ints *restrict sums) {
  UNROLL for (size_t p = 0; p < count; p++) {
    shorts values;
    __builtin_memcpy(&values, planes->values + p * planes->stride + place, sizeof values);
    sums[p] = add_products(sums[p], weights, values);
  }
}

// `count` is the number of planes, known to the compiler.
INLINE size_t weighted_sums_of(
  const rk_stream *stream, uint64_t first, const rk_planes *planes, size_t count, size_t elements,
  const rk_weight_table *table, int64_t *sums, uint32_t *undecided) {
  ints partial[RK_MOST_PLANES];
  UNROLL for (size_t p = 0; p < count; p++) partial[p] = (ints)(0);
  uint64_t keys[20];
  round_keys(stream, keys);
  size_t found = 0;
  for (size_t i = 0; i < elements; i += 64 * AT_ONCE) {
    words drawn[2 * AT_ONCE];
    keyed_words(keys, stream->index, (first + i) / 8, drawn);
    for (size_t half = 0; half < 2 * AT_ONCE; half++) {
      const size_t place = i + 32 * half;
      // A change of the first bit turns the order of numbers without signs into that of numbers with signs.
      const shorts bits = (shorts)drawn[half] ^ (int16_t)-32768;
      shorts weights = (shorts)(0);
      UNROLL for (int k = 0; k < 7; k++) weights = add_where(weights, bits, table->least[k]);
      const shorts rare = (shorts)(bits >= table->undecided);
      weights &= ~rare;
      add_weighted(planes, count, place, weights, partial);
      if (__builtin_expect(__builtin_reduce_or(rare) != 0, 0)) {
        for (size_t lane = 0; lane < 32; lane++) {
          if (rare[lane] && place + lane < elements) undecided[found++] = (uint32_t)(place + lane);
        }
      }
    }
  }
  UNROLL for (size_t p = 0; p < count; p++) sums[p] += ints_sum(partial[p]);
  return found;
}

static size_t weighted_sums(
  const rk_stream *stream, uint64_t first, const rk_planes *planes, size_t elements, const rk_weight_table *table,
  int64_t *sums, uint32_t *undecided) {
  switch (planes->count) {
    case 3: return weighted_sums_of(stream, first, planes, 3, elements, table, sums, undecided);
    case 4: return weighted_sums_of(stream, first, planes, 4, elements, table, sums, undecided);
    case 5: return weighted_sums_of(stream, first, planes, 5, elements, table, sums, undecided);
    case 6: return weighted_sums_of(stream, first, planes, 6, elements, table, sums, undecided);
    case 7: return weighted_sums_of(stream, first, planes, 7, elements, table, sums, undecided);
    case 8: return weighted_sums_of(stream, first, planes, 8, elements, table, sums, undecided);
    default: return 0;
  }
}

INLINE void signed_sums_of(
  const rk_stream *stream, uint64_t first, const rk_planes *planes, size_t count, size_t elements, int64_t *sums) {
  const shorts bit = {
    1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, -32768,
    1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, -32768};
  ints partial[RK_MOST_PLANES];
  UNROLL for (size_t p = 0; p < count; p++) partial[p] = (ints)(0);
  for (size_t i = 0; i < elements; i += 1024) {
    words drawn[2];
    random_words(stream, (first + i) / 128, &drawn[0], &drawn[1]);
    uint32_t word[32];
    __builtin_memcpy(word, drawn, sizeof word);
    const size_t end = elements - i < 1024 ? elements - i : 1024;
    for (size_t k = 0; 32 * k < end; k++) {
      const int16_t low = (int16_t)word[k], high = (int16_t)(word[k] >> 16);
      const shorts chosen = {
        low, low, low, low, low, low, low, low, low, low, low, low, low, low, low, low,
        high, high, high, high, high, high, high, high, high, high, high, high, high, high, high, high};
      // -1 where the bit is 1, else 1.
      const shorts signs = (shorts)((chosen & bit) != 0) | 1;
      add_weighted(planes, count, i + 32 * k, signs, partial);
    }
  }
  UNROLL for (size_t p = 0; p < count; p++) sums[p] += ints_sum(partial[p]);
}

static void signed_sums(
  const rk_stream *stream, uint64_t first, const rk_planes *planes, size_t elements, int64_t *sums) {
  switch (planes->count) {
    case 1: signed_sums_of(stream, first, planes, 1, elements, sums); break;
    case 2: signed_sums_of(stream, first, planes, 2, elements, sums); break;
  }
}

#define BOOTSTRAP_KERNELS {.weighted_sums = weighted_sums, .signed_sums = signed_sums}

#pragma clang diagnostic pop
