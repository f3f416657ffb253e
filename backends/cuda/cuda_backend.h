// backends/cuda/cuda_backend.h: the backend of NVIDIA's graphics cards: cuBLAS, and the kernels of backends/gpu/
#pragma once
#include "tensor/backend.h"

namespace weft {

/// Absent, with the reason, where no driver or no card is.
BackendEntry make_cuda_backend();

}  // namespace weft
