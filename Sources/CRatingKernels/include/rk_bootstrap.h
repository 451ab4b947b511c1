// The loops of sums with random weights: bootstrap replicates and permutation tests.
#ifndef RK_BOOTSTRAP_H
#define RK_BOOTSTRAP_H

#include <stddef.h>
#include <stdint.h>
#include "rk_random.h"

#pragma clang assume_nonnull begin

// Whole numbers to be added up with weights, one column after the other.
//
// A column holds 16 bits of a larger number: sums of whole numbers are exact, so they are the same in any order, and 32
// products fit into one register. Columns are padded with zeros to a multiple of 1024 elements, which loops may read.
typedef struct rk_planes {
  const int16_t *values;
  // From one column to the next.
  size_t stride;
  // 1 to RK_MOST_PLANES.
  size_t count;
} rk_planes;

#define RK_MOST_PLANES 8

// How many elements a call may add up, so that 32 bits hold the sums of a lane.
#define RK_PLANE_ELEMENTS 32768

// The distribution of a weight by 16 random bits x - 32768: it is the number of `least` that are not above x, unless x is
// `undecided` or above, which takes more bits than these.
typedef struct rk_weight_table {
  int16_t least[7];
  int16_t undecided;
} rk_weight_table;

typedef struct rk_bootstrap_kernels {
  // Adds to sums[p] the sum over i < count of weight[i] * plane p[i], where weight[i] is made from the 16-bit number
  // first + i of the stream (the low half of a word first). Undecided elements weigh 0; their places i go to `undecided`,
  // ascending. Returns how many they are. `first` is a multiple of 256, count at most RK_PLANE_ELEMENTS; values are at
  // least 0.
  size_t (*weighted_sums)(
    const rk_stream *stream, uint64_t first, const rk_planes *planes, size_t count, const rk_weight_table *table,
    int64_t *sums, uint32_t *undecided);
  // Adds to sums[p] the sum over i < count of plane p[i], with the sign turned where bit first + i of the stream is 1 (the
  // lowest bit of a word first). `first` is a multiple of 1024, count at most RK_PLANE_ELEMENTS.
  void (*signed_sums)(
    const rk_stream *stream, uint64_t first, const rk_planes *planes, size_t count, int64_t *sums);
} rk_bootstrap_kernels;

#pragma clang assume_nonnull end

#endif
