// hyper/demos/harness/table.cpp: column widths, then lines
#include "hyper/demos/harness/table.h"

#include <fmt/format.h>

#include <algorithm>

namespace weft::demo {

std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths;
  for (const std::vector<std::string>& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
  }
  std::string text;
  for (size_t r = 0; r < rows.size(); ++r) {
    for (size_t c = 0; c < rows[r].size(); ++c) {
      text += c == 0 ? fmt::format("{:<{}}", rows[r][c], widths[c]) : fmt::format("  {:>{}}", rows[r][c], widths[c]);
    }
    text += '\n';
    if (r > 0) continue;
    for (size_t c = 0; c < widths.size(); ++c) text += fmt::format("{}{:-<{}}", c == 0 ? "" : "  ", "", widths[c]);
    text += '\n';
  }
  return text;
}

}  // namespace weft::demo
