// autograd/values_of.h: what several Variables hold
#pragma once
#include <span>
#include <vector>

#include "autograd/variable.h"

namespace weft {

inline std::vector<Tensor> values_of(std::span<const Variable> xs) {
  std::vector<Tensor> values;
  for (const Variable& x : xs) values.push_back(x.value());
  return values;
}

}  // namespace weft
