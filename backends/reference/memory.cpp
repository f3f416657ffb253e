// backends/reference/memory.cpp: aligned memory from the system, counted; nothing is kept for later
#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "backends/reference/reference_backend.h"

namespace weft {

namespace {
constexpr int64_t kAlignment = 64;  // one cache line
}

std::byte* ReferenceBackend::allocate(int64_t bytes) {
  const std::lock_guard lock(mutex_);
  // aligned_alloc wants a multiple of the alignment; an empty tensor gets a block of its own too.
  const auto rounded = (static_cast<uint64_t>(std::max<int64_t>(bytes, 1)) + kAlignment - 1) / kAlignment * kAlignment;
  void* data = std::aligned_alloc(kAlignment, rounded);
  if (data == nullptr)
    throw OutOfMemory(
        fmt::format("allocate: the system has no {} bytes for a tensor on reference, which holds {} bytes; "
                    "hint: use smaller batches or free tensors first",
                    bytes, stats_.in_use));
  stats_.in_use += bytes;
  stats_.peak = std::max(stats_.peak, stats_.in_use);
  ++stats_.from_system;
  return static_cast<std::byte*>(data);
}

void ReferenceBackend::deallocate(std::byte* data, int64_t bytes) noexcept {
  const std::lock_guard lock(mutex_);
  std::free(data);
  stats_.in_use -= bytes;
}

MemoryStats ReferenceBackend::memory_stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

void ReferenceBackend::copy_from_host(std::byte* destination, const std::byte* source, int64_t bytes) {
  if (bytes > 0) std::memcpy(destination, source, static_cast<size_t>(bytes));
}

void ReferenceBackend::copy_to_host(std::byte* destination, const std::byte* source, int64_t bytes) {
  if (bytes > 0) std::memcpy(destination, source, static_cast<size_t>(bytes));
}

std::unique_ptr<Backend> make_reference_backend() { return std::make_unique<ReferenceBackend>(); }

}  // namespace weft
