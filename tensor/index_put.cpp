// tensor/index_put.cpp: writing at places that several index tensors name together
#include "tensor/index_put.h"

#include <vector>

#include "tensor/checks.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/indexing.h"
#include "tensor/masked.h"

namespace weft {
namespace {

/// A bool index becomes one int64 index for each of its axes.
std::vector<Tensor> as_positions(const Tensor& x, std::span<const Tensor> indices) {
  std::vector<Tensor> positions;
  for (const Tensor& index : indices) {
    check_same_device("index_put", x, index);
    if (index.dtype() == DType::int64) {
      positions.push_back(index);
      continue;
    }
    if (index.dtype() != DType::boolean) {
      fail("index_put", "an index must be int64 or bool: it is {}; hint: to(DType::int64)", index.describe());
    }
    const int64_t first = std::ssize(positions);
    bool fits = index.rank() >= 1 && first + index.rank() <= x.rank();
    for (int64_t i = 0; fits && i < index.rank(); ++i) fits = index.shape()[i] == x.shape()[first + i];
    if (!fits) {
      fail("index_put", "the bool index {} does not have the sizes of x from axis {}: x is {}", index.describe(), first,
           x.describe());
    }
    const Tensor places = nonzero(index);
    for (int64_t i = 0; i < index.rank(); ++i) positions.push_back(places.select(1, i));
  }
  return positions;
}

void check_on_axis(const Tensor& x, int64_t axis, const Tensor& index) {
  const int64_t size = x.shape()[axis];
  if (const auto stray = find_stray_index(index, -size, size))
    fail("index_put", "index {} is out of range: axis {} has size {}: x is {}", stray->value, axis, size, x.describe());
}

}  // namespace

IndexedSlices indexed_slices(const Tensor& x, std::span<const Tensor> indices, const Tensor& values) {
  check_same_device("index_put", x, values);
  check_same_dtype("index_put", x, values);
  if (indices.empty()) fail("index_put", "needs one index or more: x is {}", x.describe());
  const std::vector<Tensor> positions = as_positions(x, indices);
  const int64_t count = std::ssize(positions);
  if (count > x.rank()) fail("index_put", "{} indices for {} axes: x is {}", count, x.rank(), x.describe());
  IndexedSlices at;
  Shape lead, broadcast;
  for (int64_t axis = 0; axis < count; ++axis) {
    const Tensor& index = positions[static_cast<size_t>(axis)];
    check_on_axis(x, axis, index);
    broadcast = broadcast_shapes("index_put", broadcast, index.shape());
    lead.push_back(x.shape()[axis]);
  }
  Tensor position = zeros(broadcast, {.dtype = DType::int64, .device = x.device()});
  for (int64_t axis = 0; axis < count; ++axis) {
    const Tensor& index = positions[static_cast<size_t>(axis)];
    const Tensor from_front = where(less(index, 0), index + lead[axis], index);
    position = position * lead[axis] + from_front;
  }
  at.position = position.reshape({-1});
  at.flat = {numel_of(lead)};
  at.values = broadcast;
  at.rows = {position.numel()};
  for (int64_t axis = count; axis < x.rank(); ++axis) {
    for (Shape* shape : {&at.flat, &at.values, &at.rows}) shape->push_back(x.shape()[axis]);
  }
  broadcast_to("index_put", values, at.values);
  return at;
}

Tensor index_put(const Tensor& x, std::span<const Tensor> indices, const Tensor& values, Accumulate accumulate) {
  const IndexedSlices at = indexed_slices(x, indices, values);
  const Tensor flat = x.reshape(at.flat), rows = values.expand(at.values).reshape(at.rows);
  const Tensor y =
      accumulate == Accumulate::yes ? index_add(flat, 0, at.position, rows) : index_copy(flat, 0, at.position, rows);
  return y.reshape(x.shape());
}

}  // namespace weft
