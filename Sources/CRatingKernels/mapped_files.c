// Files in memory that other processes may cut short meanwhile. To touch a page that a file has lost raises SIGBUS, which
// would end the process. For ranges that were named here, zeros take the place of the lost pages, and it is noted.
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <pthread.h>
#include "CRatingKernels.h"

#ifndef MAP_ANONYMOUS
#define MAP_ANONYMOUS MAP_ANON
#endif

enum { range_count = 256 };

static struct {
  _Atomic uintptr_t start;  // 0 where the place is free, 1 while it is being filled
  _Atomic uintptr_t end;
  _Atomic int has_lost;
} ranges[range_count];

static struct sigaction before;
static uintptr_t page_size;

static void take_signal(int number, siginfo_t *info, void *context) {
  uintptr_t address = (uintptr_t)info->si_addr;
  for (int k = 0; k < range_count; k++) {
    uintptr_t start = atomic_load(&ranges[k].start), end = atomic_load(&ranges[k].end);
    if (start <= 1 || address < start || address >= end) continue;
    uintptr_t page = address / page_size * page_size;
    void *zeros = mmap((void *)page, end - page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (zeros == MAP_FAILED) break;
    atomic_store(&ranges[k].has_lost, 1);
    return;
  }
  // Somebody else's: what would have been done without us.
  if (before.sa_flags & SA_SIGINFO) {
    before.sa_sigaction(number, info, context);
  } else if (before.sa_handler == SIG_DFL || before.sa_handler == SIG_IGN) {
    // The instruction is run again, and then ends the process.
    signal(number, SIG_DFL);
  } else {
    before.sa_handler(number);
  }
}

static void install(void) {
  page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = take_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  sigaction(SIGBUS, &action, &before);
}

int rk_watch_mapping(const void *start, size_t count) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, install);
  for (int k = 0; k < range_count; k++) {
    uintptr_t free_place = 0;
    if (!atomic_compare_exchange_strong(&ranges[k].start, &free_place, 1)) continue;
    atomic_store(&ranges[k].has_lost, 0);
    atomic_store(&ranges[k].end, ((uintptr_t)start + count + page_size - 1) / page_size * page_size);
    atomic_store(&ranges[k].start, (uintptr_t)start);
    return k;
  }
  return -1;
}

int rk_mapping_has_lost(int watched) { return atomic_load(&ranges[watched].has_lost); }

void rk_unwatch_mapping(int watched) { atomic_store(&ranges[watched].start, 0); }
