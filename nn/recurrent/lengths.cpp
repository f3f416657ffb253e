// nn/recurrent/lengths.cpp: how many steps each sequence of a batch has
#include "nn/recurrent/lengths.h"

#include <algorithm>
#include <vector>

#include "tensor/create.h"
#include "tensor/elementwise.h"

namespace weft::nn {

Lengths::Lengths(std::string_view kind, int64_t n, int64_t time, Device device, const Tensor& lengths)
    : time_(time), shortest_(time), longest_(time) {
  if (time < 1) fail(kind, "a sequence has {} steps; hint: at least one", time);
  if (!lengths.defined()) return;
  if (lengths.dtype() != DType::int64 || lengths.shape() != Shape{n}) {
    fail(kind, "lengths are {}; hint: int64 [{}], one number a sequence", lengths.describe(), n);
  }
  if (n == 0) return;
  const std::vector<int64_t> values = lengths.to_vector<int64_t>();
  for (const int64_t length : values) {
    if (length < 1 || length > time) fail(kind, "a length is {}; hint: they lie in 1..{}", length, time);
  }
  shortest_ = std::ranges::min(values);
  longest_ = std::ranges::max(values);
  if (shortest_ == time) return;
  const Tensor steps = arange(0, time, 1, {.dtype = DType::int64, .device = device});
  having_ = less(steps.unsqueeze(0), lengths.to(device).unsqueeze(1)).unsqueeze(2);
}

}  // namespace weft::nn
