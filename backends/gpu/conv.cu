// backends/gpu/conv.cu: convolution and its two gradients, as products of matrices that nobody writes down
//
// Groups of very few channels (one, in depthwise convolution) would leave a tile empty: they go element by element.
#include "backends/gpu/conv_direct.h"
#include "backends/gpu/conv_panels.h"
#include "backends/gpu/gpu_backend.h"

namespace weft::WEFT_GPU {
namespace {

constexpr int64_t kFewChannels = 4;

/// For tensor y [images, groups * channels, height, width]: rows are channels of a group, columns are sites.
template <class T>
GemmOutput<T> planes_of(const Tensor& y, int64_t channels) {
  const int64_t plane = y.size(2) * y.size(3);
  return {y.data<T>(), channels * plane, plane, y.size(1) * plane, Divider(plane)};
}

}  // namespace

void GpuBackend::conv2d(const Tensor& x, const Tensor& weight, const Tensor& y, const Window2d& window,
                        int64_t groups) {
  const int64_t channels = weight.size(1), outputs = y.size(1) / groups, kernel_h = weight.size(2),
                kernel_w = weight.size(3);
  if (outputs < kFewChannels || !fits_panels(x, weight, window)) return conv2d_direct(x, weight, y, window, groups);
  visit_floating(y.dtype(), [&]<class T>(TypeTag<T>) {
    gemm<T>(groups, outputs, y.size(0) * y.size(2) * y.size(3), channels * kernel_h * kernel_w,
            WeightPanel<T>(weight, 0, outputs), SitesByTaps<T>(x, channels, window, y, kernel_h, kernel_w),
            planes_of<T>(y, outputs), y.device());
  });
}

void GpuBackend::conv2d_input_gradient(const Tensor& dy, const Tensor& weight, const Tensor& dx, const Window2d& window,
                                       int64_t groups) {
  const int64_t channels = weight.size(1), outputs = dy.size(1) / groups;
  if (channels < kFewChannels || !fits_panels(dx, weight, window))
    return conv2d_input_gradient_direct(dy, weight, dx, window, groups);
  visit_floating(dx.dtype(), [&]<class T>(TypeTag<T>) {
    gemm<T>(groups, channels, dx.size(0) * dx.size(2) * dx.size(3), outputs * weight.size(2) * weight.size(3),
            WeightPanel<T>(weight, 1, outputs), GradientPanel<T>(dy, outputs, window, dx, weight),
            planes_of<T>(dx, channels), dx.device());
  });
}

void GpuBackend::conv2d_weight_gradient(const Tensor& x, const Tensor& dy, const Tensor& dw, const Window2d& window,
                                        int64_t groups) {
  const int64_t channels = dw.size(1), outputs = dw.size(0) / groups, kernel_h = dw.size(2), kernel_w = dw.size(3);
  if (outputs < kFewChannels || !fits_panels(x, dw, window))
    return conv2d_weight_gradient_direct(x, dy, dw, window, groups);
  const int64_t taps = channels * kernel_h * kernel_w;
  visit_floating(dw.dtype(), [&]<class T>(TypeTag<T>) {
    gemm<T>(groups, outputs, taps, dy.size(0) * dy.size(2) * dy.size(3), ChannelsBySites<T>(dy, outputs),
            TapsBySites<T>(x, channels, window, dy, kernel_h, kernel_w),
            GemmOutput<T>::dense(dw.data<T>(), outputs, taps), dw.device());
  });
}

}  // namespace weft::WEFT_GPU
