// The C kernels of RatingBench: BLAS and LAPACK entry points and SIMD loops. See README.md beside this folder.
#ifndef CRATINGKERNELS_H
#define CRATINGKERNELS_H

#include <stddef.h>
#include <stdint.h>
#include "rk_implicit.h"

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

// MARK: Loops, one table of functions for each instruction set

// A rating as the SGD kernels read it: 12 bytes, no padding.
typedef struct rk_rating {
  uint32_t user;
  uint32_t item;
  float rating;
} rk_rating;

// A biased factor model, and how one step of stochastic gradient descent changes it.
//
// Rows of factors are `factors` floats long, a multiple of 16, and begin on a 64-byte boundary. A factor that is not
// used holds 0 in both matrices and stays 0.
typedef struct rk_biased_factors {
  float *user_factors;
  float *item_factors;
  float *user_biases;
  float *item_biases;
  size_t factors;
  float mean;
  float user_bias_rate;
  float item_bias_rate;
  float bias_regularization;
  float factor_rate;
  float factor_regularization;
} rk_biased_factors;

// The loops of one instruction set. Every instruction set gives the same bytes: README.md says how.
typedef struct rk_kernels {
  const char *name;
  // The sum of a[i] * b[i].
  float (*dot)(const float *a, const float *b, size_t count);
  // The sum of (ratings[i] - predictions[i])^2, all in double.
  double (*squared_error)(const double *predictions, const float *ratings, size_t count);
  // predictions[i] = mean + user bias + item bias + p . q of the i-th pair; ratings are not read.
  void (*predict)(const rk_biased_factors *model, const rk_rating *pairs, size_t count, float *predictions);
  // One SGD step for each rating, row after row; returns the sum of squared errors before the steps.
  double (*sgd_run)(const rk_biased_factors *model, const rk_rating *ratings, size_t count);
  // One SGD step for each rating of two runs, in the order a[0], b[0], a[1], b[1], ...; the rest of the longer one
  // follows. The runs share no user. Returns the sum over a plus the sum over b.
  double (*sgd_run_pair)(
    const rk_biased_factors *model, const rk_rating *a, size_t a_count, const rk_rating *b, size_t b_count);
  // Of models in which a user is the sum of what belongs to the user's items.
  rk_implicit_kernels implicit;
} rk_kernels;

// Ordered from the slowest to the fastest that one processor may have.
typedef enum rk_instruction_set {
  RK_PORTABLE = 0,
  RK_NEON = 1,
  RK_AVX2 = 2,
  RK_AVX512 = 3,
} rk_instruction_set;

// The loops for an instruction set, or NULL where this processor or operating system can't run it.
const rk_kernels *_Nullable rk_kernels_for(rk_instruction_set set);

// a * b + c rounded once, without the processor's help: what the portable loops compute with.
float rk_portable_fma(float a, float b, float c);

// MARK: Dense linear algebra: BLAS and LAPACK

// Matrices are row-major; `ld...` is the distance between rows in elements. A symmetric matrix is its lower triangle.

// c = alpha op(a) op(b) + beta c, with c of m x n and k terms each; op transposes where the flag is not 0.
void rk_sgemm(
  int transpose_a, int transpose_b, int m, int n, int k, float alpha, const float *a, int lda, const float *b, int ldb,
  float beta, float *c, int ldc);
// y = alpha op(a) x + beta y, with a of m x n.
void rk_sgemv(
  int transpose_a, int m, int n, float alpha, const float *a, int lda, const float *x, float beta, float *y);
// The lower triangle of c = alpha transpose(a) a + beta c, with a of k x n and c of n x n.
void rk_ssyrk(int n, int k, float alpha, const float *a, int lda, float beta, float *c, int ldc);

// a = L transpose(L), where L is lower triangular and replaces a's lower triangle. Returns 0; or i > 0 where the
// leading minor of order i is not positive; or -i where argument i is wrong.
int rk_spotrf(int n, float *a, int lda);
int rk_dpotrf(int n, double *a, int lda);
// Solves a x = b for each of `count` right-hand sides, the rows of b, which x replaces; L replaces a's lower triangle.
// Returns as rk_spotrf.
int rk_sposv(int n, int count, float *a, int lda, float *b, int ldb);
int rk_dposv(int n, int count, double *a, int lda, double *b, int ldb);

// The number of threads that BLAS may use, for the whole process. Accelerate takes only one or as many as it likes.
void rk_blas_set_threads(int threads);
int rk_blas_threads(void);
// The name of the BLAS library, its version and settings, and the kernels it chose. The strings live for ever.
const char *rk_blas_name(void);
const char *rk_blas_configuration(void);
const char *rk_blas_core(void);

// MARK: System

// The number of processors that this process may run on: at least 1.
int rk_available_processors(void);

// How often a byte occurs in `count` bytes.
size_t rk_count_byte(const uint8_t *bytes, size_t count, uint8_t byte);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif

#endif
