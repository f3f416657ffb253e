// tensor/sort.cpp: sorting and searching; what only counts stands in tensor/histogram.cpp
#include "tensor/sort.h"

#include <bit>

#include "tensor/backend.h"
#include "tensor/checks.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/indexing.h"
#include "tensor/join.h"
#include "tensor/scan.h"

namespace weft {
namespace {

Sorted first_of_order(const Tensor& x, int64_t count, int64_t axis, SortOrder order) {
  Shape shape = x.shape();
  shape[axis] = count;
  const Sorted y{empty(shape, {.dtype = x.dtype(), .device = x.device()}),
                 empty(shape, {.dtype = DType::int64, .device = x.device()})};
  if (y.values.numel() > 0) x.backend().sort(order, x, axis, y.values, y.indices);
  return y;
}

Sorted as_0_dim(const Sorted& row) { return {row.values.reshape({}), row.indices.reshape({})}; }

/// `sorted` with the leading axes of `values`.
Tensor check_searchsorted(const Tensor& sorted, const Tensor& values) {
  check_same_device("searchsorted", sorted, values);
  check_same_dtype("searchsorted", sorted, values);
  check_computes("searchsorted", values);
  const auto leading = [](Shape shape) {
    shape.erase(shape.size() - 1);
    return shape;
  };
  const bool shared = sorted.rank() == 1;
  if (!shared &&
      (sorted.rank() == 0 || values.rank() != sorted.rank() || leading(sorted.shape()) != leading(values.shape()))) {
    fail("searchsorted", "sorted is {}, values are {}; hint: sorted is [n], or has the leading axes of values",
         sorted.describe(), values.describe());
  }
  if (!shared || values.rank() < 2) return sorted;
  Shape shape = values.shape();
  shape.back() = sorted.size(0);
  return sorted.expand(shape);
}

/// a < b, and NaN is larger than all numbers.
Tensor precedes(const Tensor& a, const Tensor& b) {
  return logical_or(less(a, b), logical_and(not_equal(b, b), equal(a, a)));
}

}  // namespace

Sorted sort(const Tensor& x, int64_t axis, SortOrder order) {
  check_computes("sort", x);
  if (is_row_of_one(x, axis)) return as_0_dim(sort(x.reshape({1}), 0, order));
  axis = normalize_axis("sort", axis, x);
  return first_of_order(x, x.shape()[axis], axis, order);
}

Tensor argsort(const Tensor& x, int64_t axis, SortOrder order) {
  check_computes("argsort", x);
  if (is_row_of_one(x, axis)) return sort(x, axis, order).indices;
  axis = normalize_axis("argsort", axis, x);
  return sort(x, axis, order).indices;
}

Sorted topk(const Tensor& x, int64_t count, int64_t axis, SortOrder order) {
  check_computes("topk", x);
  if (is_row_of_one(x, axis) && count == 1) return as_0_dim(topk(x.reshape({1}), 1, 0, order));
  axis = normalize_axis("topk", axis, x);
  if (count < 0 || count > x.shape()[axis]) {
    fail("topk", "count {} is not in 0..{}, the size of axis {}: x is {}", count, x.shape()[axis], axis, x.describe());
  }
  if (x.dtype() == DType::bfloat16) fail_storage_only();  // for a count of 0 too
  return first_of_order(x, count, axis, order);
}

Unique unique(const Tensor& x) {
  check_computes("unique", x);
  const TensorOptions integers{.dtype = DType::int64, .device = x.device()};
  const int64_t n = x.numel();
  if (n == 0) return {empty({0}, {x.dtype(), x.device()}), empty(x.shape(), integers), empty({0}, integers)};
  const auto [values, indices] = sort(x.reshape({-1}));
  const Tensor differs = not_equal(values.slice(0, 1, n), values.slice(0, 0, n - 1)).to(DType::int64);
  const Tensor group = cumsum(cat({zeros({1}, integers), differs}), 0);  // of each sorted element
  const Tensor counts = ungather(ones({n}, integers), 0, group, {group.at<int64_t>({n - 1}) + 1});
  return {gather(values, 0, cumsum(counts, 0) - counts), ungather(group, 0, indices, {n}).reshape(x.shape()), counts};
}

// A place is found bit by bit, from the highest: all values take each step together.
Tensor searchsorted(const Tensor& sorted, const Tensor& values, Side side) {
  const Tensor all = check_searchsorted(sorted, values);
  const TensorOptions integers{.dtype = DType::int64, .device = values.device()};
  const int64_t n = all.size(-1);
  if (values.rank() == 0) return searchsorted(sorted, values.reshape({1}), side).reshape({});
  Tensor place = zeros(values.shape(), integers);
  if (values.numel() == 0) return place;
  for (int64_t step = static_cast<int64_t>(std::bit_floor(static_cast<uint64_t>(n))); step > 0; step /= 2) {
    const Tensor further = place + step;
    const Tensor last = gather(all, -1, minimum(further, n) - 1);  // of the elements that are stepped over
    const Tensor passes = side == Side::left ? precedes(last, values) : logical_not(precedes(values, last));
    place = where(logical_and(less_equal(further, n), passes), further, place);
  }
  return place;
}

}  // namespace weft
