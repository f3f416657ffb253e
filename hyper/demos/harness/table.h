// hyper/demos/harness/table.h: rows of text in columns
#pragma once
#include <string>
#include <vector>

namespace weft::demo {

/// The first row is the heading; the first column stands left, the others right.
std::string table(const std::vector<std::vector<std::string>>& rows);

}  // namespace weft::demo
