// backends/gpu/caching_allocator.h: memory of a card that is asked for once and handed out again and again
//
// Asking the card for memory stops it until all its work is done, so that a training step must not ask. Whole segments
// come from the card; a request takes the smallest free block that holds it and leaves the rest as a block of its own.
// A block given back joins its free neighbours.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <utility>

namespace weft {

class CachingAllocator {
 public:
  using SystemAllocate = std::function<std::byte*(int64_t bytes)>;  ///< nullptr when there is no room
  using SystemFree = std::function<void(std::byte*)>;

  CachingAllocator(SystemAllocate allocate, SystemFree free);

  /// 512-byte aligned, when the system's memory is. When the system has no room, all segments without a block in use go
  /// back to it, and it is asked once more.  Returns: nullptr when there is still none.
  std::byte* allocate(int64_t bytes);
  void deallocate(std::byte* data) noexcept;

  int64_t cached_bytes() const;        ///< taken from the system and free
  int64_t system_allocations() const;  ///< number of times the system gave memory

 private:
  struct Block {
    std::byte* segment;
    int64_t bytes;
    bool in_use;
  };
  using Blocks = std::map<std::byte*, Block>;

  Blocks::iterator block_from_system(int64_t bytes);
  void add_free(Blocks::iterator block);
  void remove_free(Blocks::iterator block);
  void join_next(Blocks::iterator block);
  void give_back_free_segments();

  mutable std::mutex mutex_;
  SystemAllocate system_allocate_;
  SystemFree system_free_;
  Blocks blocks_;                                  // every block by address, in use or free
  std::set<std::pair<int64_t, std::byte*>> free_;  // the free ones by size
  int64_t cached_ = 0, system_allocations_ = 0;
};

}  // namespace weft
