// backends/cpu/memory_pool.h: memory that is never given back while there is enough of it
//
// On virtual machines a fresh page costs more than any kernel that fills it, so freed blocks wait in lists by size.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>

#include "tensor/backend.h"

namespace weft::cpu_kernels {

/// Blocks are 64-byte aligned. Sizes are rounded up to a class, at most an eighth larger. Classes up to kArenaBlock are
/// cut from arenas, larger ones are mapped alone; both ask for huge pages. Thread-safe.
class MemoryPool {
 public:
  MemoryPool() = default;
  MemoryPool(const MemoryPool&) = delete;
  MemoryPool& operator=(const MemoryPool&) = delete;

  /// Throws: OutOfMemory, after giving the cached large blocks back to the system did not help either.
  std::byte* allocate(int64_t bytes);
  void deallocate(std::byte* data, int64_t bytes) noexcept;
  MemoryStats stats() const;

  static constexpr int64_t kAlignment = 64;
  static constexpr int64_t kArenaBlock = int64_t{4} << 20;
  static constexpr int64_t kArena = int64_t{32} << 20;

 private:
  struct FreeBlock {
    FreeBlock* next;
  };
  static constexpr int kClasses = 512;

  std::byte* take_fresh(int64_t size);
  std::byte* map(int64_t bytes);
  void return_large_blocks() noexcept;
  [[noreturn]] void throw_out_of_memory(int64_t bytes) const;

  mutable std::mutex mutex_;
  std::array<FreeBlock*, kClasses> free_{};
  std::byte* arena_ = nullptr;
  int64_t arena_left_ = 0;
  MemoryStats stats_;
};

/// Room for a kernel's intermediate values, given back at the end of the scope.
template <class T>
class Workspace {
 public:
  /// Throws: OutOfMemory, also where the number of bytes is beyond 2^63 - 1.
  Workspace(Backend& backend, int64_t count)
      : backend_(backend), bytes_(bytes_of(count)), data_(backend.allocate(bytes_)) {}
  ~Workspace() { backend_.deallocate(data_, bytes_); }
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  T* data() const { return reinterpret_cast<T*>(data_); }

 private:
  static int64_t bytes_of(int64_t count) {
    constexpr auto kLimit = std::numeric_limits<int64_t>::max();
    return count > kLimit / static_cast<int64_t>(sizeof(T)) ? kLimit : count * static_cast<int64_t>(sizeof(T));
  }

  Backend& backend_;
  int64_t bytes_;
  std::byte* data_;
};

}  // namespace weft::cpu_kernels
