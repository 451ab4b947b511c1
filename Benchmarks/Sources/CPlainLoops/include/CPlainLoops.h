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

#endif
