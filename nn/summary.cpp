// nn/summary.cpp: a table of all modules and their parameters
#include <algorithm>
#include <array>
#include <unordered_set>

#include "nn/grouped.h"
#include "nn/module.h"

namespace weft::nn {
namespace {

/// path, kind, parameters, count.
using Row = std::array<std::string, 4>;

std::string aligned(const std::vector<Row>& rows) {
  std::array<size_t, 4> widths{};
  for (const Row& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string table;
  for (const Row& row : rows) {
    table += fmt::format("{:<{}}  {:<{}}  {:<{}}  {:>{}}\n", row[0], widths[0], row[1], widths[1], row[2], widths[2],
                         row[3], widths[3]);
  }
  return table;
}

}  // namespace

std::string Module::summary() const {
  std::vector<Row> rows{{"module", "kind", "parameters", "count"}};
  std::unordered_set<const Leaf*> seen;
  int64_t total = 0;
  visit([&](const std::string& path, const Module& module) {
    std::string shapes;
    int64_t count = 0;
    for (const auto& [name, parameter] : module.parameters_) {
      const Variable& own = parameter->own();
      const bool first = seen.insert(own.leaf().get()).second;
      shapes +=
          fmt::format("{}{} {}{}", shapes.empty() ? "" : ", ", name, to_string(own.shape()), first ? "" : " (shared)");
      if (first) count += own.numel();
    }
    rows.push_back({path.empty() ? "(root)" : path, std::string(module.kind()), shapes, grouped(count)});
    total += count;
  });
  rows.push_back({"total", "", "", grouped(total)});
  return aligned(rows);
}

}  // namespace weft::nn
