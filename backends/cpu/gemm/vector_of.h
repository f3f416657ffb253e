// backends/cpu/gemm/vector_of.h: registers of any width as the compiler's own type
#pragma once

namespace weft::cpu_kernels {

/// Adds, multiplies and shuffles like a number; wider than the processor's registers it takes several of them.
template <class T, int Bytes>
struct VectorOf {
  typedef T type __attribute__((vector_size(Bytes)));
};

}  // namespace weft::cpu_kernels
