// autograd/pool.cpp: pooling and its derivative; the mean of windows is a sum along one axis, then along the other
//
//   y = max over windows of x      dx = ungather(dy, positions of the maxima)                   saves the positions
//   y = sum_windows(x)             dx = spread_windows(dy), to every pixel of each window       saves nothing
//   y = spread_windows(x)          dx = sum_windows(dy)                                         saves nothing
#include "autograd/pool.h"

#include <algorithm>
#include <vector>

#include "autograd/broadcast.h"
#include "autograd/elementwise.h"
#include "autograd/indexing.h"
#include "autograd/node.h"
#include "autograd/view.h"
#include "tensor/checks.h"
#include "tensor/create.h"

namespace weft {
namespace {

void check_pool_input(std::string_view op, const Variable& x, int64_t rank) {
  check_rank(op, "x", x.value(), rank);
  check_floating(op, x.value());
}

/// How many taps of each window along `axis` count as pixels of the image, or of the image and its padding.
std::vector<double> taps_that_count(const Shape& image, const Shape& kernel, const Window2d& window, int axis,
                                    int64_t positions, bool count_include_pad) {
  const int64_t border = count_include_pad ? window.padding[axis] : 0;
  std::vector<double> counts;
  for (int64_t i = 0; i < positions; ++i) {
    const int64_t first = i * window.stride[axis] - window.padding[axis], step = window.dilation[axis];
    const int64_t before = std::clamp<int64_t>((-border - first + step - 1) / step, 0, kernel[axis]);
    const int64_t end = std::clamp<int64_t>((image[axis] + border - first + step - 1) / step, 0, kernel[axis]);
    counts.push_back(static_cast<double>(end - before));
  }
  return counts;
}

/// What each window's sum is divided by: [oh, 1] times [1, ow].
Tensor divisors(const Variable& x, const Shape& kernel, const Window2d& window, const Shape& positions,
                bool count_include_pad) {
  const Shape image{x.size(2), x.size(3)};
  const auto along = [&](int axis) {
    return from_data(taps_that_count(image, kernel, window, axis, positions[axis], count_include_pad),
                     axis == 0 ? Shape{positions[0], 1} : Shape{1, positions[1]}, x.device())
        .to(x.dtype());
  };
  return along(0) * along(1);
}

/// The windows along one axis of images.
struct WindowAxis {
  int64_t axis, size, kernel, positions, stride, padding, dilation;

  /// Calls visit(pixels, windows) once a tap: `pixels` are those of `images` that the tap takes, `windows` those of
  /// `sums` that take them. Windows whose tap lies in the padding or beyond are left out.
  template <class Visit>
  void each_tap(const Tensor& images, const Tensor& sums, Visit visit) const {
    for (int64_t tap = 0; tap < kernel; ++tap) {
      const int64_t at = tap * dilation - padding;  // the pixel that window 0 takes
      const int64_t first = at < 0 ? (-at - 1) / stride + 1 : 0;
      const int64_t end = at < size ? std::min(positions, (size - at - 1) / stride + 1) : 0;
      if (first >= end) continue;
      visit(images.slice(axis, first * stride + at, (end - 1) * stride + at + 1, stride), sums.slice(axis, first, end));
    }
  }
};

/// Zeros like x, but `size` along `axis`.
Tensor zeros_sized(const Variable& x, int64_t axis, int64_t size) {
  Shape shape = x.shape();
  shape[axis] = size;
  return zeros_for(shape, x);
}

Variable spread_windows(const Variable& x, const WindowAxis& along);

/// x with each window's sum in place of the pixels of one axis.
Variable sum_windows(const Variable& x, const WindowAxis& along) {
  const Tensor y = zeros_sized(x, along.axis, along.positions);
  along.each_tap(x.value(), y, [](const Tensor& pixels, const Tensor& windows) { windows.add_(pixels); });
  return record("sum_windows", {x}, y, Saves::nothing(),
                [along](Node& n, const Variable& dy) { n.add_grad(0, spread_windows(dy, along)); });
}

/// The adjoint of sum_windows: every pixel gets the sum of x over the windows that it is in.
Variable spread_windows(const Variable& x, const WindowAxis& along) {
  const Tensor y = zeros_sized(x, along.axis, along.size);
  along.each_tap(y, x.value(), [](const Tensor& pixels, const Tensor& windows) { pixels.add_(windows); });
  return record("spread_windows", {x}, y, Saves::nothing(),
                [along](Node& n, const Variable& dy) { n.add_grad(0, sum_windows(dy, along)); });
}

Variable mean_of_windows(std::string_view op, const Variable& x, const Shape& kernel, const Window2d& window,
                         const AvgPoolOptions& options) {
  const Shape positions = pool_positions(op, {x.size(2), x.size(3)}, kernel, window, options.ceil_mode);
  if (options.divisor_override < 0) fail(op, "divisor_override is {}, and must be 1 or more", options.divisor_override);
  const Shape spans = window_span(op, kernel, window);
  Variable total = x;
  bool all_inside = true;
  for (int axis = 0; axis < 2; ++axis) {  // rows first: whole rows are added, and fewer are left for the columns
    const WindowAxis along{2 + axis,
                           x.size(2 + axis),
                           kernel[axis],
                           positions[axis],
                           window.stride[axis],
                           window.padding[axis],
                           window.dilation[axis]};
    const int64_t reach = (along.positions - 1) * along.stride + spans[axis] - along.padding;
    all_inside = all_inside && along.padding == 0 && reach <= along.size;
    if (along.kernel > 1 || along.stride > 1) total = sum_windows(total, along);
  }
  if (options.divisor_override > 0) return total / options.divisor_override;
  if (all_inside) return total / numel_of(kernel);
  return total / divisors(x, kernel, window, positions, options.count_include_pad);
}

}  // namespace

Variable max_pool2d(const Variable& x, int64_t kernel_h, int64_t kernel_w, const Window2d& window, CeilMode ceil_mode) {
  const MaxPooled pooled = max_pool2d(x.value(), kernel_h, kernel_w, window, ceil_mode);
  const Saves saves = Saves::nothing().with({pooled.indices});
  return record("max_pool2d", {x}, pooled.values, saves, [](Node& n, const Variable& dy) {
    const Shape& shape = n.input_shape(0);
    const Shape windows{shape[0], shape[1], dy.size(2) * dy.size(3)};
    const Shape planes{shape[0], shape[1], shape[2] * shape[3]};
    n.add_grad(0, reshape(ungather(reshape(dy, windows), 2, n.extra(0).reshape(windows), planes), shape));
  });
}

Variable max_pool1d(const Variable& x, int64_t kernel, const Window1d& window, CeilMode ceil_mode) {
  const Window2d rows = window.on_rows();
  check_pool_input("max_pool1d", x, 3);
  pool_positions("max_pool1d", {1, x.size(2)}, {1, kernel}, rows, ceil_mode);
  return squeeze(max_pool2d(unsqueeze(x, 2), 1, kernel, rows, ceil_mode), 2);
}

Variable avg_pool2d(const Variable& x, int64_t kernel_h, int64_t kernel_w, const Window2d& window,
                    const AvgPoolOptions& options) {
  check_pool_input("avg_pool2d", x, 4);
  return mean_of_windows("avg_pool2d", x, {kernel_h, kernel_w}, window, options);
}

Variable avg_pool1d(const Variable& x, int64_t kernel, const Window1d& window, const AvgPoolOptions& options) {
  check_pool_input("avg_pool1d", x, 3);
  return squeeze(mean_of_windows("avg_pool1d", unsqueeze(x, 2), {1, kernel}, window.on_rows(), options), 2);
}

}  // namespace weft
