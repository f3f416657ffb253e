// backends/gpu/max_pool.cu: the largest value of every window, and where it was
#include "backends/gpu/divider.h"
#include "backends/gpu/gpu_backend.h"
#include "backends/gpu/layout.h"

namespace weft::WEFT_GPU {
namespace {

struct PoolShape {
  int64_t numel, height, width, kernel_h, kernel_w;
  int64_t x_stride[4];
  Divider channels, output_h, output_w;
  Window2d window;
};

// y[n, c, i, j] = max over p, q of x[n, c, i stride_h + p dil_h - pad_h, j stride_w + q dil_w - pad_w], a thread each,
// neighbours along a row. Of equals the first wins, and a NaN beats every number; the padding never wins.
template <class T>
__global__ void max_pool_kernel(PoolShape shape, gp<const T> x, gp<T> y, gp<int64_t> indices) {
  const Window2d& window = shape.window;
  for (int64_t at = first_item(); at < shape.numel; at += item_step()) {
    const int64_t row_number = shape.output_w.quotient(at), plane = shape.output_h.quotient(row_number);
    const int64_t j = at - row_number * shape.output_w.by(), i = row_number - plane * shape.output_h.by();
    const int64_t n = shape.channels.quotient(plane), c = plane - n * shape.channels.by();
    const int64_t first = n * shape.x_stride[0] + c * shape.x_stride[1];
    const int64_t top = i * window.stride[0] - window.padding[0], left = j * window.stride[1] - window.padding[1];
    T best = 0;
    int64_t best_at = -1;
    for (int64_t p = 0; p < shape.kernel_h; ++p) {
      const int64_t row = top + p * window.dilation[0];
      if (row < 0 || row >= shape.height) continue;
      for (int64_t q = 0; q < shape.kernel_w; ++q) {
        const int64_t column = left + q * window.dilation[1];
        if (column < 0 || column >= shape.width) continue;
        const T value = x[first + row * shape.x_stride[2] + column * shape.x_stride[3]];
        const bool is_first_nan = value != value && best == best;
        if (best_at < 0 || is_first_nan || value > best) best = value, best_at = row * shape.width + column;
      }
    }
    y[at] = best;
    indices[at] = best_at;
  }
}

}  // namespace

void GpuBackend::max_pool2d(const Tensor& x, int64_t kernel_h, int64_t kernel_w, const Window2d& window,
                            const Tensor& y, const Tensor& indices) {
  const Strides& strides = x.strides();
  const PoolShape shape{y.numel(),          x.size(2),
                        x.size(3),          kernel_h,
                        kernel_w,           {strides[0], strides[1], strides[2], strides[3]},
                        Divider(y.size(1)), Divider(y.size(2)),
                        Divider(y.size(3)), window};
  visit_floating(y.dtype(), [&]<class T>(TypeTag<T>) {
    launch(max_pool_kernel<T>, grid_of(y.numel()), kBlock, 0, shape, x.data<T>(), y.data<T>(), indices.data<int64_t>());
  });
}

}  // namespace weft::WEFT_GPU
