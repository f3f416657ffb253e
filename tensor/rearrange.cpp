// tensor/rearrange.cpp: the elements of a tensor in another order, or several times
#include "tensor/rearrange.h"

#include <algorithm>

#include "tensor/checks.h"
#include "tensor/create.h"
#include "tensor/indexing.h"
#include "tensor/join.h"

namespace weft {
namespace {

int64_t times(std::string_view op, int64_t size, int64_t repeats, const Tensor& x) {
  int64_t product = 0;
  if (repeats < 0 || __builtin_mul_overflow(size, repeats, &product)) {
    fail(op, "an axis of size {} cannot be repeated {} times: x is {}", size, repeats, x.describe());
  }
  return product;
}

/// The product of sizes `first` .. `last` - 1.
int64_t run_of(const Shape& shape, int64_t first, int64_t last) {
  return numel_of(Shape(std::span<const int64_t>(shape.begin() + first, shape.begin() + last)));
}

/// Shared with nobody, and no element stands for two: y may be written.
Tensor new_tensor(const Tensor& y, const Tensor& x) { return y.shares_storage_with(x) ? y.clone() : y.contiguous(); }

}  // namespace

Tensor movedim(const Tensor& x, const Axes& source, const Axes& destination) {
  check_defined("movedim", x);
  if (source.size() != destination.size()) {
    fail("movedim", "{} axes cannot go to {} places: {} and {}: x is {}", source.size(), destination.size(),
         to_string(source), to_string(destination), x.describe());
  }
  normalize_axes("movedim", source, x);
  normalize_axes("movedim", destination, x);
  Axes order = Axes::filled(x.rank(), -1);
  Axes rest = Axes::filled(x.rank(), 0);
  for (int64_t i = 0; i < source.size(); ++i) {
    const int64_t from = normalize_axis("movedim", source[i], x);
    order[normalize_axis("movedim", destination[i], x)] = from;
    rest[from] = -1;
  }
  int64_t next = 0;
  for (int64_t& axis : order) {
    if (axis != -1) continue;
    while (rest[next] == -1) ++next;
    axis = next++;
  }
  return x.permute(order);
}

Tensor flip(const Tensor& x, const Axes& axes) {
  check_defined("flip", x);
  normalize_axes("flip", axes, x);
  Tensor y = x;
  if (x.rank() == 0) return x.clone();
  for (const int64_t axis : axes) {
    const int64_t size = x.size(axis);
    if (size > 1) y = index_select(y, axis, arange(size - 1, -1, -1, {.dtype = DType::int64, .device = x.device()}));
  }
  return new_tensor(y, x);
}

Tensor roll(const Tensor& x, const Dims& shifts, const Axes& axes) {
  check_defined("roll", x);
  if (axes.empty() && shifts.size() == 1) return roll(x.reshape({-1}), shifts, {0}).reshape(x.shape());
  if (shifts.size() != axes.size()) {
    fail("roll", "{} shifts for {} axes: {} and {}: x is {}", shifts.size(), axes.size(), to_string(shifts),
         to_string(axes), x.describe());
  }
  for (const int64_t axis : axes) normalize_axis("roll", axis, x);  // a 0-dim x has nowhere to go
  normalize_axes("roll", axes, x);
  Tensor y = x;
  for (int64_t i = 0; i < axes.size() && x.numel() > 0; ++i) {
    const int64_t size = x.size(axes[i]);
    const int64_t first = (size - shifts[i] % size) % size;  // what comes to stand in front
    if (first > 0) y = cat({y.slice(axes[i], first, size), y.slice(axes[i], 0, first)}, axes[i]);
  }
  return new_tensor(y, x);
}

Tensor repeat(const Tensor& x, const Dims& repeats) {
  check_defined("repeat", x);
  const int64_t added = repeats.size() - x.rank();
  if (added < 0) {
    fail("repeat", "{} needs a number an axis: x is {}; hint: tile fills up with ones in front", to_string(repeats),
         x.describe());
  }
  Shape shape = Shape::filled(repeats.size(), 1);
  std::copy(x.shape().begin(), x.shape().end(), shape.begin() + added);
  Shape result = shape;
  for (int64_t axis = 0; axis < shape.size(); ++axis) result[axis] = times("repeat", shape[axis], repeats[axis], x);
  check_allocatable("repeat", result, x.dtype());
  if (numel_of(result) == 0) return empty(result, {.dtype = x.dtype(), .device = x.device()});
  Tensor y = x;
  for (int64_t axis = 0; axis < shape.size(); ++axis) {  // one copy an axis: whole runs move at once
    if (repeats[axis] == 1) continue;
    const int64_t outer = run_of(result, 0, axis), run = run_of(shape, axis, shape.size());
    y = y.reshape({outer, 1, run}).expand({outer, repeats[axis], run}).reshape({-1});
  }
  return new_tensor(y.reshape(result), x);
}

Dims tile_repeats(const Dims& repeats, int64_t rank) {
  Dims filled = Dims::filled(std::max(repeats.size(), rank), 1);
  std::copy(repeats.begin(), repeats.end(), filled.end() - repeats.size());
  return filled;
}

Tensor tile(const Tensor& x, const Dims& repeats) {
  check_defined("tile", x);
  return repeat(x, tile_repeats(repeats, x.rank()));
}

Tensor repeat_interleave(const Tensor& x, int64_t repeats, std::optional<int64_t> axis) {
  check_defined("repeat_interleave", x);
  if (!axis) return repeat_interleave(x.reshape({-1}), repeats, 0);
  const int64_t along = normalize_axis("repeat_interleave", *axis, x);
  Shape result = x.shape();
  result[along] = times("repeat_interleave", result[along], repeats, x);
  check_allocatable("repeat_interleave", result, x.dtype());
  if (numel_of(result) == 0) return empty(result, {.dtype = x.dtype(), .device = x.device()});
  const int64_t outer = run_of(x.shape(), 0, along + 1), run = run_of(x.shape(), along + 1, x.rank());
  return new_tensor(x.reshape({outer, 1, run}).expand({outer, repeats, run}).reshape(result), x);
}

Tensor repeat_interleave(const Tensor& repeats) {
  check_rank("repeat_interleave", "repeats", repeats, 1);
  check_int64("repeat_interleave", "repeats", repeats);
  const std::vector<int64_t> counts = repeats.to_vector<int64_t>();
  int64_t total = 0;
  for (const int64_t count : counts) {
    if (count < 0)
      fail("repeat_interleave", "repeats hold {}, and must be 0 or more: they are {}", count, repeats.describe());
    if (__builtin_add_overflow(total, count, &total)) fail("repeat_interleave", "more than 2^63 - 1 elements");
  }
  check_allocatable("repeat_interleave", {total}, DType::int64);
  empty({total}, {.dtype = DType::int64, .device = repeats.device()});  // says it in words when there is no room
  std::vector<int64_t> positions;
  positions.reserve(static_cast<size_t>(total));
  for (size_t i = 0; i < counts.size(); ++i)
    positions.insert(positions.end(), static_cast<size_t>(counts[i]), static_cast<int64_t>(i));
  return from_data(positions, {total}, repeats.device());
}

Tensor repeat_interleave(const Tensor& x, const Tensor& repeats, std::optional<int64_t> axis) {
  check_same_device("repeat_interleave", x, repeats);
  if (!axis) return repeat_interleave(x.reshape({-1}), repeats, 0);
  const int64_t along = normalize_axis("repeat_interleave", *axis, x);
  check_rank("repeat_interleave", "repeats", repeats, 1);
  const int64_t size = x.shape()[along];
  if (repeats.size(0) != size && repeats.size(0) != 1) {
    fail("repeat_interleave", "{} repeats for axis {} of size {}: x is {}", repeats.size(0), along, size, x.describe());
  }
  return index_select(x, along, repeat_interleave(repeats.expand({size})));
}

}  // namespace weft
