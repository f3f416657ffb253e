// backends/cpu/conv.cpp: convolution, and its input gradient as a convolution of dy with flipped kernels
//
//   dx[c, t] = sum_{o, p} dy_spread[o, t + p dil - (dil (k - 1) - pad)] weight[o, c, k - 1 - p],
//
// dy spread out by the stride. Groups are convolutions of their own, on slices of the channels.
#include <vector>

#include "backends/cpu/backend_class.h"
#include "backends/cpu/conv_frame.h"
#include "backends/cpu/conv_groups.h"
#include "backends/cpu/conv_kernel.h"
#include "backends/cpu/conv_plain.h"
#include "backends/cpu/thread_pool.h"

namespace weft::cpu_kernels {
namespace {

/// weight [o, c, kh, kw] as panels [lane block][tap][kLanes], taps (source channel, p, q); missing lanes are zero.
template <class T>
void pack_weights(const Tensor& weight, ConvRole role, T* panels) {
  const bool forward = role == ConvRole::forward;
  const Shape& shape = weight.shape();
  const Strides& strides = weight.strides();
  const int64_t lanes = shape[forward ? 0 : 1], channels = shape[forward ? 1 : 0], kh = shape[2], kw = shape[3];
  const int64_t lane_stride = strides[forward ? 0 : 1], channel_stride = strides[forward ? 1 : 0];
  for (int64_t block = 0; block < lanes; block += kLanes) {
    for (int64_t c = 0; c < channels; ++c) {
      for (int64_t p = 0; p < kh; ++p) {
        for (int64_t q = 0; q < kw; ++q, panels += kLanes) {
          const T* tap = weight.data<T>() + c * channel_stride + (forward ? p : kh - 1 - p) * strides[2] +
                         (forward ? q : kw - 1 - q) * strides[3];
          for (int64_t lane = 0; lane < kLanes; ++lane) {
            panels[lane] = block + lane < lanes ? tap[(block + lane) * lane_stride] : T(0);
          }
        }
      }
    }
  }
}

/// target[n, lane, i, j] = sum over taps of panel and frame, the frame read with `stride`.
template <class T>
struct Correlation {
  const Tensor& source;
  const Tensor& target;
  Frame frame;
  int64_t kernel[2];
  int64_t dilation[2];
  int64_t stride[2];
  const T* panels;
  PanelKernel<T> product = panel_kernel<T>();
  std::vector<int64_t> taps = {}, pixels = {}, places = {};

  int64_t lanes() const { return target.shape()[1]; }
  int64_t blocks() const { return ceil_div(lanes(), kLanes); }

  void prepare() {
    for (int64_t c = 0; c < frame.channels; ++c)
      for (int64_t p = 0; p < kernel[0]; ++p)
        for (int64_t q = 0; q < kernel[1]; ++q) {
          taps.push_back((c * frame.height + p * dilation[0]) * frame.width + q * dilation[1]);
        }
    for (int64_t i = 0; i < target.shape()[2]; ++i) {
      for (int64_t j = 0; j < target.shape()[3]; ++j) {
        pixels.push_back(i * stride[0] * frame.width + j * stride[1]);
        places.push_back(i * target.strides()[2] + j * target.strides()[3]);
      }
    }
    // The last run of columns may be short: its missing columns repeat the last pixel and are not stored.
    pixels.insert(pixels.end(), kMaxColumns, pixels.back());
  }

  void block(const T* image, int64_t n, int64_t block) const {
    const int64_t depth = static_cast<int64_t>(taps.size()), count = static_cast<int64_t>(places.size());
    const int64_t used = std::min(kLanes, lanes() - block * kLanes), lane_stride = target.strides()[1];
    T* to = target.data<T>() + n * target.strides()[0] + block * kLanes * lane_stride;
    for (int64_t first = 0; first < count; first += product.columns) {
      alignas(64) T out[kMaxColumns * kLanes] = {};
      product.run({panels + block * depth * kLanes, image, taps.data(), pixels.data() + first, depth, out});
      const int64_t columns = std::min(product.columns, count - first);
      for (int64_t lane = 0; lane < used; ++lane) {
        for (int64_t j = 0; j < columns; ++j) to[lane * lane_stride + places[first + j]] = out[j * kLanes + lane];
      }
    }
  }

  void run(Backend& backend) {
    prepare();
    const int64_t images = source.shape()[0];
    // Few images: share out the lane blocks as well, at the price of placing an image once a block.
    const int64_t shares = images < 16 ? blocks() : 1;
    const int64_t group = std::clamp<int64_t>(images / 32, 1, 16), groups = ceil_div(images, group);
    parallel_for(groups * shares, [&](int64_t tile) {
      const Workspace<T> image(backend, frame.size());
      std::fill(image.data(), image.data() + frame.size(), T(0));
      const int64_t first = tile / shares * group, share = tile % shares;
      for (int64_t n = first; n < std::min(images, first + group); ++n) {
        place_image(source, n, frame, image.data());
        for (int64_t b = share; b < blocks(); b += shares) block(image.data(), n, b);
      }
    });
  }
};

/// y = x * weight, ungrouped.
void correlate(Backend& backend, const Tensor& x, const Tensor& weight, const Tensor& y, const Window2d& window) {
  visit_floating(x.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const Shape& kernel = weight.shape();
    const Frame frame = reading_frame(x, kernel[2], kernel[3], y, window);
    if (!frame_suits(frame, x, weight)) return convolve_plain(ConvRole::forward, x, weight, y, window, 1);
    const Workspace<T> panels(backend,
                              numel_of({ceil_div(kernel[0], kLanes), kernel[1], kernel[2], kernel[3], kLanes}));
    pack_weights(weight, ConvRole::forward, panels.data());
    Correlation<T>{x,
                   y,
                   frame,
                   {kernel[2], kernel[3]},
                   {window.dilation[0], window.dilation[1]},
                   {window.stride[0], window.stride[1]},
                   panels.data()}
        .run(backend);
  });
}

/// dx from dy and weight, ungrouped.
void correlate_back(Backend& backend, const Tensor& dy, const Tensor& weight, const Tensor& dx,
                    const Window2d& window) {
  visit_floating(dy.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const Shape &in = dx.shape(), &kernel = weight.shape();
    const int64_t reach[2] = {(kernel[2] - 1) * window.dilation[0], (kernel[3] - 1) * window.dilation[1]};
    const Frame frame{kernel[0],
                      in[2] + reach[0],
                      in[3] + reach[1],
                      {reach[0] - window.padding[0], reach[1] - window.padding[1]},
                      {window.stride[0], window.stride[1]}};
    if (!frame_suits(frame, dy, weight)) return convolve_plain(ConvRole::input_gradient, dx, weight, dy, window, 1);
    const Workspace<T> panels(backend,
                              numel_of({ceil_div(kernel[1], kLanes), kernel[0], kernel[2], kernel[3], kLanes}));
    pack_weights(weight, ConvRole::input_gradient, panels.data());
    Correlation<T>{dy,     dx,           frame, {kernel[2], kernel[3]}, {window.dilation[0], window.dilation[1]},
                   {1, 1}, panels.data()}
        .run(backend);
  });
}

}  // namespace

void CpuBackend::conv2d(const Tensor& x, const Tensor& weight, const Tensor& y, const Window2d& window,
                        int64_t groups) {
  if (is_narrow(y.shape()[1] / groups, groups)) {
    return convolve_plain(ConvRole::forward, x, weight, y, window, groups);
  }
  for_each_group(groups, [&](int64_t g) {
    correlate(*this, channel_group(x, 1, g, groups), channel_group(weight, 0, g, groups),
              channel_group(y, 1, g, groups), window);
  });
}

void CpuBackend::conv2d_input_gradient(const Tensor& dy, const Tensor& weight, const Tensor& dx, const Window2d& window,
                                       int64_t groups) {
  if (is_narrow(weight.shape()[1], groups)) {
    return convolve_plain(ConvRole::input_gradient, dx, weight, dy, window, groups);
  }
  for_each_group(groups, [&](int64_t g) {
    correlate_back(*this, channel_group(dy, 1, g, groups), channel_group(weight, 0, g, groups),
                   channel_group(dx, 1, g, groups), window);
  });
}

}  // namespace weft::cpu_kernels
