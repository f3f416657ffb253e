// backends/gpu/gpu.h: the language that kernels are written in, for a graphics card or for the emulator
//
// A file backends/gpu/*.cu is compiled twice: by nvcc, and as plain C++ with the emulator in the place of the card.
// Both headers below provide the same names, in one namespace each, so that one program holds both:
//
//   __global__ __device__ __launch_bounds__   as in CUDA
//   gp<T>                                     a pointer into the card's memory, as kernels take it
//   WEFT_SHARED(float, tile, 32, 33);         tile[32][33], one for the block
//   WEFT_DYN_SHARED(float, buffer);           as many bytes as the launch says
//   ldv<Pack<float, 4>>(p), stv(p, value)     several elements at once; p is aligned to all of them
//   threadIdx blockIdx blockDim gridDim, __syncthreads, the warp's shuffles and votes, atomics
//   launch(kernel, grid, block, shared_bytes, arguments...)
//   device_kind describe_card
//   device_allocate device_free cached_bytes system_allocations copy_to_device copy_to_host synchronize
//
// Nothing else of CUDA may stand in a kernel file.
#pragma once
#include "tensor/backend.h"

#ifdef __CUDACC__
#include "backends/cuda/language.h"
#else
#include "backends/emulator/language.h"
#endif
