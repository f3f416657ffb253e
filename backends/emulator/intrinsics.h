// backends/emulator/intrinsics.h: CUDA's intrinsic functions; where a card approximates, this is exact
#pragma once
#include <cmath>

namespace weft::emulated_gpu {

inline float __expf(float x) { return std::exp(x); }

}  // namespace weft::emulated_gpu
