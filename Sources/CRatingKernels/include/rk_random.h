// The loops that draw random numbers, and those of the ordered probit model: levels as cells of a normal distribution.
#ifndef RK_RANDOM_H
#define RK_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// A stream of random 32-bit words: Philox 4x32-10 of the counters (0, index), (1, index), ..., four words each.
typedef struct rk_stream {
  uint32_t key[2];
  uint64_t index;
} rk_stream;

// What `probit_sums` adds up over ratings of one level.
typedef struct rk_probit_sums {
  // log P(level).
  double value;
  // Its first derivatives by the lower and the upper cut, and the second ones.
  double lower, upper;
  double lower_lower, lower_upper, upper_upper;
} rk_probit_sums;

typedef struct rk_random_kernels {
  // out[n] is a draw from N(0, 1): the normal quantile of the stream's word first + n.
  void (*normals)(const rk_stream *stream, uint64_t first, size_t count, float *out);
  // out[n] is a draw from N(means[n], 1), given that it lies between cuts[levels[n]] and cuts[levels[n] + 1], made from
  // the stream's word first + n. Cuts ascend; the first is -infinity, the last +infinity.
  void (*truncated)(
    const rk_stream *stream, uint64_t first, const float *means, const uint8_t *levels, const float *cuts, size_t count,
    float *out);
  // The sums over n of log P and its derivatives, P = Phi(upper - means[n]) - Phi(lower - means[n]). Either cut, but not
  // both, may be infinite; its derivatives are then 0.
  void (*probit_sums)(float lower, float upper, const float *means, size_t count, rk_probit_sums *sums);
  // out[n] = base + the sum over c of gaps[c] Phi(means[n] - cuts[c]). `out` may be `means`.
  void (*probit_expected)(
    const float *means, size_t count, const float *cuts, const float *gaps, size_t cut_count, float base, float *out);
} rk_random_kernels;

#pragma clang assume_nonnull end

#endif
