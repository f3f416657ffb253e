// backends/gpu/gpu_backend.cu: the card, and its memory, counted
#include <algorithm>

#include "backends/gpu/gpu_backend.h"

namespace weft::WEFT_GPU {

std::unique_ptr<Backend> make_gpu_backend() { return std::make_unique<GpuBackend>(); }

DeviceKind GpuBackend::kind() const { return device_kind; }
std::string GpuBackend::description() const { return describe_card(); }

std::byte* GpuBackend::allocate(int64_t bytes) {
  std::byte* data = device_allocate(std::max<int64_t>(bytes, 1));
  const std::lock_guard lock(mutex_);
  if (data == nullptr)
    throw OutOfMemory(
        fmt::format("allocate: {} has no {} bytes for a tensor; live tensors hold {} bytes, and {} are kept for the "
                    "next; hint: use smaller batches or free tensors first",
                    name_of(kind()), bytes, stats_.in_use, cached_bytes()));
  stats_.in_use += bytes;
  stats_.peak = std::max(stats_.peak, stats_.in_use);
  return data;
}

void GpuBackend::deallocate(std::byte* data, int64_t bytes) noexcept {
  device_free(data);
  const std::lock_guard lock(mutex_);
  stats_.in_use -= bytes;
}

MemoryStats GpuBackend::memory_stats() const {
  const std::lock_guard lock(mutex_);
  MemoryStats stats = stats_;
  stats.cached = cached_bytes();
  stats.from_system = system_allocations();
  return stats;
}

void GpuBackend::copy_from_host(std::byte* destination, const std::byte* source, int64_t bytes) {
  if (bytes > 0) copy_to_device(destination, source, bytes);
}

void GpuBackend::copy_to_host(std::byte* destination, const std::byte* source, int64_t bytes) {
  if (bytes > 0) WEFT_GPU::copy_to_host(destination, source, bytes);
}

}  // namespace weft::WEFT_GPU
