// hyper/demos/harness/compare.h: finished runs beside each other
#pragma once
#include <filesystem>
#include <vector>

#include "hyper/demos/harness/options.h"

namespace weft::demo {

/// Prints a table of the runs' last scores and writes <out>/<demo>/compare.html, their curves over each other, and the
/// histograms of those that have one (hyper-lstm: the paper's figure 5).
/// Throws FileError: a folder that is no run, a histogram that is damaged or has other bins. WriteError.
void compare(const Demo& demo, const std::vector<std::filesystem::path>& runs, const std::filesystem::path& out);

}  // namespace weft::demo
