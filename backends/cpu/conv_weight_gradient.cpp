// backends/cpu/conv_weight_gradient.cpp: dw[o, c, p, q] = sum over images and pixels of dy[o] and the x beneath a tap
//
// Images are cut into at most kGroups groups by their number; each group sums its own images, and the groups are added
// in order, so the bits depend on shapes only.
#include <vector>

#include "backends/cpu/backend_class.h"
#include "backends/cpu/conv_frame.h"
#include "backends/cpu/conv_groups.h"
#include "backends/cpu/conv_kernel.h"
#include "backends/cpu/conv_plain.h"
#include "backends/cpu/thread_pool.h"

namespace weft::cpu_kernels {
namespace {

constexpr int64_t kGroups = 16;

template <class T>
struct WeightGradient {
  const Tensor& x;
  const Tensor& dy;
  const Tensor& dw;
  Frame frame;
  int64_t dilation[2];
  int64_t stride[2];
  PanelKernel<T> product = panel_kernel<T>();
  std::vector<int64_t> taps = {}, pixels = {};
  int64_t tap_count = 0, padded_taps = 0;

  int64_t images() const { return x.shape()[0]; }
  int64_t lanes() const { return dw.shape()[0]; }
  int64_t blocks() const { return ceil_div(lanes(), kLanes); }
  int64_t partial_size() const { return padded_taps * kLanes; }

  void prepare() {
    for (int64_t c = 0; c < frame.channels; ++c)
      for (int64_t p = 0; p < dw.shape()[2]; ++p)
        for (int64_t q = 0; q < dw.shape()[3]; ++q) {
          taps.push_back((c * frame.height + p * dilation[0]) * frame.width + q * dilation[1]);
        }
    for (int64_t i = 0; i < dy.shape()[2]; ++i)
      for (int64_t j = 0; j < dy.shape()[3]; ++j) pixels.push_back(i * stride[0] * frame.width + j * stride[1]);
    tap_count = static_cast<int64_t>(taps.size());
    padded_taps = ceil_div(tap_count, product.columns) * product.columns;
    taps.resize(static_cast<size_t>(padded_taps), taps.back());
  }

  /// One image's dy of one lane block as [pixel][kLanes].
  void pack_dy(int64_t n, int64_t block, T* panel) const {
    const Strides& strides = dy.strides();
    const int64_t height = dy.shape()[2], width = dy.shape()[3];
    for (int64_t lane = 0; lane < kLanes; ++lane) {
      const int64_t o = block * kLanes + lane;
      if (o >= lanes()) {
        for (int64_t i = 0; i < height * width; ++i) panel[i * kLanes + lane] = T(0);
        continue;
      }
      const T* plane = dy.data<T>() + n * strides[0] + o * strides[1];
      T* to = panel + lane;
      for (int64_t i = 0; i < height; ++i)
        for (int64_t j = 0; j < width; ++j, to += kLanes) *to = plane[i * strides[2] + j * strides[3]];
    }
  }

  /// partial[tap][lane] of one lane block, summed over images begin .. end-1.
  void sum_images(Backend& backend, int64_t begin, int64_t end, int64_t first_block, int64_t step, T* partials) const {
    const int64_t depth = static_cast<int64_t>(pixels.size());
    const Workspace<T> image(backend, frame.size()), panel(backend, numel_of({depth, kLanes}));
    std::fill(image.data(), image.data() + frame.size(), T(0));
    for (int64_t n = begin; n < end; ++n) {
      place_image(x, n, frame, image.data());
      for (int64_t block = first_block; block < blocks(); block += step) {
        pack_dy(n, block, panel.data());
        T* partial = partials + block * partial_size();
        if (n == begin) std::fill(partial, partial + partial_size(), T(0));
        for (int64_t tap = 0; tap < padded_taps; tap += product.columns) {
          product.run({panel.data(), image.data(), pixels.data(), taps.data() + tap, depth, partial + tap * kLanes});
        }
      }
    }
  }

  /// dw = the partials of all groups, added in order.
  void combine(const T* partials, int64_t groups) const {
    const int64_t kh = dw.shape()[2], kw = dw.shape()[3];
    const Strides& strides = dw.strides();
    for (int64_t o = 0; o < lanes(); ++o) {
      for (int64_t tap = 0; tap < tap_count; ++tap) {
        const T* partial = partials + o / kLanes * partial_size() + tap * kLanes + o % kLanes;
        T total = *partial;
        for (int64_t g = 1; g < groups; ++g) total += partial[g * blocks() * partial_size()];
        const int64_t c = tap / (kh * kw), p = tap / kw % kh, q = tap % kw;
        dw.data<T>()[o * strides[0] + c * strides[1] + p * strides[2] + q * strides[3]] = total;
      }
    }
  }

  void run(Backend& backend) {
    prepare();
    const int64_t group = ceil_div(images(), kGroups), groups = ceil_div(images(), group);
    const int64_t shares = images() < kGroups ? blocks() : 1;
    const Workspace<T> partials(backend, numel_of({groups, blocks(), partial_size()}));
    parallel_for(groups * shares, [&](int64_t tile) {
      const int64_t g = tile / shares, begin = g * group, end = std::min(images(), begin + group);
      sum_images(backend, begin, end, tile % shares, shares, partials.data() + g * blocks() * partial_size());
    });
    combine(partials.data(), groups);
  }
};

/// dw from x and dy, ungrouped.
void correlate_weights(Backend& backend, const Tensor& x, const Tensor& dy, const Tensor& dw, const Window2d& window) {
  visit_floating(x.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const Frame frame = reading_frame(x, dw.shape()[2], dw.shape()[3], dy, window);
    if (!frame_suits(frame, x, dy)) return convolve_plain(ConvRole::weight_gradient, x, dw, dy, window, 1);
    WeightGradient<T>{x, dy, dw, frame, {window.dilation[0], window.dilation[1]}, {window.stride[0], window.stride[1]}}
        .run(backend);
  });
}

}  // namespace

void CpuBackend::conv2d_weight_gradient(const Tensor& x, const Tensor& dy, const Tensor& dw, const Window2d& window,
                                        int64_t groups) {
  if (is_narrow(dy.shape()[1] / groups, groups)) {
    return convolve_plain(ConvRole::weight_gradient, x, dw, dy, window, groups);
  }
  for_each_group(groups, [&](int64_t g) {
    correlate_weights(*this, channel_group(x, 1, g, groups), channel_group(dy, 1, g, groups),
                      channel_group(dw, 0, g, groups), window);
  });
}

}  // namespace weft::cpu_kernels
