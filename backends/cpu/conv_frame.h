// backends/cpu/conv_frame.h: one image laid out with its zero border, so that kernels need no bounds checks
#pragma once
#include <algorithm>
#include <cstdint>
#include <limits>

#include "backends/cpu/ceil_div.h"
#include "tensor/backend.h"

namespace weft::cpu_kernels {

/// A [channels, height, width] buffer in which source pixel (i, j) stands at (origin + i * step). A pixel outside is
/// cut off; a step above 1 leaves zeros between, as the transposed convolution of a strided one needs.
struct Frame {
  int64_t channels, height, width;
  int64_t origin[2] = {0, 0};
  int64_t step[2] = {1, 1};

  /// 2^63 - 1 where it is more: frame_suits() then refuses the frame.
  int64_t size() const {
    int64_t plane, all;
    const bool beyond = __builtin_mul_overflow(height, width, &plane) || __builtin_mul_overflow(plane, channels, &all);
    return beyond ? std::numeric_limits<int64_t>::max() : all;
  }
};

/// The frame of one image of x in which every tap of every output pixel of y has its place.
inline Frame reading_frame(const Tensor& x, int64_t kernel_h, int64_t kernel_w, const Tensor& y,
                           const Window2d& window) {
  return {x.shape()[1],
          (y.shape()[2] - 1) * window.stride[0] + (kernel_h - 1) * window.dilation[0] + 1,
          (y.shape()[3] - 1) * window.stride[1] + (kernel_w - 1) * window.dilation[1] + 1,
          {window.padding[0], window.padding[1]}};
}

/// First and one-past-last source position that falls inside `size`.
struct Inside {
  int64_t begin, end;
  Inside(int64_t count, int64_t origin, int64_t step, int64_t size)
      : begin(origin >= 0 ? 0 : ceil_div(-origin, step)),
        end(size > origin ? std::min(count, ceil_div(size - origin, step)) : 0) {}
};

/// Places image n of `source` [n, c, h, w] in `to`; everything else there must be zero already.
template <class T>
void place_image(const Tensor& source, int64_t n, const Frame& frame, T* to) {
  const Strides& strides = source.strides();
  const Inside rows(source.shape()[2], frame.origin[0], frame.step[0], frame.height);
  const Inside columns(source.shape()[3], frame.origin[1], frame.step[1], frame.width);
  for (int64_t c = 0; c < frame.channels; ++c) {
    const T* plane = source.data<T>() + n * strides[0] + c * strides[1];
    for (int64_t i = rows.begin; i < rows.end; ++i) {
      const T* from = plane + i * strides[2];
      T* row = to + (c * frame.height + frame.origin[0] + i * frame.step[0]) * frame.width + frame.origin[1];
      if (frame.step[1] == 1 && strides[3] == 1) {
        std::copy(from + columns.begin, from + std::max(columns.begin, columns.end), row + columns.begin);
      } else {
        for (int64_t j = columns.begin; j < columns.end; ++j) row[j * frame.step[1]] = from[j * strides[3]];
      }
    }
  }
}

}  // namespace weft::cpu_kernels
