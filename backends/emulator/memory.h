// backends/emulator/memory.h: the memory of the emulated card
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace weft::emulated_gpu {

/// Filled with 0xFF bytes (NaN, -1), between red zones; null when there is none left. Any thread may call these.
std::byte* device_allocate(int64_t bytes);
void device_free(std::byte* data) noexcept;

/// Throws: the device's side is not inside one live allocation.
void copy_to_device(std::byte* to, const std::byte* from, int64_t bytes);
void copy_to_host(std::byte* to, const std::byte* from, int64_t bytes);
/// Waits for all launches: nothing to wait for here.
inline void synchronize() {}

/// An allocation that an address lies in (one byte behind its end counts); null data when it lies in none.
struct Allocation {
  std::byte* data = nullptr;
  int64_t bytes = 0;
};
Allocation allocation_of(const void* address);

/// "" or what was written in a red zone around allocations that some of these words point into. Repairs the zone.
std::string damaged_zones(const void* words, size_t bytes);

}  // namespace weft::emulated_gpu
