// backends/emulator/site.h: where in a kernel's source something is called
#pragma once
#include <cstdint>
#include <source_location>
#include <string>

namespace weft::emulated_gpu {

#ifdef __cpp_lib_source_location
using Site = std::source_location;
#else
/// For clang before 15.
class Site {
 public:
  static constexpr Site current(const char* file = __builtin_FILE(), const char* function = __builtin_FUNCTION(),
                                unsigned line = __builtin_LINE()) {
    Site site;
    site.file_ = file;
    site.function_ = function;
    site.line_ = line;
    return site;
  }
  constexpr const char* file_name() const { return file_; }
  constexpr const char* function_name() const { return function_; }
  constexpr unsigned line() const { return line_; }
  constexpr unsigned column() const { return 0; }

 private:
  const char* file_ = "";
  const char* function_ = "";
  unsigned line_ = 0;
};
#endif

bool same_place(const Site& a, const Site& b);
/// file:line
std::string to_string(const Site& site);

enum class WarpOp : uint8_t { sync, shfl, shfl_xor, shfl_down, shfl_up, ballot, any, all };

const char* name_of(WarpOp op);

}  // namespace weft::emulated_gpu
