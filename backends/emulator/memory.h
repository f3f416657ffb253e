// backends/emulator/memory.h: the memory of the emulated card
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

#include "backends/emulator/region.h"

namespace weft::emulated_gpu {

/// Filled with 0xFF bytes (NaN, -1), between red zones; null when there is none left. Any thread may call these.
std::byte* device_allocate(int64_t bytes);
void device_free(std::byte* data) noexcept;

/// Throws: the device's side is not inside one live allocation.
void copy_to_device(std::byte* to, const std::byte* from, int64_t bytes);
void copy_to_host(std::byte* to, const std::byte* from, int64_t bytes);
/// Waits for all launches: nothing to wait for here.
inline void synchronize() {}

/// Nothing is kept for the next allocation, so that what is used after its end is seen.
inline int64_t cached_bytes() { return 0; }
int64_t system_allocations();

/// The live allocation that an address lies in, or right behind; null when it lies in none.
Region* allocation_of(const void* address);

/// To be told when something that is no kernel writes where `data` points to, in one allocation.
void note_host_write(const void* data, int64_t bytes);

/// "" or what was written in a red zone around allocations that some of these words point into. Repairs the zone.
std::string damaged_zones(const void* words, size_t bytes);

}  // namespace weft::emulated_gpu
