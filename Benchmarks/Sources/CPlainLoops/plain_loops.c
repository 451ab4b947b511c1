#include "CPlainLoops.h"

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
