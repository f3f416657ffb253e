// tensor/join.cpp: putting tensors together
#include "tensor/join.h"

#include "tensor/backend.h"
#include "tensor/checks.h"
#include "tensor/create.h"

namespace weft {
namespace {

struct CatResult {
  Shape shape;
  DType dtype;
};

CatResult cat_result(std::span<const Tensor> tensors, int64_t axis) {
  Shape shape = tensors[0].shape();
  DType dtype = tensors[0].dtype();
  shape[axis] = 0;
  for (const Tensor& tensor : tensors) {
    check_same_device("cat", tensors[0], tensor);
    dtype = promote(dtype, tensor.dtype());
    Shape expected = tensors[0].shape();
    if (tensor.rank() == expected.size()) expected[axis] = tensor.shape()[axis];
    if (tensor.shape() != expected) {
      fail("cat", "sizes differ off axis {}: {} and {}", axis, tensors[0].describe(), tensor.describe());
    }
    if (__builtin_add_overflow(shape[axis], tensor.shape()[axis], &shape[axis])) {
      fail("cat", "axis {} gets more than 2^63 - 1 elements", axis);
    }
  }
  check_allocatable("cat", shape, dtype);
  return {shape, dtype};
}

}  // namespace

Tensor cat(std::span<const Tensor> tensors, int64_t axis) {
  if (tensors.empty()) fail("cat", "there is nothing to join");
  check_defined("cat", tensors[0]);
  if (tensors[0].rank() == 0) fail("cat", "0-dim tensors have no axis to join; hint: use stack");
  axis = normalize_axis("cat", axis, tensors[0]);
  const auto [shape, dtype] = cat_result(tensors, axis);
  Tensor y = empty(shape, {.dtype = dtype, .device = tensors[0].device()});
  int64_t position = 0;
  for (const Tensor& tensor : tensors) {
    const int64_t end = position + tensor.shape()[axis];
    if (tensor.numel() > 0) y.backend().copy(tensor, y.slice(axis, position, end));
    position = end;
  }
  return y;
}

Tensor stack(std::span<const Tensor> tensors, int64_t axis) {
  if (tensors.empty()) fail("stack", "there is nothing to join");
  check_defined("stack", tensors[0]);
  axis = normalize_axis("stack", axis, tensors[0], 1);
  std::vector<Tensor> layers;
  for (const Tensor& tensor : tensors) {
    check_same_device("stack", tensors[0], tensor);
    if (tensor.shape() != tensors[0].shape()) {
      fail("stack", "shapes differ: {} and {}", tensors[0].describe(), tensor.describe());
    }
    layers.push_back(tensor.unsqueeze(axis));
  }
  return cat(layers, axis);
}

}  // namespace weft
