// backends/cuda/language.h: the kernel language of backends/gpu/gpu.h as nvcc speaks it
#pragma once
#include <cuda_runtime.h>

#include "backends/cuda/runtime.h"
#include "tensor/device.h"

#define WEFT_GPU cuda_gpu

/// An array that the threads of a block share: WEFT_SHARED(float, tile, 32, 33) declares tile[32][33].
#define WEFT_SHARED(type, name, ...) __shared__ typename ::weft::cuda_gpu::SharedArray<type, __VA_ARGS__>::Array name

/// The block's array whose size the launch says. One a kernel.
#define WEFT_DYN_SHARED(type, name)                             \
  extern __shared__ __align__(16) unsigned char weft_dynamic[]; \
  type* const name = reinterpret_cast<type*>(weft_dynamic)

namespace weft::cuda_gpu {

inline constexpr DeviceKind device_kind = DeviceKind::cuda;

template <class T, int... sizes>
struct SharedArray;
template <class T>
struct SharedArray<T> {
  using Array = T;
};
template <class T, int first, int... others>
struct SharedArray<T, first, others...> {
  using Array = typename SharedArray<T, others...>::Array[first];
};

/// Not __restrict__: element-wise kernels write over their input.
template <class T>
using gp = T*;

template <class Vector, class T>
__device__ __forceinline__ Vector ldv(const T* from) {
  return *reinterpret_cast<const Vector*>(from);
}
template <class Vector, class T>
__device__ __forceinline__ void stv(T* to, Vector value) {
  *reinterpret_cast<Vector*>(to) = value;
}

/// Throws: a kernel that cannot be launched so, or an earlier kernel's fault.
template <class... P, class... A>
void launch(void (*kernel)(P...), dim3 grid, dim3 block, size_t shared_bytes, A&&... arguments) {
  prepare_launch(reinterpret_cast<const void*>(kernel), grid, block, shared_bytes);
  kernel<<<grid, block, shared_bytes, stream()>>>(static_cast<P>(arguments)...);
  check(cudaPeekAtLastError(), "launch");
}

}  // namespace weft::cuda_gpu
