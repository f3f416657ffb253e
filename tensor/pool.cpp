// tensor/pool.cpp: pooling over windows
#include "tensor/pool.h"

#include "tensor/checks.h"
#include "tensor/create.h"

namespace weft {

MaxPooled max_pool2d(const Tensor& x, int64_t kernel_h, int64_t kernel_w, const Window2d& window, CeilMode ceil_mode) {
  check_rank("max_pool2d", "x", x, 4);
  check_floating("max_pool2d", x);
  const Shape plane = pool_positions("max_pool2d", {x.size(2), x.size(3)}, {kernel_h, kernel_w}, window, ceil_mode);
  const Shape shape{x.size(0), x.size(1), plane[0], plane[1]};
  MaxPooled pooled{empty(shape, {.dtype = x.dtype(), .device = x.device()}),
                   empty(shape, {.dtype = DType::int64, .device = x.device()})};
  if (x.numel() > 0) x.backend().max_pool2d(x, kernel_h, kernel_w, window, pooled.values, pooled.indices);
  return pooled;
}

}  // namespace weft
