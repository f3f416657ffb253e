// backends/cuda/cublas.h: cuBLAS, found at run time
#pragma once
#include <string>

namespace weft::cuda_gpu {

/// "cuBLAS 13.0.2", or why products run in our own kernels instead.
std::string describe_library();

/// float32 products on tensor cores, which round the factors to 10 bits: off until asked for.
void set_tf32(bool on);

/// Off: products run in our own kernels, where cuBLAS is there too. For tests and measurements.
void set_library(bool on);

}  // namespace weft::cuda_gpu
