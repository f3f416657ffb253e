// bench/results/roofline.h: cases under the roofs that the same run measured (Williams, Waterman and Patterson 2009)
#pragma once
#include <string_view>

#include "bench/results/results.h"
#include "hyper/demos/harness/report.h"

namespace weft::bench {

/// What a device can do at most: the fastest of its cases named "peak/...". 0: none has measured it.
struct Roof {
  double gflops = 0, gbytes = 0;  ///< a second

  bool measured() const { return gflops > 0 && gbytes > 0; }
  /// GFLOP/s that `flops_per_byte` allow.
  double at(double flops_per_byte) const;
  /// The FLOPs a byte from which on arithmetic, and not memory, is the limit.
  double ridge() const { return gflops / gbytes; }
};

Roof roof_of(const Results& results, std::string_view device);

/// FLOPs a byte of memory traffic that the case cannot do without; 0 unless it counts both.
double intensity(const Measured& measured);

/// For every device but `reference`, whose loops are there to be right, with a case that counts FLOPs and bytes: a
/// chart, both axes logarithmic, of the roof and of each such case, and a table with each one's share of the roof. Or a
/// section that says what is missing: the peaks of that device, or, with no such case at all, cases that count both.
std::vector<demo::Section> rooflines(const Results& results);

}  // namespace weft::bench
