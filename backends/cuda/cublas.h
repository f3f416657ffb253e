// backends/cuda/cublas.h: cuBLAS, found at run time
#pragma once
#include <string>

namespace weft::cuda_gpu {

/// "cuBLAS 13.0.2", or why products run in our own kernels instead.
std::string describe_library();

}  // namespace weft::cuda_gpu
