// autograd/pool.cpp: pooling and its derivative; the mean of windows is a sum over sliding_windows
//
//   y = max over windows of x      dx = zeros, dy added where each maximum was      saves the positions
#include "autograd/pool.h"

#include <algorithm>
#include <vector>

#include "autograd/elementwise.h"
#include "autograd/fold.h"
#include "autograd/indexing.h"
#include "autograd/node.h"
#include "autograd/pad.h"
#include "autograd/reduce.h"
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

Variable mean_of_windows(std::string_view op, const Variable& x, const Shape& kernel, const Window2d& window,
                         const AvgPoolOptions& options) {
  const Shape positions = pool_positions(op, {x.size(2), x.size(3)}, kernel, window, options.ceil_mode);
  if (options.divisor_override < 0) fail(op, "divisor_override is {}, and must be 1 or more", options.divisor_override);
  const Shape spans = window_span(op, kernel, window);
  Padding border[2];
  for (int axis = 0; axis < 2; ++axis) {
    const int64_t reach = (positions[axis] - 1) * window.stride[axis] + spans[axis], before = window.padding[axis];
    border[axis] = {before, std::max(before, reach - before - x.size(2 + axis))};
  }
  const bool bordered = border[0].before + border[0].after + border[1].before + border[1].after > 0;
  const Variable image = bordered ? pad(x, border) : x;
  const Window2d inside{{window.stride[0], window.stride[1]}, {0, 0}, {window.dilation[0], window.dilation[1]}};
  const Variable total = sum(sliding_windows(image, kernel, inside), {4, 5});
  if (options.divisor_override > 0) return total / options.divisor_override;
  if (!bordered) return total / numel_of(kernel);
  return total / divisors(x, kernel, window, positions, options.count_include_pad);
}

}  // namespace

Variable max_pool2d(const Variable& x, int64_t kernel_h, int64_t kernel_w, const Window2d& window, CeilMode ceil_mode) {
  const MaxPooled pooled = max_pool2d(x.value(), kernel_h, kernel_w, window, ceil_mode);
  const Saves saves = Saves::nothing().with({pooled.indices});
  return record("max_pool2d", {x}, pooled.values, saves, [](Node& n, const Variable& dy) {
    const Shape& shape = n.input_shape(0);
    const Shape windows{shape[0], shape[1], dy.size(2) * dy.size(3)};
    const Tensor planes =
        zeros({shape[0], shape[1], shape[2] * shape[3]}, {.dtype = dy.dtype(), .device = dy.device()});
    n.add_grad(0, reshape(scatter_add(planes, 2, n.extra(0).reshape(windows), reshape(dy, windows)), shape));
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
