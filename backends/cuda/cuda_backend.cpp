// backends/cuda/cuda_backend.cpp: whether there is a card
#include "backends/cuda/cuda_backend.h"

#include "backends/cuda/runtime.h"

namespace weft {

namespace cuda_gpu {
std::unique_ptr<Backend> make_gpu_backend();  // nvcc's part: backends/gpu/gpu_backend.cu
}

BackendEntry make_cuda_backend() {
  std::string reason = cuda_gpu::why_absent();
  const bool present = reason.empty();
  return {present ? cuda_gpu::make_gpu_backend() : nullptr, DeviceKind::cuda, std::move(reason)};
}

}  // namespace weft
