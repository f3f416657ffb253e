// nn/recurrent/lengths.cpp: how many steps each sequence of a batch has
#include "nn/recurrent/lengths.h"

#include <algorithm>
#include <vector>

#include "tensor/create.h"
#include "tensor/elementwise.h"

namespace weft::nn {

Lengths::Lengths(int64_t n, int64_t time, const Tensor& lengths) : shortest_(time), longest_(time) {
  if (!lengths.defined() || n == 0) return;
  const std::vector<int64_t> values = lengths.to_vector<int64_t>();
  shortest_ = std::ranges::min(values);
  longest_ = std::ranges::max(values);
  if (shortest_ == time) return;
  const Tensor steps = arange(0, time, 1, {.dtype = DType::int64, .device = lengths.device()});
  having_ = less(steps.unsqueeze(0), lengths.unsqueeze(1)).unsqueeze(2);
}

}  // namespace weft::nn
