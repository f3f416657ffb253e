// tensor/meshgrid.cpp: several tensors brought to one shape
#include "tensor/meshgrid.h"

#include <utility>

#include "tensor/checks.h"

namespace weft {

std::vector<Tensor> broadcast_tensors(std::span<const Tensor> tensors) {
  Shape shape;
  for (const Tensor& x : tensors) {
    check_same_device("broadcast_tensors", tensors[0], x);
    shape = broadcast_shapes("broadcast_tensors", shape, x.shape());
  }
  std::vector<Tensor> result;
  for (const Tensor& x : tensors) result.push_back(x.expand(shape));
  return result;
}

std::vector<Tensor> meshgrid(std::span<const Tensor> axes, Indexing indexing) {
  if (axes.empty()) fail("meshgrid", "a grid needs one axis or more");
  const int64_t count = std::ssize(axes);
  Shape shape;
  for (const Tensor& x : axes) {
    check_same_device("meshgrid", axes[0], x);
    check_same_dtype("meshgrid", axes[0], x);
    if (x.rank() > 1) fail("meshgrid", "an axis of a grid needs 1 axis: it is {}", x.describe());
    shape.push_back(x.numel());
  }
  const bool swaps = indexing == Indexing::xy && count > 1;
  if (swaps) std::swap(shape[0], shape[1]);
  std::vector<Tensor> grid;
  for (int64_t i = 0; i < count; ++i) {
    Shape along = Shape::filled(count, 1);
    along[swaps && i < 2 ? 1 - i : i] = axes[static_cast<size_t>(i)].numel();
    grid.push_back(axes[static_cast<size_t>(i)].reshape(along).expand(shape));
  }
  return grid;
}

}  // namespace weft
