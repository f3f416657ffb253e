// tensor/triangle.cpp: the diagonal of matrices, and what lies on either side of it
#include "tensor/triangle.h"

#include <algorithm>
#include <utility>

#include "tensor/checks.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"

namespace weft {
namespace {

void check_planes(std::string_view op, const Tensor& x) {
  check_defined(op, x);
  if (x.rank() < 2) fail(op, "needs 2 axes or more: x is {}", x.describe());
}

/// Both axes counted from the front of a tensor with `added` axes on top of x's.
std::pair<int64_t, int64_t> two_axes(std::string_view op, const Tensor& x, int64_t axis0, int64_t axis1,
                                     int64_t added) {
  const int64_t first = normalize_axis(op, axis0, x, added), second = normalize_axis(op, axis1, x, added);
  if (first == second) fail(op, "axes {} and {} are the same: x is {}", axis0, axis1, x.describe());
  return {first, second};
}

Tensor zero_like(const Tensor& x) { return scalar(0, {.dtype = x.dtype(), .device = x.device()}); }

}  // namespace

Tensor tril_mask(int64_t m, int64_t n, int64_t diagonal, Device device) {
  const TensorOptions options{.dtype = DType::int64, .device = device};
  const int64_t k = std::clamp(diagonal, -m, n);  // farther out nothing changes
  return less_equal(arange(0, n, 1, options).reshape({1, n}), arange(k, m + k, 1, options).reshape({m, 1}));
}

Tensor tril(const Tensor& x, int64_t diagonal) {
  check_planes("tril", x);
  return where(tril_mask(x.size(-2), x.size(-1), diagonal, x.device()), x, zero_like(x));
}

Tensor triu(const Tensor& x, int64_t diagonal) {
  check_planes("triu", x);
  const int64_t above = diagonal == INT64_MIN ? diagonal : diagonal - 1;
  return where(tril_mask(x.size(-2), x.size(-1), above, x.device()), zero_like(x), x);
}

Tensor diagonal(const Tensor& x, int64_t offset, int64_t axis0, int64_t axis1) {
  const auto [row, column] = two_axes("diagonal", x, axis0, axis1, 0);
  const int64_t m = x.shape()[row], n = x.shape()[column];
  const int64_t down = std::clamp<int64_t>(offset, -m, 0) * -1, right = std::clamp<int64_t>(offset, 0, n);
  Shape shape = x.shape();
  Strides strides = x.strides();
  for (const int64_t axis : {std::max(row, column), std::min(row, column)}) {
    shape.erase(axis);
    strides.erase(axis);
  }
  const int64_t length = std::min(m - down, n - right);
  shape.push_back(length);
  strides.push_back(length > 1 ? x.strides()[row] + x.strides()[column] : 1);
  const bool has_elements = numel_of(shape) > 0;
  const int64_t start = down * x.strides()[row] + right * x.strides()[column];
  return x.as_strided(shape, strides, has_elements ? x.offset() + start : 0);
}

Shape diag_embed_shape(const Tensor& x, int64_t offset, int64_t axis0, int64_t axis1) {
  check_defined("diag_embed", x);
  if (x.rank() == 0) fail("diag_embed", "a 0-dim tensor has no axis to lay on the diagonal: x is {}", x.describe());
  const auto [row, column] = two_axes("diag_embed", x, axis0, axis1, 1);
  int64_t size = 0;
  if (offset == INT64_MIN || __builtin_add_overflow(x.size(-1), offset < 0 ? -offset : offset, &size)) {
    fail("diag_embed", "offset {} gives more than 2^63 - 1 rows: x is {}", offset, x.describe());
  }
  Shape shape = x.shape();
  shape.erase(shape.size() - 1);
  shape.insert(std::min(row, column), size);
  shape.insert(std::max(row, column), size);
  check_allocatable("diag_embed", shape, x.dtype());
  return shape;
}

Tensor diag_embed(const Tensor& x, int64_t offset, int64_t axis0, int64_t axis1) {
  const Tensor y = zeros(diag_embed_shape(x, offset, axis0, axis1), {.dtype = x.dtype(), .device = x.device()});
  diagonal(y, offset, axis0, axis1).copy_(x);
  return y;
}

Tensor diag(const Tensor& x, int64_t offset) {
  check_defined("diag", x);
  if (x.rank() != 1 && x.rank() != 2) {
    fail("diag", "needs 1 or 2 axes: x is {}; hint: diagonal and diag_embed take any", x.describe());
  }
  return x.rank() == 1 ? diag_embed(x, offset) : diagonal(x, offset);
}

}  // namespace weft
