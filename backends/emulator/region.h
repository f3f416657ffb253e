// backends/emulator/region.h: a piece of memory that kernels may touch: an allocation, or an array in shared memory
#pragma once
#include <cstddef>

#include "backends/emulator/access_log.h"

namespace weft::emulated_gpu {

struct Region {
  std::byte* data;
  int64_t bytes;
  AccessLog log;

  Region(std::byte* data, int64_t bytes, bool of_one_block) : data(data), bytes(bytes), log(bytes, of_one_block) {}
};

}  // namespace weft::emulated_gpu
