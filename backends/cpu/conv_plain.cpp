// backends/cpu/conv_plain.cpp: every pair of a pixel and a tap that meet inside the image, one after the other
#include "backends/cpu/conv_plain.h"

#include <atomic>
#include <cmath>
#include <limits>

#include "backends/cpu/elementwise_loops.h"

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
struct PlainConvolution {
  ConvRole role;
  const Tensor &x, &weight, &y;
  const Window2d& window;

  /// The products of image n and output channel o, added to the element of the result that each belongs to.
  void add_products(int64_t n, int64_t o) const {
    const Shape& kernel = weight.shape();
    for (int64_t c = 0; c < kernel[1]; ++c)
      for (int64_t p = 0; p < kernel[2]; ++p)
        for (int64_t q = 0; q < kernel[3]; ++q) add_tap(n, o, c, p, q);
  }

  void add_tap(int64_t n, int64_t o, int64_t c, int64_t p, int64_t q) const {
    const Strides &xs = x.strides(), &ws = weight.strides(), &ys = y.strides();
    const int64_t row = p - window.padding[0], column = q - window.padding[1];
    const Inside rows(y.shape()[2], row, window.stride[0], x.shape()[2]);
    const Inside columns(y.shape()[3], column, window.stride[1], x.shape()[3]);
    T& tap = weight.data<T>()[o * ws[0] + c * ws[1] + p * ws[2] + q * ws[3]];
    for (int64_t i = rows.begin; i < rows.end; ++i) {
      T* from = x.data<T>() + n * xs[0] + c * xs[1] + (row + i * window.stride[0]) * xs[2];
      T* to = y.data<T>() + n * ys[0] + o * ys[1] + i * ys[2];
      for (int64_t j = columns.begin; j < columns.end; ++j) {
        T& pixel = from[(column + j * window.stride[1]) * xs[3]];
        T& output = to[j * ys[3]];
        if (role == ConvRole::forward) output += pixel * tap;
        else if (role == ConvRole::input_gradient) pixel += output * tap;
        else tap += pixel * output;
      }
    }
  }
};

}  // namespace

bool frame_suits(const Frame& frame, const Tensor& source, const Tensor& other) {
  const int64_t size = frame.size();
  const int64_t image = source.shape()[1] * source.shape()[2] * source.shape()[3];
  return (size <= kSmallFrame || size / kFramePerPixel <= image) && is_finite(other);
}

void convolve_plain(ConvRole role, const Tensor& x, const Tensor& weight, const Tensor& y, const Window2d& window) {
  const Tensor& result = role == ConvRole::forward ? y : role == ConvRole::input_gradient ? x : weight;
  result.backend().fill(result, 0);
  const int64_t images = x.shape()[0], outputs = weight.shape()[0];
  visit_floating(x.dtype(), [&](auto tag) {
    const PlainConvolution<typename decltype(tag)::type> plain{role, x, weight, y, window};
    // A tile owns the elements that it adds to.
    if (role == ConvRole::weight_gradient) {
      parallel_for(outputs, [&](int64_t o) {
        for (int64_t n = 0; n < images; ++n) plain.add_products(n, o);
      });
    } else {
      parallel_for(images, [&](int64_t n) {
        for (int64_t o = 0; o < outputs; ++o) plain.add_products(n, o);
      });
    }
  });
}

}  // namespace weft::cpu_kernels
