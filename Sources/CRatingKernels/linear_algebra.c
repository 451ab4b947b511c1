// BLAS and LAPACK behind one set of names: OpenBLAS on Linux, Accelerate on macOS.
#ifdef __APPLE__
#define ACCELERATE_NEW_LAPACK
#include <Accelerate/Accelerate.h>
#else
#include <cblas.h>
#include <stddef.h>
#endif
#include "CRatingKernels.h"

#ifdef __APPLE__
#define POTRF(letter, n, a, lda, info) letter##potrf_("U", &n, a, &lda, &info)
#define POSV(letter, n, count, a, lda, b, ldb, info) letter##posv_("U", &n, &count, a, &lda, b, &ldb, &info)
#else
_Static_assert(sizeof(blasint) == sizeof(int), "RatingBench needs a BLAS whose integers have 32 bits");
// Debian's OpenBLAS has LAPACK but no header for it. Fortran passes the length of a character argument at the end.
void spotrf_(const char *uplo, const int *n, float *a, const int *lda, int *info, size_t uplo_length);
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info, size_t uplo_length);
void sposv_(
  const char *uplo, const int *n, const int *count, float *a, const int *lda, float *b, const int *ldb, int *info,
  size_t uplo_length);
void dposv_(
  const char *uplo, const int *n, const int *count, double *a, const int *lda, double *b, const int *ldb, int *info,
  size_t uplo_length);
#define POTRF(letter, n, a, lda, info) letter##potrf_("U", &n, a, &lda, &info, 1)
#define POSV(letter, n, count, a, lda, b, ldb, info) letter##posv_("U", &n, &count, a, &lda, b, &ldb, &info, 1)
#endif

void rk_sgemm(
  int transpose_a, int transpose_b, int m, int n, int k, float alpha, const float *a, int lda, const float *b, int ldb,
  float beta, float *c, int ldc) {
  cblas_sgemm(
    CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans, transpose_b ? CblasTrans : CblasNoTrans, m, n, k, alpha, a,
    lda, b, ldb, beta, c, ldc);
}

void rk_sgemv(
  int transpose_a, int m, int n, float alpha, const float *a, int lda, const float *x, float beta, float *y) {
  cblas_sgemv(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans, m, n, alpha, a, lda, x, 1, beta, y, 1);
}

void rk_ssyrk(int n, int k, float alpha, const float *a, int lda, float beta, float *c, int ldc) {
  cblas_ssyrk(CblasRowMajor, CblasLower, CblasTrans, n, k, alpha, a, lda, beta, c, ldc);
}

void rk_dsyrk(int n, int k, double alpha, const double *a, int lda, double beta, double *c, int ldc) {
  cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, n, k, alpha, a, lda, beta, c, ldc);
}

// LAPACK is column-major: what is a lower triangle here is an upper one there, and a row here is a column there.

int rk_spotrf(int n, float *a, int lda) {
  int info = 0;
  POTRF(s, n, a, lda, info);
  return info;
}

int rk_dpotrf(int n, double *a, int lda) {
  int info = 0;
  POTRF(d, n, a, lda, info);
  return info;
}

int rk_sposv(int n, int count, float *a, int lda, float *b, int ldb) {
  int info = 0;
  POSV(s, n, count, a, lda, b, ldb, info);
  return info;
}

int rk_dposv(int n, int count, double *a, int lda, double *b, int ldb) {
  int info = 0;
  POSV(d, n, count, a, lda, b, ldb, info);
  return info;
}

#ifdef __APPLE__
void rk_blas_set_threads(int threads) {
  BLASSetThreading(threads <= 1 ? BLAS_THREADING_SINGLE_THREADED : BLAS_THREADING_MULTI_THREADED);
}
int rk_blas_threads(void) {
  return BLASGetThreading() == BLAS_THREADING_SINGLE_THREADED ? 1 : rk_available_processors();
}
const char *rk_blas_name(void) { return "Accelerate"; }
const char *rk_blas_configuration(void) { return "Accelerate"; }
const char *rk_blas_core(void) { return "chosen by macOS"; }
#else
// OpenBLAS starts its threads when it is loaded, and each of them spins for a while before it sleeps: on a small machine
// that takes a processor from whoever asked for one BLAS thread. Not every build has the function that ends them; those
// that have it start them again when more are asked for.
int blas_thread_shutdown_(void) __attribute__((weak));

void rk_blas_set_threads(int threads) {
  openblas_set_num_threads(threads);
  if (threads <= 1 && blas_thread_shutdown_) blas_thread_shutdown_();
}
int rk_blas_threads(void) { return openblas_get_num_threads(); }
const char *rk_blas_name(void) { return "OpenBLAS"; }
const char *rk_blas_configuration(void) { return openblas_get_config(); }
const char *rk_blas_core(void) { return openblas_get_corename(); }
#endif
