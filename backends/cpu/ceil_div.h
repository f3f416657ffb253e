// backends/cpu/ceil_div.h: how many parts of one size cover a count
#pragma once
#include <cstdint>

namespace weft::cpu_kernels {

/// a / b rounded up, for a of 0 or more and b of 1 or more; no intermediate value overflows.
constexpr int64_t ceil_div(int64_t a, int64_t b) { return a / b + (a % b != 0); }

}  // namespace weft::cpu_kernels
