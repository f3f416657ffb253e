// nn/grouped.h: counts as people read them
#pragma once
#include <cstdint>
#include <string>

namespace weft::nn {

/// 12544 -> "12,544".
std::string grouped(int64_t count);

}  // namespace weft::nn
