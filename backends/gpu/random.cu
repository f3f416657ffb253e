// backends/gpu/random.cu: random numbers, each a function of its own place in the stream
#include "backends/gpu/gpu_backend.h"
#include "backends/gpu/layout.h"

namespace weft::WEFT_GPU {
namespace {

// y[i] = random_element(op, i), a thread each: no value depends on another
template <class T>
__global__ void random_kernel(RandomOp op, int64_t size, gp<T> y) {
  for (int64_t i = first_item(); i < size; i += item_step()) y[i] = random_element<T>(op, static_cast<uint64_t>(i));
}

}  // namespace

void GpuBackend::random(const RandomOp& op, const Tensor& y) {
  visit_floating(y.dtype(), [&]<class T>(TypeTag<T>) {
    launch(random_kernel<T>, grid_of(y.numel()), kBlock, 0, op, y.numel(), y.data<T>());
  });
}

}  // namespace weft::WEFT_GPU
