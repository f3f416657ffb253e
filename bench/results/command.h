// bench/results/command.h: what weft-bench does with files of results
#pragma once
#include <string>
#include <vector>

namespace weft::bench {

/// diff A.json B.json prints what bench/results/diff.h says, page RUN.json PAGE.html writes what bench/results/page.h
/// says. Throws UsageError: other words, or a file of no use; FileError: the page cannot be written.
void command(const std::vector<std::string>& words);

}  // namespace weft::bench
