// backends/cpu/cpu_backend.h: how the registry gets the fast processor backend
#pragma once
#include <memory>

#include "tensor/backend.h"

namespace weft {

/// OpenBLAS products, own convolution and vector kernels, threads.
/// Throws: OpenBLAS cannot be set to one thread, an unknown WEFT_ISA.
std::unique_ptr<Backend> make_cpu_backend();

}  // namespace weft
