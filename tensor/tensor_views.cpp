// tensor/tensor_views.cpp: windows on the same storage
#include <algorithm>
#include <optional>

#include "tensor/checks.h"
#include "tensor/tensor.h"

namespace weft {
namespace {

/// Replaces a -1 by the size that is left over, and checks that the sizes multiply up.
Shape resolve_shape(const Tensor& x, const Shape& shape) {
  Shape resolved = shape;
  int64_t* open = nullptr;
  for (int64_t& size : resolved) {
    if (size != -1) continue;
    if (open != nullptr) fail("reshape", "more than one -1 in {}: x is {}", to_string(shape), x.describe());
    open = &size;
  }
  if (open != nullptr) *open = 1;
  const int64_t known = numel_of(resolved);
  if (open != nullptr && known > 0 && x.numel() % known == 0) *open = x.numel() / known;
  if (open != nullptr && known == 0) {
    fail("reshape", "the -1 in {} could be any size: x is {}", to_string(shape), x.describe());
  }
  if (numel_of(resolved) != x.numel()) {
    fail("reshape", "cannot make {} of {} elements: x is {}", to_string(shape), x.numel(), x.describe());
  }
  return resolved;
}

/// Strides that show x under `shape`, when there are any. From the right, axes of x that lie evenly in memory are taken
/// as one run, and each run must be an exact product of new sizes.
std::optional<Strides> strides_for(const Tensor& x, const Shape& shape) {
  if (x.numel() == 0 || x.rank() == 0) return contiguous_strides(shape);
  Strides result = Dims::filled(shape.size(), 1);
  int64_t axis = shape.size() - 1;
  int64_t run = 1;
  int64_t step = x.strides().back();
  for (int64_t old = x.rank() - 1; old >= 0; --old) {
    run *= x.shape()[old];
    const bool run_goes_on = old > 0 && (x.shape()[old - 1] == 1 || x.strides()[old - 1] == run * step);
    if (run_goes_on) continue;
    int64_t filled = 1;
    while (axis >= 0 && (filled < run || shape[axis] == 1)) {
      result[axis] = filled * step;
      filled *= shape[axis--];
    }
    if (filled != run) return std::nullopt;
    if (old > 0) {
      step = x.strides()[old - 1];
      run = 1;
    }
  }
  return result;
}

int64_t checked_position(const Tensor& x, int64_t axis, int64_t position) {
  const int64_t size = x.shape()[axis];
  if (position < -size || position > size) {
    fail("slice", "position {} is out of range on axis {} of size {}: x is {}", position, axis, size, x.describe());
  }
  return position < 0 ? position + size : position;
}

[[noreturn]] void fail_expand(const Tensor& x, const Shape& shape) {
  fail("expand", "cannot expand to {}: x is {}; only axes of size 1 stretch, aligned at the right", to_string(shape),
       x.describe());
}

}  // namespace

Tensor Tensor::view(const Shape& shape, const Strides& strides, int64_t offset) const {
  return Tensor(storage_, shape, strides, offset, dtype_);
}

Tensor Tensor::reshape(const Shape& shape) const {
  check_defined("reshape", *this);
  const Shape resolved = resolve_shape(*this, shape);
  if (const auto strides = strides_for(*this, resolved)) return view(resolved, *strides, offset_);
  const Tensor copy = clone();
  return copy.view(resolved, contiguous_strides(resolved), 0);
}

Tensor Tensor::transpose(int64_t axis0, int64_t axis1) const {
  check_defined("transpose", *this);
  const int64_t first = normalize_axis("transpose", axis0, *this);
  const int64_t second = normalize_axis("transpose", axis1, *this);
  Shape shape = shape_;
  Strides strides = strides_;
  std::swap(shape[first], shape[second]);
  std::swap(strides[first], strides[second]);
  return view(shape, strides, offset_);
}

Tensor Tensor::permute(const Axes& order) const {
  check_defined("permute", *this);
  if (order.size() != rank()) {
    fail("permute", "{} does not name every axis once: x is {}", weft::to_string(order), describe());
  }
  normalize_axes("permute", order, *this);
  Shape shape;
  Strides strides;
  for (const int64_t axis : order) {
    const int64_t from = normalize_axis("permute", axis, *this);
    shape.push_back(shape_[from]);
    strides.push_back(strides_[from]);
  }
  return view(shape, strides, offset_);
}

Tensor Tensor::slice(int64_t axis, int64_t start, int64_t end, int64_t step) const {
  check_defined("slice", *this);
  axis = normalize_axis("slice", axis, *this);
  if (step < 1) fail("slice", "step is {}, and must be 1 or more: x is {}", step, describe());
  const int64_t first = checked_position(*this, axis, start);
  const int64_t last = end == kEnd ? shape_[axis] : checked_position(*this, axis, end);
  Shape shape = shape_;
  Strides strides = strides_;
  shape[axis] = first < last ? (last - first - 1) / step + 1 : 0;
  // A step over more than one element only matters when there are two; a huge one must not overflow.
  if (shape[axis] > 1) strides[axis] *= step;
  return view(shape, strides, shape[axis] > 0 ? offset_ + first * strides_[axis] : offset_);
}

Tensor Tensor::select(int64_t axis, int64_t index) const {
  check_defined("select", *this);
  axis = normalize_axis("select", axis, *this);
  const int64_t size = shape_[axis];
  if (index < -size || index >= size) {
    fail("select", "index {} is out of range on axis {} of size {}: x is {}", index, axis, size, describe());
  }
  Shape shape = shape_;
  Strides strides = strides_;
  shape.erase(axis);
  strides.erase(axis);
  return view(shape, strides, offset_ + (index < 0 ? index + size : index) * strides_[axis]);
}

Tensor Tensor::expand(const Shape& shape) const {
  check_defined("expand", *this);
  const int64_t added = shape.size() - rank();
  if (added < 0) fail_expand(*this, shape);
  Shape expanded = shape;
  Strides strides = Dims::filled(shape.size(), 0);
  for (int64_t axis = 0; axis < shape.size(); ++axis) {
    if (axis < added) {
      if (shape[axis] < 0) fail_expand(*this, shape);
      continue;
    }
    const int64_t size = shape_[axis - added];
    if (shape[axis] == -1) expanded[axis] = size;
    if (expanded[axis] == size) strides[axis] = strides_[axis - added];
    else if (size != 1 || shape[axis] < 0) fail_expand(*this, shape);
  }
  return view(expanded, strides, offset_);
}

Tensor Tensor::unsqueeze(int64_t axis) const {
  check_defined("unsqueeze", *this);
  axis = normalize_axis("unsqueeze", axis, *this, 1);
  Shape shape = shape_;
  Strides strides = strides_;
  shape.insert(axis, 1);
  strides.insert(axis, axis < rank() && numel_ > 0 ? shape_[axis] * strides_[axis] : 1);
  return view(shape, strides, offset_);
}

Tensor Tensor::squeeze(int64_t axis) const {
  check_defined("squeeze", *this);
  axis = normalize_axis("squeeze", axis, *this);
  if (shape_[axis] != 1) fail("squeeze", "axis {} has size {}, not 1: x is {}", axis, shape_[axis], describe());
  Shape shape = shape_;
  Strides strides = strides_;
  shape.erase(axis);
  strides.erase(axis);
  return view(shape, strides, offset_);
}

Tensor Tensor::flatten(int64_t first, int64_t last) const {
  check_defined("flatten", *this);
  if (rank() == 0) return reshape({1});
  first = normalize_axis("flatten", first, *this);
  last = normalize_axis("flatten", last, *this);
  if (first > last) fail("flatten", "first axis {} is behind last axis {}: x is {}", first, last, describe());
  Shape shape;
  Shape merged;
  for (int64_t axis = 0; axis < rank(); ++axis) {
    if (axis < first || axis > last) shape.push_back(shape_[axis]);
    else merged.push_back(shape_[axis]);
  }
  shape.insert(first, numel_of(merged));
  return reshape(shape);
}

Tensor Tensor::as_strided(const Shape& shape, const Strides& strides, int64_t offset) const {
  check_defined("as_strided", *this);
  if (shape.size() != strides.size()) {
    fail("as_strided", "shape {} and strides {} differ in length", weft::to_string(shape), weft::to_string(strides));
  }
  const int64_t capacity = storage_->bytes() / size_of(dtype_);
  const bool has_elements = numel_of(shape) > 0;
  bool inside = offset >= 0 && offset <= capacity - (has_elements ? 1 : 0);
  int64_t last = offset;
  for (int64_t axis = 0; axis < shape.size() && inside && has_elements; ++axis) {
    int64_t reach = 0;
    inside = strides[axis] >= 0 && !__builtin_mul_overflow(shape[axis] - 1, strides[axis], &reach) &&
             !__builtin_add_overflow(last, reach, &last) && last < capacity;
  }
  if (!inside) {
    fail("as_strided", "shape {}, strides {} and offset {} reach outside the {} elements of the storage",
         weft::to_string(shape), weft::to_string(strides), offset, capacity);
  }
  return view(shape, strides, offset);
}

}  // namespace weft
