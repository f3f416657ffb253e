// backends/cuda/runtime.h: the card's memory, its one stream, and its errors
//
// Everything runs in one stream, in the order it was asked for, so that memory given back may be used again at once.
// All functions may be called by several threads.
#pragma once
#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>
#include <source_location>
#include <string>

namespace weft::cuda_gpu {

/// Why no card can be used here, or "" when one can.
std::string why_absent();
/// Name, compute capability, memory, versions of driver and runtime.
std::string describe_card();

cudaStream_t stream();

/// Throws: the call failed. After an error that outlives its call, every later one throws the first one's text.
void check(cudaError_t status, const char* call, std::source_location where = std::source_location::current());

/// Throws: grid or block beyond the card's limits, or more shared memory than a block may have.
void prepare_launch(const void* kernel, dim3 grid, dim3 block, size_t shared_bytes);

/// nullptr when the card has no room.
std::byte* device_allocate(int64_t bytes);
void device_free(std::byte* data) noexcept;
/// Bytes taken from the card and not in use, and how often the card was asked.
int64_t cached_bytes();
int64_t system_allocations();
/// Both return when the bytes have arrived.
void copy_to_device(std::byte* to, const std::byte* from, int64_t bytes);
void copy_to_host(std::byte* to, const std::byte* from, int64_t bytes);
void synchronize();

}  // namespace weft::cuda_gpu
