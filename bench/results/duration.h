// bench/results/duration.h: a time with the unit that suits it
#pragma once
#include <fmt/format.h>

#include <string>

namespace weft::bench {

/// "12.3 us"
inline std::string duration(double seconds) {
  if (seconds < 1e-6) return fmt::format("{:.3g} ns", seconds * 1e9);
  if (seconds < 1e-3) return fmt::format("{:.4g} us", seconds * 1e6);
  if (seconds < 1) return fmt::format("{:.4g} ms", seconds * 1e3);
  return fmt::format("{:.4g} s", seconds);
}

}  // namespace weft::bench
