// autograd/interpolate.cpp: nearest picks one pixel an axis, linear weighs two; axes are independent of each other
//
//   y_i = x_j, j nearest           dx_j = sum of dy_i over all i that show x_j           saves the positions j
//   y_i = (1 - t) x_j + t x_j+1    dx_j = sum of dy_i times the weight of x_j in y_i     saves the positions j, and t
#include "autograd/interpolate.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "autograd/elementwise.h"
#include "autograd/indexing.h"
#include "tensor/checks.h"
#include "tensor/create.h"

namespace weft {
namespace {

constexpr std::string_view kOp = "interpolate";

Shape new_size(const Variable& x, const InterpolateOptions& options) {
  const int64_t axes = x.rank() - 2;
  const auto fits = [axes](int64_t given) { return given == 1 || given == axes; };
  const bool by_size = !options.size.empty(), by_factor = !options.scale_factor.empty();
  if (by_size == by_factor) fail(kOp, "give either size or scale_factor: x is {}", x.value().describe());
  if (!fits(by_size ? options.size.size() : std::ssize(options.scale_factor))) {
    fail(kOp, "size or scale_factor needs 1 or {} entries: x is {}", axes, x.value().describe());
  }
  Shape size;
  for (int64_t axis = 0; axis < axes; ++axis) {
    constexpr double kLargest = 2147483648.0;  // 2^31: far beyond use, and no position overflows
    const double wanted = by_size ? static_cast<double>(options.size[options.size.size() == 1 ? 0 : axis])
                                  : std::floor(static_cast<double>(x.size(2 + axis)) *
                                               options.scale_factor[options.scale_factor.size() == 1 ? 0 : axis]);
    if (!(wanted >= 1 && wanted <= kLargest) || x.size(2 + axis) < 1 ||
        static_cast<double>(x.size(2 + axis)) > kLargest) {
      fail(kOp, "axis {} would get {} pixels from {}, and both must be in 1 .. 2^31: x is {}", 2 + axis, wanted,
           x.size(2 + axis), x.value().describe());
    }
    size.push_back(static_cast<int64_t>(wanted));
  }
  return size;
}

/// How far apart new pixels lie, in old pixels.
double step_of(int64_t from, int64_t to, const InterpolateOptions& options, int64_t axis) {
  if (options.align_corners) return to > 1 ? static_cast<double>(from - 1) / static_cast<double>(to - 1) : 0;
  if (options.scale_factor.empty()) return static_cast<double>(from) / static_cast<double>(to);
  return 1 / options.scale_factor[options.scale_factor.size() == 1 ? 0 : static_cast<size_t>(axis)];
}

Tensor as_index(const std::vector<int64_t>& positions, Device device) {
  return from_data(positions, {static_cast<int64_t>(positions.size())}, device);
}

Variable nearest_along(const Variable& x, int64_t axis, int64_t to, const InterpolateOptions& options) {
  const int64_t from = x.size(axis);
  const double step = step_of(from, to, options, axis - 2);
  empty({to}, {.dtype = DType::int64, .device = cpu});  // says it in words when there is no room
  std::vector<int64_t> positions;
  positions.reserve(static_cast<size_t>(to));
  for (int64_t i = 0; i < to; ++i) {  // given a size, in whole numbers: a third of 3 is not 0.99...
    const int64_t at =
        options.scale_factor.empty() ? i * from / to : static_cast<int64_t>(std::floor(static_cast<double>(i) * step));
    positions.push_back(std::min(at, from - 1));
  }
  return index_select(x, axis, as_index(positions, x.device()));
}

Variable linear_along(const Variable& x, int64_t axis, int64_t to, const InterpolateOptions& options) {
  const int64_t from = x.size(axis);
  const double step = step_of(from, to, options, axis - 2);
  empty({3, to}, {.dtype = DType::int64, .device = cpu});  // says it in words when there is no room
  std::vector<int64_t> lower, upper;
  std::vector<double> weights;
  lower.reserve(static_cast<size_t>(to));
  upper.reserve(static_cast<size_t>(to));
  weights.reserve(static_cast<size_t>(to));
  for (int64_t i = 0; i < to; ++i) {
    const double place = static_cast<double>(i);
    const double u = options.align_corners ? place * step : std::max((place + 0.5) * step - 0.5, 0.0);
    lower.push_back(std::min(static_cast<int64_t>(std::floor(u)), from - 1));
    upper.push_back(std::min(lower.back() + 1, from - 1));
    weights.push_back(std::clamp(u - static_cast<double>(lower.back()), 0.0, 1.0));
  }
  Shape aligned = Dims::filled(x.rank() - axis, 1);
  aligned[0] = to;
  const Tensor t = from_data(weights, aligned, x.device()).to(x.dtype());
  const Variable low = index_select(x, axis, as_index(lower, x.device()));
  const Variable high = index_select(x, axis, as_index(upper, x.device()));
  return low * (1 - Variable(t)) + high * t;
}

}  // namespace

Variable interpolate(const Variable& x, const InterpolateOptions& options) {
  check_floating(kOp, x.value());
  if (x.rank() != 3 && x.rank() != 4) fail(kOp, "x needs 3 or 4 axes: it is {}", x.value().describe());
  const bool nearest = options.mode == Interpolation::nearest;
  if (!nearest && (options.mode == Interpolation::linear) != (x.rank() == 3)) {
    fail(kOp, "the mode does not fit x: it is {}; hint: linear is for 3 axes, bilinear for 4", x.value().describe());
  }
  if (nearest && options.align_corners)
    fail(kOp, "align_corners is for linear and bilinear: x is {}", x.value().describe());
  const Shape size = new_size(x, options);
  Variable y = x;
  for (int64_t axis = 2; axis < x.rank(); ++axis) {
    const int64_t to = size[axis - 2];
    if (nearest) y = nearest_along(y, axis, to, options);
    else y = linear_along(y, axis, to, options);
  }
  return y;
}

}  // namespace weft
