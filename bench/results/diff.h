// bench/results/diff.h: two runs of weft-bench against each other
#pragma once
#include <string>

#include "bench/results/results.h"

namespace weft::bench {

/// A line a case that both have: its medians, b's over a's and both spreads, what got faster first. A ratio whose two
/// ranges of times overlap is marked "~": it may be chance. Then what only one of them has timed, and what the contexts
/// (processor, settings, versions) say differently.
/// Throws UsageError: no case in common.
std::string diff(const Results& a, const Results& b);

}  // namespace weft::bench
