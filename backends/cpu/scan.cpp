// backends/cpu/scan.cpp: running sums and products
//
// Every slice is scanned from its first element to its last, as the formula says: cutting it into blocks would read it
// twice and join the blocks in another order, which makes NaN of a 0 before an overflow and lets a running sum of
// positive numbers step back. Slices are shared out among the threads, so the bits do not depend on their number.
#include <type_traits>

#include "backends/cpu/backend_class.h"
#include "backends/cpu/strided_pieces.h"
#include "backends/cpu/thread_pool.h"

namespace weft::cpu_kernels {
namespace {

constexpr int64_t kSideBySide = 64;  // slices that advance together when they lie closer than their elements

Dims without(Dims dims, int64_t axis) {
  dims.erase(axis);
  return dims;
}

/// y_0 = x_0,  y_i = y_i-1 op x_i, from the end named.
template <class T, class Combine>
void scan_slices(From from, const Tensor& x, int64_t axis, const Tensor& y, Combine combine) {
  // One width above the elements: every element adds a rounding. Unsigned: wrapping is defined.
  using Wider = std::conditional_t<std::is_same_v<T, double>, long double, double>;
  using Total = std::conditional_t<std::is_floating_point_v<T>, Wider, uint64_t>;
  using Result = std::conditional_t<std::is_floating_point_v<T>, T, int64_t>;
  const int64_t size = x.shape()[axis], direction = from == From::first ? 1 : -1;
  const int64_t x_step = direction * x.strides()[axis], y_step = direction * y.strides()[axis];
  const T* x_start = x.data<T>() + (direction > 0 ? 0 : (1 - size) * x_step);
  Result* y_start = y.data<Result>() + (direction > 0 ? 0 : (1 - size) * y_step);
  const Pieces<2> slices(without(x.shape(), axis), {without(x.strides(), axis), without(y.strides(), axis)});
  const int64_t xs = slices.inner_stride(0), ys = slices.inner_stride(1);
  const int64_t together = std::abs(x_step) == 1 ? 1 : kSideBySide;

  parallel_ranges(slices.numel, std::max<int64_t>(1, kTileElements / size), [&](int64_t begin, int64_t end) {
    slices.visit(begin, end, [&](const auto& at, int64_t run) {
      for (int64_t first = 0; first < run; first += together) {
        const int64_t count = std::min(together, run - first);
        const T* in = x_start + at[0] + first * xs;
        Result* out = y_start + at[1] + first * ys;
        Total totals[kSideBySide];
        for (int64_t i = 0; i < size; ++i) {
          for (int64_t s = 0; s < count; ++s) {
            const Total value = static_cast<Total>(in[i * x_step + s * xs]);
            totals[s] = i == 0 ? value : combine(totals[s], value);
            out[i * y_step + s * ys] = static_cast<Result>(totals[s]);
          }
        }
      }
    });
  });
}

}  // namespace

void CpuBackend::scan(ScanOp op, From from, const Tensor& x, int64_t axis, const Tensor& y) {
  visit_dtype(x.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    switch (op) {
      case ScanOp::sum: return scan_slices<T>(from, x, axis, y, [](auto a, auto b) { return a + b; });
      case ScanOp::prod: return scan_slices<T>(from, x, axis, y, [](auto a, auto b) { return a * b; });
    }
  });
}

}  // namespace weft::cpu_kernels
