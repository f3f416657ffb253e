// autograd/pool.cpp: pooling and its derivative
//
//   y = max over windows of x      dx = zeros, dy added where each maximum was      saves the positions
#include "autograd/pool.h"

#include "autograd/indexing.h"
#include "autograd/node.h"
#include "autograd/view.h"
#include "tensor/create.h"

namespace weft {

Variable max_pool2d(const Variable& x, int64_t kernel_h, int64_t kernel_w, const Window2d& window) {
  const MaxPooled pooled = max_pool2d(x.value(), kernel_h, kernel_w, window);
  const Saves saves = Saves::nothing().with({pooled.indices});
  return record("max_pool2d", {x}, pooled.values, saves, [](Node& n, const Variable& dy) {
    const Shape& shape = n.input_shape(0);
    const Shape windows{shape[0], shape[1], dy.size(2) * dy.size(3)};
    const Tensor planes =
        zeros({shape[0], shape[1], shape[2] * shape[3]}, {.dtype = dy.dtype(), .device = dy.device()});
    n.add_grad(0, reshape(scatter_add(planes, 2, n.extra(0).reshape(windows), reshape(dy, windows)), shape));
  });
}

}  // namespace weft
