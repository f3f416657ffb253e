// backends/cpu/conv_plain.cpp: every pair of a pixel and a tap that meet inside the image, one after the other
#include "backends/cpu/conv_plain.h"

#include <atomic>
#include <cmath>
#include <limits>

#include "backends/cpu/dot.h"
#include "backends/cpu/elementwise_loops.h"
#include "backends/cpu/isa.h"

namespace weft::cpu_kernels {
namespace {

/// Frames up to this many elements are taken whatever the image.
constexpr int64_t kSmallFrame = int64_t{1} << 20;
constexpr int64_t kFramePerPixel = 64;

template <class T>
bool is_finite_run(const T* x, int64_t stride, int64_t count) {
  int outside = 0;  // no early exit: it vectorises
  for (int64_t i = 0; i < count; ++i) outside |= !(std::fabs(x[i * stride]) <= std::numeric_limits<T>::max());
  return outside == 0;
}

bool is_finite(const Tensor& x) {
  const Pieces<1> pieces(x.shape(), {x.strides()});
  const int64_t stride = pieces.inner_stride(0);
  std::atomic<bool> finite = true;
  visit_floating(x.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* data = x.data<T>();
    parallel_ranges(pieces.numel, 4 * kTileElements, [&](int64_t begin, int64_t end) {
      pieces.visit(begin, end, [&](const auto& offsets, int64_t count) {
        const T* run = data + offsets[0];
        if (!(stride == 1 ? is_finite_run(run, 1, count) : is_finite_run(run, stride, count))) finite = false;
      });
    });
  });
  return finite;
}

template <class T>
void add_scaled(T* __restrict to, const T* __restrict from, T factor, int64_t count) {
  for (int64_t j = 0; j < count; ++j) to[j] += from[j] * factor;
}

template <class T, ConvRole role>
struct PlainConvolution {
  const Tensor &x, &weight, &y;
  const Window2d& window;
  int64_t groups;

  int64_t outputs() const { return weight.shape()[0] / groups; }  ///< of one group
  int64_t channels() const { return weight.shape()[1]; }          ///< of one group

  /// All products of image n, output channel o and channel c of its group, each added to its element of the result.
  void add_kernel(int64_t n, int64_t o, int64_t c) const {
    for (int64_t p = 0; p < weight.shape()[2]; ++p)
      for (int64_t q = 0; q < weight.shape()[3]; ++q) add_tap(n, o, c, p, q);
  }

  void add_tap(int64_t n, int64_t o, int64_t c, int64_t p, int64_t q) const {
    const Strides &xs = x.strides(), &ws = weight.strides(), &ys = y.strides();
    const int64_t row = p * window.dilation[0] - window.padding[0];
    const int64_t column = q * window.dilation[1] - window.padding[1];
    const Inside rows(y.shape()[2], row, window.stride[0], x.shape()[2]);
    const Inside columns(y.shape()[3], column, window.stride[1], x.shape()[3]);
    T& tap = weight.data<T>()[o * ws[0] + c * ws[1] + p * ws[2] + q * ws[3]];
    const int64_t channel = o / outputs() * channels() + c, count = columns.end - columns.begin;
    if (count <= 0) return;
    T* plane = x.data<T>() + n * xs[0] + channel * xs[1] + (column + columns.begin * window.stride[1]) * xs[3];
    for (int64_t i = rows.begin; i < rows.end; ++i) {
      T* to = y.data<T>() + n * ys[0] + o * ys[1] + i * ys[2] + columns.begin * ys[3];
      add_row(plane + (row + i * window.stride[0]) * xs[2], window.stride[1] * xs[3], tap, to, ys[3], count);
    }
  }

  static void add_row(T* pixels, int64_t pixel_stride, T& tap, T* outputs, int64_t output_stride, int64_t count) {
    const bool dense = pixel_stride == 1 && output_stride == 1;
    if constexpr (role == ConvRole::forward) {
      if (dense) return add_scaled(outputs, pixels, tap, count);
      for (int64_t j = 0; j < count; ++j) outputs[j * output_stride] += pixels[j * pixel_stride] * tap;
    } else if constexpr (role == ConvRole::input_gradient) {
      if (dense) return add_scaled(pixels, outputs, tap, count);
      for (int64_t j = 0; j < count; ++j) pixels[j * pixel_stride] += outputs[j * output_stride] * tap;
    } else {
      T total = 0;
      if (dense) total = dot(pixels, outputs, count);
      else
        for (int64_t j = 0; j < count; ++j) total += pixels[j * pixel_stride] * outputs[j * output_stride];
      tap += total;
    }
  }

  /// A tile owns the elements that it adds to: a plane of y or of x, or the taps of one output channel.
  int64_t tiles() const {
    if (role == ConvRole::weight_gradient) return weight.shape()[0];
    return role == ConvRole::forward ? y.shape()[0] * y.shape()[1] : x.shape()[0] * x.shape()[1];
  }

  void run_tile(int64_t tile) const {
    if constexpr (role == ConvRole::forward) {
      const int64_t n = tile / y.shape()[1], o = tile % y.shape()[1];
      for (int64_t c = 0; c < channels(); ++c) add_kernel(n, o, c);
    } else if constexpr (role == ConvRole::input_gradient) {
      const int64_t n = tile / x.shape()[1], c = tile % x.shape()[1], group = c / channels();
      for (int64_t o = group * outputs(); o < (group + 1) * outputs(); ++o) add_kernel(n, o, c % channels());
    } else {
      for (int64_t n = 0; n < x.shape()[0]; ++n)
        for (int64_t c = 0; c < channels(); ++c) add_kernel(n, tile, c);
    }
  }

  void run() const {
    const int64_t products = numel_of({y.shape()[2], y.shape()[3], weight.shape()[2], weight.shape()[3]});
    parallel_ranges(tiles(), std::max<int64_t>(1, kTileElements / products), [&](int64_t begin, int64_t end) {
      run_for_isa([&] {
        for (int64_t tile = begin; tile < end; ++tile) run_tile(tile);
      });
    });
  }
};

/// Measured on AVX2: up to two channels rows win; of three, rows with stride 1 (9 ms to 14), lanes with stride 2 (4
/// to 6.5).
constexpr int64_t kNarrowGroup = 2;

}  // namespace

bool frame_suits(const Frame& frame, const Tensor& source, const Tensor& other) {
  const int64_t size = frame.size();
  const int64_t image = source.shape()[1] * source.shape()[2] * source.shape()[3];
  return (size <= kSmallFrame || size / kFramePerPixel <= image) && is_finite(other);
}

bool is_narrow(int64_t lanes, int64_t groups) { return groups > 1 && lanes <= kNarrowGroup; }

void convolve_plain(ConvRole role, const Tensor& x, const Tensor& weight, const Tensor& y, const Window2d& window,
                    int64_t groups) {
  const Tensor& result = role == ConvRole::forward ? y : role == ConvRole::input_gradient ? x : weight;
  result.backend().fill(result, 0);
  visit_floating(x.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    switch (role) {
      case ConvRole::forward: return PlainConvolution<T, ConvRole::forward>{x, weight, y, window, groups}.run();
      case ConvRole::input_gradient:
        return PlainConvolution<T, ConvRole::input_gradient>{x, weight, y, window, groups}.run();
      case ConvRole::weight_gradient:
        return PlainConvolution<T, ConvRole::weight_gradient>{x, weight, y, window, groups}.run();
    }
  });
}

}  // namespace weft::cpu_kernels
