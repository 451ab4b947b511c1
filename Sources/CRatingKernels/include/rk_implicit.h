// The loops of factor models in which a user is the sum of what belongs to the user's items: SVD++ and its kin.
#ifndef RK_IMPLICIT_H
#define RK_IMPLICIT_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// A rating of a user whose ratings stand together: 8 bytes.
typedef struct rk_item_rating {
  uint32_t item;
  float rating;
} rk_item_rating;

// A rating with what time makes of it: 20 bytes.
typedef struct rk_timed_rating {
  uint32_t item;
  float rating;
  // The item's cell of item and time bin.
  uint32_t item_bin;
  // The user's day.
  uint32_t day;
  // How far the rating lies from the middle of the user's ratings, signed.
  float drift;
} rk_timed_rating;

// Items, and how one step of stochastic gradient descent changes them and a user.
//
// Rows of factors are `factors` floats long, a multiple of 16, and begin on a 64-byte boundary. A factor that is not
// used holds 0 everywhere and stays 0. A `keep` is what is left of a value after a step: 1 - rate * regularization.
typedef struct rk_implicit_items {
  float *factors;
  float *biases;
  // One for each item.
  const float *bias_rates;
  const float *bias_keeps;
  size_t stride;
  float factor_rate;
  float factor_keep;
} rk_implicit_items;

// A user as the sum of two rows, each with its own rate: the user's own factors and the sum of the items' implicit ones.
typedef struct rk_implicit_user {
  float *own;
  float *implicit;
  float own_rate;
  float own_keep;
  float implicit_rate;
  float implicit_keep;
  float bias;
  float bias_rate;
  float bias_keep;
} rk_implicit_user;

// What time adds to items and a user. Cells of item and bin, and the user's days, have biases of their own; the user's
// bias and factors drift.
typedef struct rk_drift {
  float *item_bin_biases;
  const float *item_bin_keeps;
  float *bin_biases;
  const float *bin_keeps;
  uint32_t bins;
  float *day_biases;
  const float *day_keeps;
  float rate;
  // On a day, how much more than usual of the items' biases the user takes over.
  float *day_scales;
  const float *day_scale_keeps;
  // The user's: the slope of the bias and of the factors, and how much of the items' biases the user takes over, less 1.
  float bias_slope;
  float bias_slope_keep;
  float *factor_slopes;
  float factor_slope_rate;
  float factor_slope_keep;
  float scale;
  float scale_rate;
  float scale_keep;
} rk_drift;

typedef struct rk_implicit_kernels {
  // sum = the sum of weights[k] * the row rows[k]; weights of 1 where NULL.
  void (*sum_rows)(
    const float *matrix, size_t stride, const uint32_t *rows, const float *_Nullable weights, size_t count, float *sum);
  // The row rows[k] = keep * the row + weights[k] * addend; weights of 1 where NULL. Rows are different.
  void (*add_to_rows)(
    float *matrix, size_t stride, const uint32_t *rows, const float *_Nullable weights, size_t count, float keep,
    const float *addend);
  // One SGD step for each rating of one user, in their order; returns the sum of squared errors before the steps.
  double (*user_run)(
    const rk_implicit_items *items, rk_implicit_user *user, const rk_item_rating *ratings, size_t count);
  // The same with time.
  double (*timed_user_run)(
    const rk_implicit_items *items, rk_implicit_user *user, rk_drift *drift, const rk_timed_rating *ratings,
    size_t count);
} rk_implicit_kernels;

#pragma clang assume_nonnull end

#endif
