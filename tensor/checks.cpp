// tensor/checks.cpp: the questions every tensor function asks of its inputs
#include "tensor/checks.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace weft {
namespace {

/// Sorted by stride, every axis must step over all that the smaller ones reach.
bool may_overlap(const Tensor& x) {
  if (x.numel() <= 1) return false;
  std::array<std::pair<int64_t, int64_t>, Dims::kMaxRank> axes;  // stride, size
  auto last = axes.begin();
  for (int64_t axis = 0; axis < x.rank(); ++axis) {
    if (x.shape()[axis] == 1) continue;
    const std::pair<int64_t, int64_t> entry{x.strides()[axis], x.shape()[axis]};
    const auto place = std::upper_bound(axes.begin(), last, entry);  // insertion: there are at most 8
    std::move_backward(place, last, last + 1);
    *place = entry;
    ++last;
  }
  int64_t reach = 0;
  for (auto axis = axes.begin(); axis != last; ++axis) {
    if (axis->first <= reach) return true;
    reach += axis->first * (axis->second - 1);
  }
  return false;
}

}  // namespace

void check_defined(std::string_view op, const Tensor& x) {
  if (!x.defined()) fail(op, "the tensor is undefined (default-constructed); hint: make it with zeros or from_data");
}

void check_floating(std::string_view op, const Tensor& x) {
  check_defined(op, x);
  if (!is_floating(x.dtype())) {
    fail(op, "needs a floating dtype: x is {}; hint: x.to(DType::float32)", x.describe());
  }
}

void check_computes(std::string_view op, const Tensor& x) {
  check_defined(op, x);
  if (x.dtype() == DType::bfloat16)
    fail(op, "bfloat16 only holds elements: x is {}; hint: compute in float32, with to(DType::float32)", x.describe());
}

void check_int64(std::string_view op, std::string_view name, const Tensor& x) {
  check_defined(op, x);
  if (x.dtype() != DType::int64) fail(op, "{} must be int64: it is {}; hint: to(DType::int64)", name, x.describe());
}

void check_same_device(std::string_view op, const Tensor& a, const Tensor& b) {
  check_defined(op, a);
  check_defined(op, b);
  if (a.device() != b.device()) {
    fail(op, "devices differ: {} and {}; hint: bring one over with to(device)", a.describe(), b.describe());
  }
}

void check_same_dtype(std::string_view op, const Tensor& a, const Tensor& b) {
  if (a.dtype() != b.dtype()) {
    fail(op, "dtypes differ: {} and {}; hint: convert one with to(dtype)", a.describe(), b.describe());
  }
}

void check_alike(std::string_view op, std::string_view name, const Tensor& x, std::string_view other_name,
                 const Tensor& other) {
  if (x.shape() != other.shape() || x.dtype() != other.dtype() || x.device() != other.device()) {
    fail(op, "{} is {}, {} is {}; hint: they are alike", name, x.describe(), other_name, other.describe());
  }
}

void check_rank(std::string_view op, std::string_view name, const Tensor& x, int64_t rank) {
  check_defined(op, x);
  if (x.rank() != rank) fail(op, "{} needs {} axes: it is {}", name, rank, x.describe());
}

bool fits(Scalar value, DType dtype) {
  bool in_range = true;
  if (!is_integer(dtype)) return in_range;
  visit_dtype(dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    using Limits = std::numeric_limits<T>;
    if constexpr (std::is_integral_v<T>) {
      if (value.kind() == DType::float64) {
        const double v = std::trunc(value.as<double>());  // both bounds below are powers of two or 0, so exact
        in_range = v >= static_cast<double>(Limits::min()) && v < static_cast<double>(Limits::max() / 2 + 1) * 2;
      } else {
        const int64_t v = value.as<int64_t>();
        in_range = v >= int64_t{Limits::min()} && v <= int64_t{Limits::max()};
      }
    }
  });
  return in_range;
}

void check_fits(std::string_view op, Scalar value, DType dtype) {
  if (fits(value, dtype)) return;
  if (value.kind() == DType::float64) fail(op, "{} does not fit {}", std::trunc(value.as<double>()), name_of(dtype));
  fail(op, "{} does not fit {}; hint: use a wider dtype", value.as<int64_t>(), name_of(dtype));
}

void check_allocatable(std::string_view op, const Shape& shape, DType dtype) {
  int64_t bytes = size_of(dtype);
  bool fits = true;
  for (const int64_t size : shape) {
    if (size == 0) return;
    fits = fits && !__builtin_mul_overflow(bytes, size, &bytes);
  }
  if (!fits) fail(op, "{} {} takes more than 2^63 - 1 bytes", to_string(shape), name_of(dtype));
}

void check_writable(std::string_view op, const Tensor& x) {
  check_defined(op, x);
  if (may_overlap(x)) {
    fail(op, "elements of {} share memory (strides {}), so it cannot be changed in place; hint: clone() it first",
         x.describe(), to_string(x.strides()));
  }
}

std::optional<StrayIndex> find_stray_index(const Tensor& index, int64_t low, int64_t high) {
  const std::vector<int64_t> values = index.to_vector<int64_t>();
  for (size_t i = 0; i < values.size(); ++i)
    if (values[i] < low || values[i] >= high)
      return StrayIndex{to_string(unravel(static_cast<int64_t>(i), index.shape())), values[i]};
  return std::nullopt;
}

bool is_row_of_one(const Tensor& x, int64_t axis) { return x.rank() == 0 && (axis == 0 || axis == -1); }

int64_t normalize_axis(std::string_view op, int64_t axis, const Tensor& x, int64_t added) {
  check_defined(op, x);
  const int64_t rank = x.rank() + added;
  if (axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis;
  if (rank == 0) fail(op, "axis {} is out of range: x is {}, which has no axes", axis, x.describe());
  fail(op, "axis {} is out of range: x is {}; hint: use {}..{}", axis, x.describe(), -rank, rank - 1);
}

Axes normalize_axes(std::string_view op, const Axes& axes, const Tensor& x) {
  check_defined(op, x);
  for (const int64_t axis : axes)
    if (!is_row_of_one(x, axis)) normalize_axis(op, axis, x);
  return normalize_axes(op, axes, x.rank());
}

Tensor broadcast_to(std::string_view op, const Tensor& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  if (broadcast_shapes(op, x.shape(), shape) != shape) {
    fail(op, "cannot broadcast {} to {}", to_string(x.shape()), to_string(shape));
  }
  return x.expand(shape);
}

Tensor detached_from(const Tensor& target, const Tensor& source) {
  const bool same_window =
      source.shape() == target.shape() && source.strides() == target.strides() && source.offset() == target.offset();
  return source.shares_storage_with(target) && !same_window ? source.clone() : source;
}

}  // namespace weft
