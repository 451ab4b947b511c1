// The C kernels of RatingBench: BLAS and LAPACK entry points and SIMD loops. See README.md beside this folder.
#ifndef CRATINGKERNELS_H
#define CRATINGKERNELS_H

#include <stddef.h>
#include <stdint.h>
#include "rk_bayesian.h"
#include "rk_bootstrap.h"
#include "rk_implicit.h"
#include "rk_random.h"

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

// MARK: Loops, one table of functions for each instruction set

// A user, an item and a rating: 12 bytes, no padding.
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
  // The regularization of each user's and each item's bias.
  const float *user_bias_regularizations;
  const float *item_bias_regularizations;
  float factor_rate;
  float factor_regularization;
  // Where given, every row has a rate of its own: a sum of squares that begins with 1, for each user and for each item.
  // One step adds the mean square of the row's gradient; the rates above are divided by the sum's square root.
  float *_Nullable user_squares;
  float *_Nullable item_squares;
  // 1 / the number of factors that are used, for that mean.
  float per_factor;
  // Whether factors that a step would make negative become 0.
  int nonnegative;
} rk_biased_factors;

// Ratings of one user that stand next to each other.
typedef struct rk_run {
  uint32_t user;
  uint32_t count;
} rk_run;

// One of them: the item's row, and where the rating is in a table of all ratings that occur.
typedef struct rk_cell {
  uint16_t item;
  uint16_t value;
} rk_cell;

// How many cells beyond the last one of a block a kernel may read, without looking at them.
#define RK_READ_AHEAD 8

// How many parts a block has.
#define RK_PARTS 4

// Ratings in parts that are learned from at once. The parts share no user.
typedef struct rk_block {
  // The runs of the first part, then those of the second, ...; none is empty.
  const rk_run *runs;
  size_t run_counts[RK_PARTS];
  // The ratings in the order of the runs.
  const rk_cell *cells;
  size_t cell_counts[RK_PARTS];
  // The table of ratings.
  const float *values;
} rk_block;

// The rows of a factor model's one side as the equations of a row of the other side: each rating r of row i says that
// bias + factors[i] . x = r - biases[i].
//
// Rows of factors are `stride` floats long, a multiple of 16, and begin on a 64-byte boundary; unused ones are 0.
typedef struct rk_regressors {
  const float *factors;
  const float *biases;
  size_t stride;
} rk_regressors;

// What is added to the squared errors of a row: factors |x|^2 + bias b^2. Where has_bias is 0, b is 0.
typedef struct rk_ridge {
  float factors;
  float bias;
  int has_bias;
} rk_ridge;

// The loops of one instruction set. Every instruction set gives the same bytes: README.md says how.
typedef struct rk_kernels {
  const char *name;
  // The sum of a[i] * b[i].
  float (*dot)(const float *a, const float *b, size_t count);
  // The sum of (ratings[i] - predictions[i])^2, all in double.
  double (*squared_error)(const double *predictions, const float *ratings, size_t count);
  // predictions[i] = mean + user bias + item bias + p . q of the i-th pair; ratings are not read.
  void (*predict)(const rk_biased_factors *model, const rk_rating *pairs, size_t count, float *predictions);
  // One SGD step for each rating of a block: the first ones of all parts, the second ones, ..., for as long as all parts
  // have ratings; then what is left of the first part, of the second part, ... Returns the sum of squared errors before
  // the steps: part by part, then those sums in order.
  double (*sgd_block)(const rk_biased_factors *model, const rk_block *block);

  // The sums over one row's ratings, y = ratings[t] - biases[rows[t]] and q = factors[rows[t]], one after the other:
  // q[i] q[j] (stride x stride, row-major; right where j >= i / 16 * 16 and not written elsewhere), q (stride), y q
  // (stride), y (1). `ahead` more elements of `rows` may be read, to fetch what comes next into the cache.
  void (*normal_equations)(
    const rk_regressors *side, const uint32_t *rows, const float *ratings, size_t count, size_t ahead, float *sums);
  // Solves the sums of `count` ratings, which are overwritten, for the row's `stride` factors, of which `used` are free,
  // and its bias. Returns 0; or i > 0 where the i-th pivot is not positive (used + 1: the bias's).
  size_t (*solve_ridge)(
    float *sums, size_t stride, size_t used, size_t count, const rk_ridge *ridge, float *x, float *bias);
  // Improves x and bias toward the same solution by that many steps of conjugate gradients with diagonal scaling, without
  // the sums. `scratch` holds 5 x stride floats; all rows begin on a 64-byte boundary.
  void (*descend_ridge)(
    const rk_regressors *side, const uint32_t *rows, const float *ratings, size_t count, const rk_ridge *ridge,
    size_t steps, float *scratch, float *x, float *bias);
  // The sum of (ratings[t] - biases[rows[t]] - bias - factors[rows[t]] . x)^2.
  double (*row_squares)(
    const rk_regressors *side, const uint32_t *rows, const float *ratings, size_t count, const float *x, float bias);

  // Of models in which a user is the sum of what belongs to the user's items.
  rk_implicit_kernels implicit;
  // Of models whose parameters are drawn from their posterior.
  rk_bayesian_kernels bayesian;
  // Of random numbers and of the ordered probit model.
  rk_random_kernels random;
  // Of sums with random weights.
  rk_bootstrap_kernels bootstrap;
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

// The same in double.
void rk_dsyrk(int n, int k, double alpha, const double *a, int lda, double beta, double *c, int ldc);

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

// Lets the processor's other threads go on for a moment while this one looks for something again and again.
static inline void rk_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// Lets reads of a mapped file go on with zeros where another process has cut the file short, in place of a signal that
// ends this process. The first call takes over SIGBUS; signals for other addresses are passed on.
// `start` begins a page. Returns a number to ask and to end it with; -1 where too many mappings are watched already.
int rk_watch_mapping(const void *start, size_t count);
// Whether pages of a mapping were lost.
int rk_mapping_has_lost(int watched);
// To be called before the memory is unmapped.
void rk_unwatch_mapping(int watched);

// How often a byte occurs in `count` bytes.
size_t rk_count_byte(const uint8_t *bytes, size_t count, uint8_t byte);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif

#endif
