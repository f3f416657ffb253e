// tensor/pad.cpp: growing a tensor at its edges
#include "tensor/pad.h"

#include <algorithm>

#include "tensor/backend.h"
#include "tensor/checks.h"
#include "tensor/create.h"
#include "tensor/indexing.h"

namespace weft {
namespace {

std::string_view name_of(PadMode mode) {
  switch (mode) {
    case PadMode::reflect: return "reflect";
    case PadMode::replicate: return "replicate";
    case PadMode::circular: return "circular";
  }
  return "?";
}

/// How far outside an axis of `size` elements the mode can look.
int64_t reach(PadMode mode, int64_t size) {
  switch (mode) {
    case PadMode::reflect: return std::max<int64_t>(size - 1, 0);
    case PadMode::replicate: return size > 0 ? INT64_MAX : 0;
    case PadMode::circular: return size;
  }
  return 0;
}

/// Where position i of an axis of `size` elements looks, for i no farther outside than `reach`.
int64_t position_inside(int64_t i, int64_t size, PadMode mode) {
  switch (mode) {
    case PadMode::reflect: return i < 0 ? -i : i >= size ? 2 * (size - 1) - i : i;
    case PadMode::replicate: return std::clamp<int64_t>(i, 0, size - 1);
    case PadMode::circular: return i < 0 ? i + size : i >= size ? i - size : i;
  }
  return i;
}

}  // namespace

Shape padded_shape(const Tensor& x, std::span<const Padding> padding, std::optional<PadMode> mode) {
  check_defined("pad", x);
  if (std::ssize(padding) > x.rank()) {
    fail("pad", "{} paddings for {} axes: x is {}", padding.size(), x.rank(), x.describe());
  }
  const int64_t first = x.rank() - std::ssize(padding);
  Shape shape = x.shape();
  for (int64_t i = 0; i < std::ssize(padding); ++i) {
    const auto [before, after] = padding[static_cast<size_t>(i)];
    if (before < 0 || after < 0) {
      fail("pad", "padding {{{}, {}}} is negative: x is {}; hint: slice cuts off", before, after, x.describe());
    }
    int64_t& size = shape[first + i];
    if (mode && std::max(before, after) > reach(*mode, size)) {
      fail("pad", "padding {{{}, {}}} is more than {} finds on axis {} of size {}: x is {}", before, after,
           name_of(*mode), first + i, size, x.describe());
    }
    if (__builtin_add_overflow(size, before, &size) || __builtin_add_overflow(size, after, &size)) {
      fail("pad", "axis {} gets more than 2^63 - 1 elements", first + i);
    }
  }
  check_allocatable("pad", shape, x.dtype());
  return shape;
}

Tensor pad(const Tensor& x, std::span<const Padding> padding, Scalar value) {
  Tensor y = full(padded_shape(x, padding), value, {.dtype = x.dtype(), .device = x.device()});
  const int64_t first = x.rank() - std::ssize(padding);
  Tensor inside = y;
  for (int64_t i = 0; i < std::ssize(padding); ++i) {
    const int64_t before = padding[static_cast<size_t>(i)].before;
    inside = inside.slice(first + i, before, before + x.shape()[first + i]);
  }
  if (x.numel() > 0) y.backend().copy(x, inside);
  return y;
}

Tensor pad_positions(int64_t size, Padding padding, PadMode mode, Device device) {
  const int64_t padded = size + padding.before + padding.after;
  empty({padded}, {.dtype = DType::int64, .device = device});  // says it in words when there is no room
  std::vector<int64_t> positions;
  positions.reserve(static_cast<size_t>(padded));
  for (int64_t i = -padding.before; i < size + padding.after; ++i) positions.push_back(position_inside(i, size, mode));
  return from_data(positions, {padded}, device);
}

Tensor pad(const Tensor& x, std::span<const Padding> padding, PadMode mode) {
  padded_shape(x, padding, mode);
  const int64_t first = x.rank() - std::ssize(padding);
  Tensor y = x;
  for (int64_t i = 0; i < std::ssize(padding); ++i) {
    const Padding& around = padding[static_cast<size_t>(i)];
    if (around.before == 0 && around.after == 0) continue;
    y = index_select(y, first + i, pad_positions(x.size(first + i), around, mode, x.device()));
  }
  return y.shares_storage_with(x) ? y.clone() : y;
}

}  // namespace weft
