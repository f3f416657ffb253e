// tensor/masked.cpp: the elements that a condition picks
#include "tensor/masked.h"

#include <vector>

#include "tensor/checks.h"
#include "tensor/create.h"
#include "tensor/indexing.h"

namespace weft {
namespace {

/// The next index in row-major order.
void count_up(Dims& index, const Shape& shape) {
  for (int64_t axis = shape.size() - 1; axis >= 0; --axis) {
    if (++index[axis] < shape[axis]) return;
    index[axis] = 0;
  }
}

}  // namespace

Tensor nonzero(const Tensor& x) {
  check_defined("nonzero", x);
  const std::vector<uint8_t> holds = x.to(DType::boolean).to_vector<uint8_t>();
  std::vector<int64_t> places;
  int64_t count = 0;
  Dims index = Dims::filled(x.rank(), 0);
  for (const uint8_t element : holds) {
    if (element != 0) {
      ++count;
      places.insert(places.end(), index.begin(), index.end());
    }
    count_up(index, x.shape());
  }
  return from_data(places, {count, x.rank()}, x.device());
}

Picked picked_by(const Tensor& x, const Tensor& mask) {
  check_same_device("masked_select", x, mask);
  if (mask.dtype() != DType::boolean) {
    fail("masked_select", "the mask must be bool: it is {}; hint: compare it, or to(DType::boolean)", mask.describe());
  }
  const Shape shape = broadcast_shapes("masked_select", x.shape(), mask.shape());
  return {shape, nonzero(mask.expand(shape).reshape({-1})).select(1, 0)};
}

Tensor masked_select(const Tensor& x, const Tensor& mask) {
  const Picked picked = picked_by(x, mask);
  return index_select(x.expand(picked.shape).reshape({-1}), 0, picked.position);
}

}  // namespace weft
