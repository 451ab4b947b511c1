#include "CPlainLoops.h"

#include <math.h>

float plain_dot(const float *a, const float *b, size_t count) {
  float sum = 0;
  for (size_t i = 0; i < count; i++) sum += a[i] * b[i];
  return sum;
}

double plain_squared_error(const double *predictions, const float *ratings, size_t count) {
  double sum = 0;
  for (size_t i = 0; i < count; i++) {
    double error = ratings[i] - predictions[i];
    sum += error * error;
  }
  return sum;
}

double plain_sgd(
  float *user_factors, float *item_factors, float *user_biases, float *item_biases, size_t factors, float mean,
  float rate, float regularization, const uint32_t *users, const uint32_t *items, const float *ratings, size_t count) {
  double squares = 0;
  for (size_t i = 0; i < count; i++) {
    float *restrict p = user_factors + users[i] * factors, *restrict q = item_factors + items[i] * factors;
    float *b = user_biases + users[i], *c = item_biases + items[i];
    float error = ratings[i] - mean - *b - *c - plain_dot(p, q, factors);
    squares += (double)error * error;
    *b += rate * (error - regularization * *b);
    *c += rate * (error - regularization * *c);
    for (size_t f = 0; f < factors; f++) {
      float old = p[f];
      p[f] += rate * (error * q[f] - regularization * old);
      q[f] += rate * (error * old - regularization * q[f]);
    }
  }
  return squares;
}

void plain_gibbs_side(
  const size_t *starts, size_t rows, const uint32_t *others, const uint32_t *places, float *x, const float *y,
  size_t factors, float *residuals, const float *normals, float precision) {
  for (size_t f = 0; f < factors; f++)
    for (size_t row = 0; row < rows; row++) {
      float *value = x + row * factors + f, square = precision, product = 0;
      for (size_t t = starts[row]; t < starts[row + 1]; t++) {
        float h = y[others[t] * factors + f];
        square += h * h;
        product += h * (residuals[places[t]] + *value * h);
      }
      float drawn = product / square + normals[row * factors + f] / sqrtf(square);
      for (size_t t = starts[row]; t < starts[row + 1]; t++)
        residuals[places[t]] -= (drawn - *value) * y[others[t] * factors + f];
      *value = drawn;
    }
}
