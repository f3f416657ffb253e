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
#include "autograd/tabulate.h"
#include "tensor/checks.h"

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

Variable nearest_along(const Variable& x, int64_t axis, int64_t to, const InterpolateOptions& options) {
  const int64_t from = x.size(axis);
  const double step = step_of(from, to, options, axis - 2);
  const auto position = [&](int64_t i) {  // given a size, in whole numbers: a third of 3 is not 0.99...
    const int64_t at =
        options.scale_factor.empty() ? i * from / to : static_cast<int64_t>(std::floor(static_cast<double>(i) * step));
    return std::min(at, from - 1);
  };
  return index_select(x, axis, tabulate(to, x.device(), position));
}

Variable linear_along(const Variable& x, int64_t axis, int64_t to, const InterpolateOptions& options) {
  const int64_t from = x.size(axis);
  const double step = step_of(from, to, options, axis - 2);
  const auto place = [&](int64_t i) {  // of new pixel i, in old pixels
    const double at = static_cast<double>(i);
    return options.align_corners ? at * step : std::max((at + 0.5) * step - 0.5, 0.0);
  };
  const auto lower = [&](int64_t i) { return std::min(static_cast<int64_t>(std::floor(place(i))), from - 1); };
  const auto upper = [&](int64_t i) { return std::min(lower(i) + 1, from - 1); };
  const auto weight = [&](int64_t i) { return std::clamp(place(i) - static_cast<double>(lower(i)), 0.0, 1.0); };
  Shape aligned = Dims::filled(x.rank() - axis, 1);
  aligned[0] = to;
  const Tensor t = tabulate(to, x.device(), weight).to(x.dtype()).reshape(aligned);
  const Variable low = index_select(x, axis, tabulate(to, x.device(), lower));
  const Variable high = index_select(x, axis, tabulate(to, x.device(), upper));
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
