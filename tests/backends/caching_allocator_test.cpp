// tests/backends/caching_allocator_test.cpp: the allocator of graphics cards, over a system that is counted
#include "backends/gpu/caching_allocator.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <map>
#include <random>
#include <vector>

namespace weft {
namespace {

constexpr int64_t kMiB = 1 << 20;

/// A card of `room` bytes.
struct System {
  int64_t room;
  std::map<std::byte*, int64_t> segments = {};

  CachingAllocator allocator() {
    return CachingAllocator(
        [this](int64_t bytes) -> std::byte* {
          if (bytes > room) return nullptr;
          auto* data = static_cast<std::byte*>(std::aligned_alloc(512, static_cast<size_t>(bytes)));
          segments.emplace(data, bytes);
          room -= bytes;
          return data;
        },
        [this](std::byte* data) {
          room += segments.at(data);
          segments.erase(data);
          std::free(data);
        });
  }
  ~System() {
    for (const auto& [data, bytes] : segments) std::free(data);
  }
};

}  // namespace

TEST_CASE("caching allocator: what is given back is handed out again, without the system") {
  System system{1 << 30};
  CachingAllocator memory = system.allocator();
  std::byte* const first = memory.allocate(3 * kMiB);
  memory.deallocate(first);
  CHECK(memory.allocate(3 * kMiB) == first);
  CHECK(memory.system_allocations() == 1);
  CHECK(memory.cached_bytes() == kMiB);  // the segment is a multiple of 2 MiB
}

TEST_CASE("caching allocator: neighbours that are free become one block again") {
  System system{1 << 30};
  CachingAllocator memory = system.allocator();
  std::vector<std::byte*> blocks;
  for (int i = 0; i < 8; ++i) blocks.push_back(memory.allocate(kMiB));  // one segment of 8 MiB
  CHECK(memory.system_allocations() == 1);
  CHECK(memory.cached_bytes() == 0);
  for (const int i : {1, 0, 3, 2, 6, 7, 5, 4}) memory.deallocate(blocks[static_cast<size_t>(i)]);
  CHECK(memory.cached_bytes() == 8 * kMiB);
  CHECK(memory.allocate(7 * kMiB) == blocks[0]);
  CHECK(memory.system_allocations() == 1);
}

TEST_CASE("caching allocator: what is not in use goes back before a request is refused") {
  System system{20 * kMiB};
  CachingAllocator memory = system.allocator();
  std::byte* const small = memory.allocate(100);  // a segment of 8 MiB
  std::byte* const large = memory.allocate(10 * kMiB);
  CHECK(memory.allocate(12 * kMiB) == nullptr);  // both in use
  memory.deallocate(large);
  std::byte* const larger = memory.allocate(12 * kMiB);
  CHECK(larger != nullptr);
  CHECK(system.segments.size() == 2);
  CHECK(memory.allocate(INT64_MAX) == nullptr);
  memory.deallocate(small);
  memory.deallocate(larger);
  CHECK(memory.cached_bytes() == 20 * kMiB);
}

TEST_CASE("caching allocator: blocks in use never overlap, and nothing is lost") {
  System system{1 << 30};
  CachingAllocator memory = system.allocator();
  std::mt19937 random(1);
  std::map<std::byte*, int64_t> in_use;
  for (int i = 0; i < 20000; ++i) {
    if (in_use.size() < 40 && random() % 2 == 0) {
      const int64_t bytes = 1 + static_cast<int64_t>(random() % (random() % 4 == 0 ? 5 * kMiB : 3000));
      std::byte* const data = memory.allocate(bytes);
      REQUIRE(data != nullptr);
      CHECK(reinterpret_cast<uintptr_t>(data) % 512 == 0);
      const auto next = in_use.lower_bound(data);
      if (next != in_use.end()) CHECK(data + bytes <= next->first);
      if (next != in_use.begin()) CHECK(std::prev(next)->first + std::prev(next)->second <= data);
      in_use.emplace(data, bytes);
    } else if (!in_use.empty()) {
      auto chosen = in_use.begin();
      std::advance(chosen, random() % in_use.size());
      memory.deallocate(chosen->first);
      in_use.erase(chosen);
    }
  }
  for (const auto& [data, bytes] : in_use) memory.deallocate(data);
  int64_t from_system = 0;
  for (const auto& [data, bytes] : system.segments) from_system += bytes;
  CHECK(memory.cached_bytes() == from_system);
}

}  // namespace weft
