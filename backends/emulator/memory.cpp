// backends/emulator/memory.cpp: zone | data | zone, and a registry of what is live
#include "backends/emulator/memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>

#include "tensor/error.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

namespace weft::emulated_gpu {

namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr int64_t zone_bytes = 4096;  // poisoned: whoever reads or writes there is named at once
#else
constexpr int64_t zone_bytes = 256;  // compared after every launch
#endif
constexpr size_t device_alignment = 256;  // what cudaMalloc promises

struct Registry {
  std::mutex mutex;
  std::map<const std::byte*, Region, std::greater<>> live;  // from high to low addresses
  int64_t allocations = 0;                                  // since the start of the process

  Region* find(const void* address) {
    const std::byte* const at = static_cast<const std::byte*>(address);
    const auto below = live.lower_bound(at);
    return below == live.end() || at > below->first + below->second.bytes ? nullptr : &below->second;
  }
};

Registry& registry() {
  static Registry* const only = new Registry;  // tensors may die after every static object
  return *only;
}

void fill_zones(std::byte* data, int64_t bytes) {
#if defined(__SANITIZE_ADDRESS__)
  __asan_poison_memory_region(data - zone_bytes, zone_bytes);
  __asan_poison_memory_region(data + bytes, zone_bytes);
#else
  std::memset(data - zone_bytes, zone_byte, zone_bytes);
  std::memset(data + bytes, zone_byte, zone_bytes);
#endif
}

// Offset of the first byte that is not as it was, or -1.
int64_t first_damage([[maybe_unused]] const std::byte* zone) {
#if !defined(__SANITIZE_ADDRESS__)
  for (int64_t i = 0; i < zone_bytes; ++i)
    if (zone[i] != std::byte{zone_byte}) return i;
#endif
  return -1;
}

Region& checked_range(const char* what, const std::byte* device, int64_t bytes) {
  const std::lock_guard lock(registry().mutex);
  Region* const region = registry().find(device);
  if (region == nullptr || device + bytes > region->data + region->bytes)
    fail("emulator", "{} of {} bytes: the device's side is not inside one live allocation", what, bytes);
  return *region;
}

}  // namespace

std::byte* device_allocate(int64_t bytes) {
  const size_t all = (static_cast<size_t>(bytes) + 2 * zone_bytes + device_alignment - 1) / device_alignment;
  std::byte* const block = static_cast<std::byte*>(std::aligned_alloc(device_alignment, all * device_alignment));
  if (block == nullptr) return nullptr;
  std::byte* const data = block + zone_bytes;
  std::memset(data, unwritten_byte, static_cast<size_t>(bytes));
  fill_zones(data, bytes);
  const std::lock_guard lock(registry().mutex);
  registry().live.try_emplace(data, data, bytes, false);
  ++registry().allocations;
  return data;
}

int64_t system_allocations() {
  const std::lock_guard lock(registry().mutex);
  return registry().allocations;
}

void device_free(std::byte* data) noexcept {
  if (data == nullptr) return;
  const std::lock_guard lock(registry().mutex);
  const auto found = registry().live.find(data);
  if (found == registry().live.end()) std::abort();  // freed twice, or never allocated
#if defined(__SANITIZE_ADDRESS__)
  __asan_unpoison_memory_region(data - zone_bytes, static_cast<size_t>(found->second.bytes + 2 * zone_bytes));
#endif
  registry().live.erase(found);
  std::free(data - zone_bytes);
}

void copy_to_device(std::byte* to, const std::byte* from, int64_t bytes) {
  note_host_write(to, bytes);
  std::memcpy(to, from, static_cast<size_t>(bytes));
}

void copy_to_host(std::byte* to, const std::byte* from, int64_t bytes) {
  checked_range("copy to the host", from, bytes);
  std::memcpy(to, from, static_cast<size_t>(bytes));
}

Region* allocation_of(const void* address) {
  const std::lock_guard lock(registry().mutex);
  return registry().find(address);
}

void note_host_write(const void* data, int64_t bytes) {
  Region& region = checked_range("write to the device", static_cast<const std::byte*>(data), bytes);
  if (check_mode) region.log.host_wrote(static_cast<const std::byte*>(data) - region.data, bytes);
}

std::string damaged_zones(const void* words, size_t bytes) {
  const std::lock_guard lock(registry().mutex);
  for (size_t i = 0; i + sizeof(void*) <= bytes; i += sizeof(void*)) {
    const void* word = nullptr;
    std::memcpy(&word, static_cast<const char*>(words) + i, sizeof(word));
    const Region* const region = registry().find(word);
    if (region == nullptr) continue;
    std::byte* const data = region->data;
    const int64_t size = region->bytes;
    const int64_t in_front = first_damage(data - zone_bytes), behind = first_damage(data + size);
    if (in_front < 0 && behind < 0) continue;
    fill_zones(data, size);
    if (behind >= 0) return fmt::format("byte {} of a tensor of {} bytes was written", size + behind, size);
    return fmt::format("byte {} of a tensor of {} bytes was written", in_front - zone_bytes, size);
  }
  return "";
}

}  // namespace weft::emulated_gpu
