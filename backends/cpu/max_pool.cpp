// backends/cpu/max_pool.cpp: the largest value of each window and where it stands
#include "backends/cpu/backend_class.h"
#include "backends/cpu/isa.h"
#include "backends/cpu/strided_pieces.h"
#include "backends/cpu/thread_pool.h"

namespace weft::cpu_kernels {
namespace {

template <class T>
bool beats(T value, T best) {
  return value > best || (value != value && best == best);
}

template <class T>
struct Plane {
  const T* x;
  int64_t height, width, row_stride, column_stride;
};

/// Rows or columns of one window that lie inside the plane: begin, begin + step, ... before end.
struct Range {
  int64_t begin, end, step;
  Range(int64_t output, const Window2d& window, int axis, int64_t kernel, int64_t size) : step(window.dilation[axis]) {
    const int64_t first = output * window.stride[axis] - window.padding[axis];
    begin = first >= 0 ? first : first + ceil_div(-first, step) * step;
    end = std::min(first + (kernel - 1) * step + 1, size);
  }
};

template <class T>
int64_t largest_in_window(const Plane<T>& plane, const Range& rows, const Range& columns) {
  int64_t at = rows.begin * plane.width + columns.begin;
  T best = plane.x[rows.begin * plane.row_stride + columns.begin * plane.column_stride];
  for (int64_t i = rows.begin; i < rows.end; i += rows.step) {
    for (int64_t j = columns.begin; j < columns.end; j += columns.step) {
      const T value = plane.x[i * plane.row_stride + j * plane.column_stride];
      if (beats(value, best)) {
        best = value;
        at = i * plane.width + j;
      }
    }
  }
  return at;
}

/// 2 x 2 windows side by side on dense rows, in the same order as above. Data decides the winner, so a branch would be
/// mispredicted half the time: winners are positions, computed and then loaded from.
template <class T>
void pool_2x2_row(const T* top, const T* bottom, int64_t corner, int64_t width, int64_t ow, T* __restrict values,
                  int64_t* __restrict indices) {
  const auto better = [](T value, T best) -> int64_t { return (value > best) | ((value != value) & (best == best)); };
  for (int64_t j = 0; j < ow; ++j, top += 2, bottom += 2) {
    const int64_t top_right = better(top[1], top[0]), bottom_right = better(bottom[1], bottom[0]);
    const int64_t below = better(bottom[bottom_right], top[top_right]);
    const int64_t right = top_right + below * (bottom_right - top_right);
    values[j] = top[right + below * (bottom - top)];
    indices[j] = corner + 2 * j + right + below * width;
  }
}

template <class T>
void pool_2x2(const Plane<T>& plane, int64_t oh, int64_t ow, T* values, int64_t* indices) {
  for (int64_t i = 0; i < oh; ++i) {
    const T* top = plane.x + 2 * i * plane.row_stride;
    pool_2x2_row(top, top + plane.row_stride, 2 * i * plane.width, plane.width, ow, values + i * ow, indices + i * ow);
  }
}

}  // namespace

void CpuBackend::max_pool2d(const Tensor& x, int64_t kernel_h, int64_t kernel_w, const Window2d& window,
                            const Tensor& y, const Tensor& indices) {
  const Shape &in = x.shape(), &out = y.shape();
  const Strides &xs = x.strides(), &ys = y.strides(), &is = indices.strides();
  const bool is_2x2 = kernel_h == 2 && kernel_w == 2 && window.stride[0] == 2 && window.stride[1] == 2 &&
                      window.padding[0] == 0 && window.padding[1] == 0 && window.dilation[0] == 1 &&
                      window.dilation[1] == 1 && 2 * out[2] <= in[2] && 2 * out[3] <= in[3] && xs[3] == 1 &&
                      y.is_contiguous() && indices.is_contiguous();
  const int64_t grain = std::max<int64_t>(1, kTileElements / (in[2] * in[3]));
  visit_floating(x.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const auto pool_plane = [&](int64_t n, int64_t c) {
      const Plane<T> plane{x.data<T>() + n * xs[0] + c * xs[1], in[2], in[3], xs[2], xs[3]};
      T* values = y.data<T>() + n * ys[0] + c * ys[1];
      int64_t* places = indices.data<int64_t>() + n * is[0] + c * is[1];
      if (is_2x2) return run_for_isa([&] { pool_2x2(plane, out[2], out[3], values, places); });
      for (int64_t i = 0; i < out[2]; ++i) {
        const Range rows(i, window, 0, kernel_h, in[2]);
        for (int64_t j = 0; j < out[3]; ++j) {
          const Range columns(j, window, 1, kernel_w, in[3]);
          const int64_t at = largest_in_window(plane, rows, columns);
          places[i * is[2] + j * is[3]] = at;
          values[i * ys[2] + j * ys[3]] = plane.x[at / in[3] * xs[2] + at % in[3] * xs[3]];
        }
      }
    };
    parallel_ranges(in[0] * in[1], grain, [&](int64_t begin, int64_t end) {
      for (int64_t p = begin; p < end; ++p) pool_plane(p / in[1], p % in[1]);
    });
  });
}

}  // namespace weft::cpu_kernels
