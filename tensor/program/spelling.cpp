// tensor/program/spelling.cpp: edit distance, one row of the table at a time
#include "tensor/program/spelling.h"

#include <algorithm>
#include <cstdint>
#include <numeric>

namespace weft::program {

int64_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<int64_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (size_t i = 1; i <= a.size(); ++i) {
    int64_t diagonal = row[0]++;
    for (size_t j = 1; j <= b.size(); ++j) {
      const int64_t replaced = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

std::string nearest(std::string_view word, const std::vector<std::string>& words) {
  std::string best;
  int64_t fewest = static_cast<int64_t>(word.size()) / 2 + 1;
  for (const std::string& candidate : words) {
    const int64_t distance = edit_distance(word, candidate);
    if (distance < fewest) {
      fewest = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace weft::program
