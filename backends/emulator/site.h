// backends/emulator/site.h: where in a kernel's source something is called
#pragma once
#include <cstdint>
#include <source_location>
#include <string>

namespace weft::emulated_gpu {

using Site = std::source_location;

bool same_place(const Site& a, const Site& b);
/// file:line
std::string to_string(const Site& site);

enum class WarpOp : uint8_t { sync, shfl, shfl_xor, shfl_down, shfl_up, ballot, any, all };

const char* name_of(WarpOp op);

}  // namespace weft::emulated_gpu
