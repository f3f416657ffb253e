// backends/emulator/language.h: the kernel language for g++; backends/cuda/language.h is the same for nvcc
#pragma once
#include "backends/emulator/device_functions.h"
#include "backends/emulator/intrinsics.h"
#include "backends/emulator/launch.h"
#include "backends/emulator/memory.h"
#include "backends/emulator/types.h"
#include "backends/emulator/warp.h"
#include "tensor/device.h"

/// The namespace of kernels and of what launches them: two builds of one source may stand in one program.
#define WEFT_GPU emulated_gpu

namespace weft::emulated_gpu {
inline constexpr DeviceKind device_kind = DeviceKind::emulated;
}

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __launch_bounds__(...)

/// WEFT_SHARED(float, tile, 32, 33): float tile[32][33] that the threads of a block share.
#define WEFT_SHARED(T, name, ...) \
  static char name##_key;         \
  auto&& name = ::weft::emulated_gpu::shared_array<T __VA_OPT__(, ) __VA_ARGS__>(&name##_key)
/// WEFT_DYN_SHARED(float, buffer): float* into the shared bytes that the launch asks for.
#define WEFT_DYN_SHARED(T, name) const auto name = ::weft::emulated_gpu::dynamic_shared<T>()
