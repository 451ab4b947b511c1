// The loops as anybody would write them first: what our kernels are compared with, besides our own portable ones.
#ifndef CPLAINLOOPS_H
#define CPLAINLOOPS_H

#include <stddef.h>
#include <stdint.h>

float plain_dot(const float *a, const float *b, size_t count);
double plain_squared_error(const double *predictions, const float *ratings, size_t count);
// One pass of biased SGD; users, items and ratings hold `count` elements each.
double plain_sgd(
  float *user_factors, float *item_factors, float *user_biases, float *item_biases, size_t factors, float mean,
  float rate, float regularization, const uint32_t *users, const uint32_t *items, const float *ratings, size_t count);
// Draws one side of a factorization of users and items by Gibbs, a factor after the other, a row after the other, with
// stored residuals: the ratings of row k are at starts[k]...starts[k + 1] - 1, of other rows others[t], with residual
// places[t]; `normals` holds rows x factors draws.
void plain_gibbs_side(
  const size_t *starts, size_t rows, const uint32_t *others, const uint32_t *places, float *x, const float *y,
  size_t factors, float *residuals, const float *normals, float precision);

#endif
