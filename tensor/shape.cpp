// tensor/shape.cpp: sizes, strides, axes and broadcasting
#include "tensor/shape.h"

#include <fmt/format.h>

#include <algorithm>

#include "tensor/error.h"

namespace weft {

Dims::Dims(std::span<const int64_t> values) {
  if (std::ssize(values) > kMaxRank) fail("shape", "{} axes, but a tensor has at most {}", values.size(), kMaxRank);
  std::copy(values.begin(), values.end(), values_.begin());
  size_ = std::ssize(values);
}

Dims Dims::filled(int64_t rank, int64_t value) {
  if (rank < 0 || rank > kMaxRank) fail("shape", "{} axes, but a tensor has 0 to {}", rank, kMaxRank);
  Dims dims;
  dims.size_ = rank;
  std::fill(dims.begin(), dims.end(), value);
  return dims;
}

void Dims::insert(int64_t position, int64_t value) {
  if (size_ == kMaxRank) {
    fail("shape", "{} has {} axes, and a tensor has at most {}", to_string(*this), size_, kMaxRank);
  }
  std::copy_backward(begin() + position, end(), end() + 1);
  values_[position] = value;
  ++size_;
}

void Dims::erase(int64_t position) {
  std::copy(begin() + position + 1, end(), begin() + position);
  --size_;
}

bool Dims::operator==(const Dims& other) const { return std::equal(begin(), end(), other.begin(), other.end()); }

std::string to_string(const Dims& dims) { return fmt::format("[{}]", fmt::join(dims.begin(), dims.end(), ", ")); }

int64_t numel_of(const Shape& shape, std::string_view op) {
  for (const int64_t size : shape) {
    if (size < 0) fail(op, "{} has a negative size", to_string(shape));
  }
  // Looked for first: a product that passes 2^63 on its way to 0 is no overflow.
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return 0;
  int64_t product = 1;
  for (const int64_t size : shape) {
    if (__builtin_mul_overflow(product, size, &product)) {
      fail(op, "{} has more than 2^63 - 1 elements", to_string(shape));
    }
  }
  return product;
}

int64_t numel_along(const Shape& shape, const Axes& axes) {
  int64_t product = 1;
  bool fits = true;
  for (const int64_t axis : axes) {
    if (shape[axis] == 0) return 0;
    fits = fits && !__builtin_mul_overflow(product, shape[axis], &product);
  }
  return fits ? product : INT64_MAX;
}

Dims unravel(int64_t position, const Shape& shape) {
  Dims index = Dims::filled(shape.size(), 0);
  for (int64_t axis = shape.size() - 1; axis >= 0; position /= shape[axis--]) index[axis] = position % shape[axis];
  return index;
}

Strides contiguous_strides(const Shape& shape) {
  Strides strides = Dims::filled(shape.size(), 1);
  int64_t stride = 1;
  for (int64_t axis = shape.size() - 1; axis >= 0; --axis) {
    strides[axis] = stride;
    int64_t next = 0;
    // Only a shape without elements can overflow here, and its strides are never followed.
    if (!__builtin_mul_overflow(stride, std::max<int64_t>(shape[axis], 1), &next)) stride = next;
  }
  return strides;
}

Shape broadcast_shapes(std::string_view op, const Shape& a, const Shape& b) {
  const int64_t rank = std::max(a.size(), b.size());
  Shape result = Dims::filled(rank, 1);
  for (int64_t from_right = 0; from_right < rank; ++from_right) {
    const int64_t size_a = from_right < a.size() ? a[a.size() - 1 - from_right] : 1;
    const int64_t size_b = from_right < b.size() ? b[b.size() - 1 - from_right] : 1;
    if (size_a != size_b && size_a != 1 && size_b != 1) {
      fail(op, "cannot broadcast {} with {}: axis {} (from the right: {}) has {} and {}", to_string(a), to_string(b),
           rank - 1 - from_right, from_right, size_a, size_b);
    }
    result[rank - 1 - from_right] = size_a == 1 ? size_b : size_a;
  }
  return result;
}

int64_t normalize_axis(std::string_view op, int64_t axis, int64_t rank) {
  if (rank == 0) fail(op, "axis {} is out of range: a 0-dim tensor has no axes", axis);
  if (axis < -rank || axis >= rank) {
    fail(op, "axis {} is out of range: there are {} axes; hint: use {}..{}", axis, rank, -rank, rank - 1);
  }
  return axis < 0 ? axis + rank : axis;
}

Axes normalize_axes(std::string_view op, const Axes& axes, int64_t rank) {
  std::array<bool, Dims::kMaxRank> named{};
  for (const int64_t axis : axes) {
    const bool row_of_one = rank == 0 && (axis == 0 || axis == -1);
    bool& seen = named[static_cast<size_t>(row_of_one ? 0 : normalize_axis(op, axis, rank))];
    if (seen) fail(op, "axis {} is named twice in {} (there are {} axes)", axis, to_string(axes), rank);
    seen = true;
  }
  Axes sorted;
  for (int64_t axis = 0; axis < rank; ++axis) {
    if (axes.empty() || named[static_cast<size_t>(axis)]) sorted.push_back(axis);
  }
  return sorted;
}

Shape reduced_shape(const Shape& shape, const Axes& axes, bool keepdim) {
  Shape result;
  for (int64_t axis = 0; axis < shape.size(); ++axis) {
    const bool reduced = std::find(axes.begin(), axes.end(), axis) != axes.end();
    if (!reduced) result.push_back(shape[axis]);
    else if (keepdim) result.push_back(1);
  }
  return result;
}

}  // namespace weft
