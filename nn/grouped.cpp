// nn/grouped.cpp: counts as people read them
#include "nn/grouped.h"

namespace weft::nn {

std::string grouped(int64_t count) {
  std::string text = std::to_string(count);
  const int64_t first_digit = count < 0 ? 1 : 0;
  for (int64_t place = static_cast<int64_t>(text.size()) - 3; place > first_digit; place -= 3) {
    text.insert(static_cast<size_t>(place), 1, ',');
  }
  return text;
}

}  // namespace weft::nn
