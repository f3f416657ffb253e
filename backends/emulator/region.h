// backends/emulator/region.h: a piece of memory that kernels may touch: an allocation, or an array in shared memory
#pragma once
#include <cstddef>

#include "backends/emulator/access_log.h"

namespace weft::emulated_gpu {

/// What stands in red zones, and in memory that nobody has written: NaN as a float, -1 as an integer.
inline constexpr int zone_byte = 0xA5, unwritten_byte = 0xFF;

struct Region {
  std::byte* data;
  int64_t bytes;
  AccessLog log;

  Region(std::byte* data, int64_t bytes, bool of_one_block) : data(data), bytes(bytes), log(bytes, of_one_block) {}
};

}  // namespace weft::emulated_gpu
