// autograd/adaptive_pool.cpp: pooling to a given size, one axis after the other
//
//   y_i = mean of x over window i     dx_j = the sum of dy_i / (size of window i) over the windows with j
//   y_i = max of x over window i      dx_j = the sum of dy_i over the windows whose first maximum is at j
//
// The windows of an axis differ by one pixel when sizes do not divide. They are copied side by side, all as long as the
// longest, with a filler behind the short ones that changes nothing: a zero for the sum; the last pixel again for the
// maximum, whose first occurrence is the one that gets the gradient. Columns come before rows for the same reason: the
// first of equals in a row, then the first row, is the first of the window.
#include "autograd/pool.h"

#include <algorithm>

#include "autograd/elementwise.h"
#include "autograd/indexing.h"
#include "autograd/pad.h"
#include "autograd/reduce.h"
#include "autograd/tabulate.h"
#include "autograd/view.h"
#include "tensor/checks.h"

namespace weft {
namespace {

/// Window i of `outputs` takes the positions begin(i) .. end(i) - 1 of `size`.
struct Cover {
  int64_t size, outputs;

  int64_t begin(int64_t i) const { return i * size / outputs; }
  int64_t end(int64_t i) const { return ((i + 1) * size + outputs - 1) / outputs; }
  bool even() const { return size % outputs == 0; }
  int64_t longest() const {
    int64_t most = 0;
    for (int64_t i = 0; i < outputs; ++i) most = std::max(most, end(i) - begin(i));
    return most;
  }

  /// Positions of all windows, each filled up to longest(): with `filler`, or with its last position.
  Tensor positions(std::optional<int64_t> filler, Device device) const {
    const int64_t length = longest();
    return tabulate(numel_of({outputs, length}), device, [&](int64_t k) {
      const int64_t i = k / length, j = begin(i) + k % length;
      return j < end(i) ? j : filler.value_or(end(i) - 1);
    });
  }
};

void check_adaptive(std::string_view op, const Variable& x, int64_t rank, const Shape& output) {
  check_rank(op, "x", x.value(), rank);
  check_floating(op, x.value());
  constexpr int64_t kLargest = int64_t{1} << 31;  // far beyond use, and begin() cannot overflow
  for (int64_t i = 0; i < output.size(); ++i) {
    if (output[i] < 1 || output[i] > kLargest) {
      fail(op, "the output size is {}, and must be in 1 .. 2^31", to_string(output));
    }
    if (x.size(2 + i) < 1 || x.size(2 + i) > kLargest) {
      fail(op, "the image needs 1 to 2^31 pixels an axis: x is {}", x.value().describe());
    }
  }
}

/// x with axis 2 or 3 of four cut into [outputs, length].
Variable cut_axis(const Variable& x, int64_t axis, int64_t outputs) {
  Shape shape = x.shape();
  shape[axis] /= outputs;
  shape.insert(axis, outputs);
  return reshape(x, shape);
}

Variable average_along(const Variable& x, int64_t axis, int64_t outputs) {
  const Cover cover{x.size(axis), outputs};
  if (cover.size == outputs) return x;
  if (cover.even()) return mean(cut_axis(x, axis, outputs), {axis + 1});
  const Variable with_zero = axis == 2 ? pad(x, {{0, 1}, {0, 0}}) : pad(x, {{0, 1}});
  const Variable windows = index_select(with_zero, axis, cover.positions(cover.size, x.device()));
  const Tensor lengths =
      tabulate(outputs, x.device(), [&](int64_t i) { return static_cast<double>(cover.end(i) - cover.begin(i)); });
  const Shape aligned = axis == 2 ? Shape{outputs, 1} : Shape{outputs};
  return sum(cut_axis(windows, axis, outputs), {axis + 1}) / lengths.to(x.dtype()).reshape(aligned);
}

Variable largest_along(const Variable& x, int64_t axis, int64_t outputs) {
  const Cover cover{x.size(axis), outputs};
  if (cover.size == outputs) return x;
  const Variable windows = cover.even() ? x : index_select(x, axis, cover.positions({}, x.device()));
  const int64_t length = cover.longest();
  if (axis == 2) return max_pool2d(windows, length, 1, {.stride = {length, 1}});
  return max_pool2d(windows, 1, length, {.stride = {1, length}});
}

}  // namespace

Variable adaptive_avg_pool2d(const Variable& x, int64_t output_h, int64_t output_w) {
  check_adaptive("adaptive_avg_pool2d", x, 4, {output_h, output_w});
  return average_along(average_along(x, 3, output_w), 2, output_h);
}

Variable adaptive_max_pool2d(const Variable& x, int64_t output_h, int64_t output_w) {
  check_adaptive("adaptive_max_pool2d", x, 4, {output_h, output_w});
  return largest_along(largest_along(x, 3, output_w), 2, output_h);
}

Variable adaptive_avg_pool1d(const Variable& x, int64_t output) {
  check_adaptive("adaptive_avg_pool1d", x, 3, {output});
  return squeeze(average_along(unsqueeze(x, 2), 3, output), 2);
}

Variable adaptive_max_pool1d(const Variable& x, int64_t output) {
  check_adaptive("adaptive_max_pool1d", x, 3, {output});
  return squeeze(largest_along(unsqueeze(x, 2), 3, output), 2);
}

}  // namespace weft
