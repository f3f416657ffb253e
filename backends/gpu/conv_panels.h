// backends/gpu/conv_panels.h: convolutions as products of matrices that nobody writes down
//
// A tap (c, p, q) is a position within a kernel, a site (n, i, j) one within a batch of planes. Numbered in row-major
// order they are the axes of three products, for each group of channels:
//
//   y  [outputs, sites of y]  = weight [outputs, taps]         pixels [taps, sites of y]
//   dx [channels, sites of x] = weight [channels, taps of dy]  gradients [taps of dy, sites of x]
//   dw [outputs, taps]        = dy [outputs, sites of y]       pixels [sites of y, taps]
//
// Everything within a plane counts in 32 bits; fits_panels says whether it can.
#pragma once
#include "backends/gpu/gemm.h"

namespace weft::WEFT_GPU {

/// A place relative to another: how far in memory, and by how many rows and columns.
struct PlanePlace {
  int64_t offset;
  int32_t row, column;
};

/// Number = (outer height + row) width + column, taken apart.
struct PlaneNumbers {
  Divider plane, width;
  PlaneNumbers(int64_t height, int64_t width) : plane(height * width), width(width) {}
  /// offset: `outer`; row and column within the plane.
  __device__ __forceinline__ PlanePlace place(int64_t number) const {
    const int64_t outer = plane.quotient(number), within = number - outer * plane.by(), row = width.quotient(within);
    return {outer, static_cast<int32_t>(row), static_cast<int32_t>(within - row * width.by())};
  }
};

struct PlaneStrides {
  int64_t row, column;
  explicit PlaneStrides(const Tensor& x) : row(x.strides()[2]), column(x.strides()[3]) {}
};

/// Window2d in 32 bits.
struct Window {
  int32_t stride[2], padding[2], dilation[2];
  explicit Window(const Window2d& window) {
    for (int axis = 0; axis < 2; ++axis) {
      stride[axis] = static_cast<int32_t>(window.stride[axis]);
      padding[axis] = static_cast<int32_t>(window.padding[axis]);
      dilation[axis] = static_cast<int32_t>(window.dilation[axis]);
    }
  }
};

/// Whether rows and columns of the image, the padding around it, and all steps of the window are small numbers.
inline bool fits_panels(const Tensor& image, const Tensor& weight, const Window2d& window) {
  constexpr int64_t kSmall = 1 << 29;
  for (int axis = 0; axis < 2; ++axis) {
    if (image.size(2 + axis) > kSmall || window.padding[axis] > kSmall || window.stride[axis] > kSmall) return false;
    if (window.dilation[axis] > kSmall || weight.size(2 + axis) > kSmall) return false;
    if ((weight.size(2 + axis) - 1) * window.dilation[axis] > kSmall) return false;
  }
  return true;
}

/// weight[line, tap], lines being output channels; or, for the gradient of x, input channels, and then the taps of dy
/// are (o, p, q).
template <class T>
struct WeightPanel {
  gp<const T> weight;
  int64_t group_stride, line_stride, channel_stride;
  PlaneStrides strides;
  PlaneNumbers taps;

  WeightPanel(const Tensor& w, int line_axis, int64_t outputs)
      : weight(w.data<T>()),
        group_stride(outputs * w.strides()[0]),
        line_stride(w.strides()[line_axis]),
        channel_stride(w.strides()[1 - line_axis]),
        strides(w),
        taps(w.size(2), w.size(3)) {}

  static constexpr bool along_depth = true, is_linear = true, has_gaps = false;
  using Position = int64_t;
  using Depth = int64_t;
  __device__ Position position(int64_t group, int64_t line) const { return group * group_stride + line * line_stride; }
  __device__ Depth depth(int64_t tap) const {
    const PlanePlace at = taps.place(tap);
    return at.offset * channel_stride + at.row * strides.row + at.column * strides.column;
  }
  __device__ T read(Position position, Depth depth) const { return weight[position + depth]; }
};

/// What tap (c, p, q) meets at site (n, i, j): x[n, first(group) + c, i stride + p dilation - padding, ...], or 0.
template <class T>
struct Pixels {
  gp<const T> x;
  int64_t group_stride, image_stride, channel_stride;
  PlaneStrides strides;
  int32_t height, width;
  Window window;
  PlaneNumbers sites, taps;

  Pixels(const Tensor& image, int64_t channels, const Window2d& window, const Tensor& y, int64_t kernel_h,
         int64_t kernel_w)
      : x(image.data<T>()),
        group_stride(channels * image.strides()[1]),
        image_stride(image.strides()[0]),
        channel_stride(image.strides()[1]),
        strides(image),
        height(static_cast<int32_t>(image.size(2))),
        width(static_cast<int32_t>(image.size(3))),
        window(window),
        sites(y.size(2), y.size(3)),
        taps(kernel_h, kernel_w) {}

  __device__ PlanePlace site(int64_t number) const {
    const PlanePlace at = sites.place(number);
    const int32_t row = at.row * window.stride[0] - window.padding[0];
    const int32_t column = at.column * window.stride[1] - window.padding[1];
    return {at.offset * image_stride + row * strides.row + column * strides.column, row, column};
  }
  __device__ PlanePlace tap(int64_t group, int64_t number) const {
    const PlanePlace at = taps.place(number);
    const int32_t row = at.row * window.dilation[0], column = at.column * window.dilation[1];
    return {group * group_stride + at.offset * channel_stride + row * strides.row + column * strides.column, row,
            column};
  }
  __device__ bool is_inside(const PlanePlace& site, const PlanePlace& tap) const {
    return static_cast<uint32_t>(site.row + tap.row) < static_cast<uint32_t>(height) &&
           static_cast<uint32_t>(site.column + tap.column) < static_cast<uint32_t>(width);
  }
  __device__ T at(const PlanePlace& site, const PlanePlace& tap) const {
    return is_inside(site, tap) ? static_cast<T>(x[site.offset + tap.offset]) : T(0);
  }
};

/// Pixels with the sites as lines, for y.
template <class T>
struct SitesByTaps : Pixels<T> {
  using Pixels<T>::Pixels;
  static constexpr bool along_depth = false, is_linear = false, has_gaps = true;
  using Position = PlanePlace;
  using Depth = PlanePlace;
  __device__ Position position(int64_t group, int64_t line) const {
    PlanePlace at = this->site(line);
    at.offset += group * this->group_stride;
    return at;
  }
  __device__ Depth depth(int64_t k) const { return this->tap(0, k); }
  __device__ T read(const Position& position, const Depth& depth) const { return this->at(position, depth); }
  __device__ bool meets(const Position& position, const Depth& depth) const { return this->is_inside(position, depth); }
};

/// Pixels with the taps as lines, for dw.
template <class T>
struct TapsBySites : Pixels<T> {
  using Pixels<T>::Pixels;
  static constexpr bool along_depth = true, is_linear = false, has_gaps = true;
  using Position = PlanePlace;
  using Depth = PlanePlace;
  __device__ Position position(int64_t group, int64_t line) const { return this->tap(group, line); }
  __device__ Depth depth(int64_t k) const { return this->site(k); }
  __device__ T read(const Position& position, const Depth& depth) const { return this->at(depth, position); }
  __device__ bool meets(const Position& position, const Depth& depth) const { return this->is_inside(depth, position); }
};

/// dy with its channels as lines and its sites as depth.
template <class T>
struct ChannelsBySites {
  gp<const T> dy;
  int64_t group_stride, line_stride, image_stride;
  PlaneStrides strides;
  PlaneNumbers sites;

  ChannelsBySites(const Tensor& dy, int64_t outputs)
      : dy(dy.data<T>()),
        group_stride(outputs * dy.strides()[1]),
        line_stride(dy.strides()[1]),
        image_stride(dy.strides()[0]),
        strides(dy),
        sites(dy.size(2), dy.size(3)) {}

  static constexpr bool along_depth = true, is_linear = true, has_gaps = false;
  using Position = int64_t;
  using Depth = int64_t;
  __device__ Position position(int64_t group, int64_t line) const { return group * group_stride + line * line_stride; }
  __device__ Depth depth(int64_t site) const {
    const PlanePlace at = sites.place(site);
    return at.offset * image_stride + at.row * strides.row + at.column * strides.column;
  }
  __device__ T read(Position position, Depth depth) const { return dy[position + depth]; }
};

/// What tap (o, p, q) meets at pixel (n, row, column) of dx: dy[n, first(group) + o, i, j] where
/// row = i stride + p dilation - padding, and so for the column; or 0 where there is no such i.
template <class T>
struct GradientPanel {
  gp<const T> dy;
  int64_t group_stride, image_stride, channel_stride;
  PlaneStrides strides;
  int32_t height, width;
  Window window;
  Divider stride_h, stride_w;
  PlaneNumbers sites, taps;

  GradientPanel(const Tensor& dy, int64_t outputs, const Window2d& window, const Tensor& dx, const Tensor& weight)
      : dy(dy.data<T>()),
        group_stride(outputs * dy.strides()[1]),
        image_stride(dy.strides()[0]),
        channel_stride(dy.strides()[1]),
        strides(dy),
        height(static_cast<int32_t>(dy.size(2))),
        width(static_cast<int32_t>(dy.size(3))),
        window(window),
        stride_h(window.stride[0]),
        stride_w(window.stride[1]),
        sites(dx.size(2), dx.size(3)),
        taps(weight.size(2), weight.size(3)) {}

  static constexpr bool along_depth = false, is_linear = false, has_gaps = true;
  using Position = PlanePlace;
  using Depth = PlanePlace;
  __device__ Position position(int64_t group, int64_t line) const {
    const PlanePlace at = sites.place(line);
    return {group * group_stride + at.offset * image_stride, at.row + window.padding[0], at.column + window.padding[1]};
  }
  __device__ Depth depth(int64_t tap) const {
    const PlanePlace at = taps.place(tap);
    return {at.offset * channel_stride, at.row * window.dilation[0], at.column * window.dilation[1]};
  }
  /// Row and column of dy, or row -1.
  __device__ PlanePlace pixel(const Position& position, const Depth& depth) const {
    const int32_t down = position.row - depth.row, right = position.column - depth.column;
    if (down < 0 || right < 0) return {0, -1, 0};
    const auto i = static_cast<int32_t>(stride_h.quotient(down)), j = static_cast<int32_t>(stride_w.quotient(right));
    const bool meets = i * window.stride[0] == down && j * window.stride[1] == right && i < height && j < width;
    return {position.offset + depth.offset, meets ? i : -1, j};
  }
  __device__ bool meets(const Position& position, const Depth& depth) const { return pixel(position, depth).row >= 0; }
  __device__ T read(const Position& position, const Depth& depth) const {
    const PlanePlace at = pixel(position, depth);
    return at.row < 0 ? T(0) : static_cast<T>(dy[at.offset + at.row * strides.row + at.column * strides.column]);
  }
};

}  // namespace weft::WEFT_GPU
