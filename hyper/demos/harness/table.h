// hyper/demos/harness/table.h: rows of text in columns
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace weft::demo {

/// The first row is the heading; the first column stands left, the others right.
std::string table(const std::vector<std::vector<std::string>>& rows);

/// 12544 -> "12,544".
std::string grouped(int64_t n);

}  // namespace weft::demo
