// Measures what the machine can do, for measure.py to compare with: prints one line of JSON.
//
//   cc -O3 -march=native -pthread probe.c -lopenblas -o probe && ./probe THREADS
//
// - bandwidth_read: bytes/s that all threads read together, each a sum over memory of its own, 1 GiB in all
// - bandwidth_copy: bytes/s read plus bytes/s written, copying half of that to the other half
// - arithmetic: floating-point operations per second of the BLAS's sgemm of two 4096 x 4096 matrices, 2 n^3 each
//
// Each is the best of several rounds: a limit, not an average.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

void sgemm_(
  const char *, const char *, const int *, const int *, const int *, const float *, const float *, const int *,
  const float *, const int *, const float *, float *, const int *);
void openblas_set_num_threads(int);

static const size_t size = (size_t)1 << 30;
static char *memory;
static int threads;
static int copies;
static uint64_t sums[256];

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void *pass(void *argument) {
  const size_t thread = (size_t)argument, share = size / 2 / (size_t)threads;
  char *first = memory + thread * share, *second = memory + size / 2 + thread * share;
  if (copies) {
    memcpy(second, first, share);
    return NULL;
  }
  uint64_t sum[16] = {0};
  const uint64_t *halves[] = {(uint64_t *)first, (uint64_t *)second};
  for (int half = 0; half < 2; half++)
    for (size_t i = 0; i < share / 8; i += 16)
      for (size_t lane = 0; lane < 16; lane++) sum[lane] += halves[half][i + lane];
  for (size_t lane = 0; lane < 16; lane++) sums[thread] += sum[lane];
  return NULL;
}

static double bandwidth(int copy) {
  double best = 0;
  copies = copy;
  for (int round = 0; round < 8; round++) {
    pthread_t thread[256];
    const double start = now();
    for (int t = 0; t < threads; t++) pthread_create(&thread[t], NULL, pass, (void *)(size_t)t);
    for (int t = 0; t < threads; t++) pthread_join(thread[t], NULL);
    const double rate = (double)size / (now() - start);
    if (rate > best) best = rate;
  }
  return best;
}

static double arithmetic(void) {
  const int n = 4096;
  const float one = 1, zero = 0;
  float *a = (float *)memory, *b = a + (size_t)n * n, *c = b + (size_t)n * n;
  for (size_t i = 0; i < 2 * (size_t)n * n; i++) a[i] = (float)(i % 7) * 0.25f;
  openblas_set_num_threads(threads);
  double best = 0;
  for (int round = 0; round < 4; round++) {
    const double start = now();
    sgemm_("N", "N", &n, &n, &n, &one, a, &n, b, &n, &zero, c, &n);
    const double rate = 2.0 * n * n * n / (now() - start);
    if (rate > best) best = rate;
  }
  return best;
}

int main(int count, char **arguments) {
  threads = count > 1 ? atoi(arguments[1]) : 1;
  if (threads < 1 || threads > 256) return 64;
  memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return 70;
#ifdef MADV_HUGEPAGE
  madvise(memory, size, MADV_HUGEPAGE);
#endif
  memset(memory, 1, size);
  const double read = bandwidth(0), copy = bandwidth(1), rate = arithmetic();
  // The sums go into the result, so that no compiler leaves them out.
  uint64_t sum = 0;
  for (int t = 0; t < threads; t++) sum += sums[t];
  printf(
    "{\"threads\": %d, \"bandwidth_read\": %.4g, \"bandwidth_copy\": %.4g, \"arithmetic\": %.4g, \"check\": %d}\n", threads,
    read, copy, rate, (int)(sum & 1));
  return 0;
}
