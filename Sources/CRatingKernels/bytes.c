#include "CRatingKernels.h"

size_t rk_count_byte(const uint8_t *bytes, size_t count, uint8_t byte) {
  size_t found = 0;
  while (count > 0) {
    // 64 counters of 8 bits hold up to 255 steps; the compiler makes vectors of them.
    uint8_t counters[64] = {0};
    size_t steps = count / 64 < 255 ? count / 64 : 255;
    for (size_t step = 0; step < steps; step++, bytes += 64)
      for (size_t lane = 0; lane < 64; lane++) counters[lane] += bytes[lane] == byte;
    count -= steps * 64;
    for (size_t lane = 0; lane < 64; lane++) found += counters[lane];
    if (count < 64) {
      for (size_t k = 0; k < count; k++) found += bytes[k] == byte;
      count = 0;
    }
  }
  return found;
}
