// How many processors this process may run on. In C, because Swift can't see the macros that count a set of them.
#ifdef __linux__
#define _GNU_SOURCE
#include <sched.h>
#endif
#include <unistd.h>
#include "CRatingKernels.h"

int rk_available_processors(void) {
#ifdef __linux__
  cpu_set_t allowed;  // 1024 processors; a larger machine makes the call fail, and sysconf counts.
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
    int count = CPU_COUNT(&allowed);
    if (count > 0) return count;
  }
#endif
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? (int)online : 1;
}
