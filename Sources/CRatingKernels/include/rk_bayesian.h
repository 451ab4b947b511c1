// The loops of Bayesian factorization: a rating is a sum over the sides of a model (user, item, time), and everything
// that a side's parameters have to know of its ratings is in sums, which rk_kernels.normal_equations makes.
//
// The sums of one row of a side, for its ratings y = bias + x . h: h h^T (stride x stride), h (stride), y h (stride),
// y (1), laid out as rk_kernels.normal_equations writes them. In "residual sums" y is replaced by what x and bias leave.
#ifndef RK_BAYESIAN_H
#define RK_BAYESIAN_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// How many sides may be summed.
#define RK_COMPANIONS 4
// The most floats of a row that draw_row takes.
#define RK_LARGEST_STRIDE 1024

// Sides of a rating: all, or all but the one that is drawn. Rows of factors are `stride` floats long, a multiple of 16, from a 64-byte boundary.
typedef struct rk_companions {
  size_t count;
  const float *_Nullable factors[RK_COMPANIONS];
  const float *_Nullable biases[RK_COMPANIONS];
  // The row of each rating.
  const uint32_t *_Nullable rows[RK_COMPANIONS];
  size_t stride;
} rk_companions;

// The normal prior of a row's factors and bias. Precisions are in units of the likelihood's.
typedef struct rk_normal_prior {
  // Of each factor; or, where given, the matrix (stride x stride, right where j >= i / 16 * 16).
  const float *precisions;
  const float *_Nullable matrix;
  // The prior's precision times its mean.
  const float *pull;
  float bias_precision;
  float bias_pull;
  // Where 0, the bias is 0.
  int has_bias;
  // The standard deviation of one rating around the model: the inverse root of the likelihood's precision.
  float deviation;
  // a in 0...1, below 1: a draw is mean - a (before - mean) + (1 - a^2)^(1/2) noise. 0 is an independent draw.
  float overrelaxation;
} rk_normal_prior;

// A side whose rows are weighted sums of features' factors.
typedef struct rk_feature_side {
  // The residual sums of each row, `sums_stride` floats apart, and its number of ratings.
  float *sums;
  size_t sums_stride;
  const float *counts;
  // The rows' factors, `stride` floats apart, and their biases: sums over all features.
  float *factors;
  float *biases;
  size_t stride;
} rk_feature_side;

// The features of a group, 16 of their factors, and which rows have them.
typedef struct rk_feature_group {
  // The rows of feature j, and with what weights they have it, are at starts[j]...starts[j + 1] - 1.
  const size_t *starts;
  const uint32_t *rows;
  const float *weights;
  // For each feature, `products_stride` floats apart: the sum over its rows of the weight's square times the 16 factors'
  // products in the row's sums, as packed_products writes them.
  const float *products;
  size_t products_stride;
  // The factors of feature j are at factors + j * stride.
  float *factors;
  size_t stride;
  float *biases;
  // 17 draws for each feature, `normals_stride` floats apart.
  const float *normals;
  size_t normals_stride;
} rk_feature_group;

typedef struct rk_bayesian_kernels {
  // For rating t from `first` on: rows[t] = the sum of its companions' factors; biases[t] = the sum of their biases and of
  // the products of every two of their factors.
  void (*companion_rows)(const rk_companions *sides, size_t first, size_t count, float *rows, float *biases);
  // means[t] = (bias + biases[rows[t]]) + factors[rows[t]] . x
  void (*row_means)(
    const float *factors, const float *biases, size_t stride, const uint32_t *rows, size_t count, const float *x,
    float bias, float *means);
  // The sums as another part of the row's x sees them, when `others` and `bias` are what the rest of the row holds:
  // h becomes h + others, and y becomes y - bias - others . h.
  void (*shift_sums)(
    const float *sums, size_t stride, float count, const float *others, float bias, float *shifted);
  // The sums, of which only what draw_row reads is copied.
  void (*copy_sums)(const float *sums, size_t stride, float *copy);
  // Makes them residual sums. Returns the sum of squared residuals, given that of y.
  double (*residual_sums)(float *sums, size_t stride, float count, const float *x, float bias, double squares);
  // Residual sums after x of `width` factors from `first` on and the bias have grown: for all other factors.
  void (*grow_sums)(
    float *sums, size_t stride, size_t first, const float *growth, float bias_growth);
  // Draws x (stride floats, of which `used` are free and the others 0) and the bias from their posterior, over-relaxed from
  // what they are before. The sums are overwritten. `normals` are stride + 1 draws. Returns 0; or i > 0 where the i-th
  // pivot is not positive.
  size_t (*draw_row)(
    float *sums, size_t stride, size_t used, float count, const rk_normal_prior *prior, const float *normals, float *x,
    float *bias);
  // The products of factors first...first + used - 1 in a row's sums: (first, first), (first, first + 1), ... (first + 1,
  // first + 1), ...: used (used + 1) / 2 floats.
  void (*packed_products)(const float *sums, size_t stride, size_t first, size_t used, float *products);
  // Draws `used` factors of each feature from `begin` to `end` - 1, from its `first` factor on, at most 16 and up to the
  // row's end, and where the prior has one its bias, one feature after the other, and brings the rows up to date: factors,
  // biases, residual sums of these 16 factors. The prior is that of these 16. Returns 0; or 1 + the feature whose
  // equations have no solution.
  size_t (*draw_features)(
    const rk_feature_side *side, const rk_feature_group *group, size_t begin, size_t end, size_t first, size_t used,
    const rk_normal_prior *prior);
} rk_bayesian_kernels;

#pragma clang assume_nonnull end

#endif
