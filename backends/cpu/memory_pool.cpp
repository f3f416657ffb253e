// backends/cpu/memory_pool.cpp: size classes, arenas and the free lists
#include "backends/cpu/memory_pool.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>

namespace weft::cpu_kernels {
namespace {

constexpr int64_t kHugePage = int64_t{2} << 20;
constexpr int64_t kLargest = int64_t{1} << 60;

int64_t round_up(int64_t value, int64_t to) { return (value + to - 1) / to * to; }

struct SizeClass {
  int index;
  int64_t size;
};

/// Eight classes for each power of two, so that rounding wastes at most an eighth; all are multiples of 64.
SizeClass class_of(int64_t bytes) {
  const int64_t units = round_up(std::max<int64_t>(bytes, 1), MemoryPool::kAlignment) / MemoryPool::kAlignment;
  if (units <= 8) return {static_cast<int>(units), units * MemoryPool::kAlignment};
  const int power = std::bit_width(static_cast<uint64_t>(units - 1)) - 1;  // 2^power < units <= 2^(power + 1)
  const int64_t step = int64_t{1} << std::max(power - 3, 0);
  const int64_t steps = (units - (int64_t{1} << power) + step - 1) / step;
  return {8 * (power - 2) + static_cast<int>(steps), ((int64_t{1} << power) + steps * step) * MemoryPool::kAlignment};
}

int64_t mapped_size(int64_t size) { return round_up(size, kHugePage); }

}  // namespace

std::byte* MemoryPool::allocate(int64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (bytes < 0 || bytes > kLargest) throw_out_of_memory(bytes);
  const SizeClass wanted = class_of(bytes);
  std::byte* block;
  if (FreeBlock* cached = free_[wanted.index]) {
    free_[wanted.index] = cached->next;
    stats_.cached -= wanted.size;
    block = reinterpret_cast<std::byte*>(cached);
  } else {
    block = take_fresh(wanted.size);
    if (block == nullptr) {
      return_large_blocks();
      block = take_fresh(wanted.size);
    }
    if (block == nullptr) throw_out_of_memory(bytes);
  }
  stats_.in_use += wanted.size;
  stats_.peak = std::max(stats_.peak, stats_.in_use);
  return block;
}

void MemoryPool::deallocate(std::byte* data, int64_t bytes) noexcept {
  const std::lock_guard lock(mutex_);
  const SizeClass freed = class_of(bytes);
  free_[freed.index] = new (data) FreeBlock{free_[freed.index]};
  stats_.in_use -= freed.size;
  stats_.cached += freed.size;
}

MemoryStats MemoryPool::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

std::byte* MemoryPool::take_fresh(int64_t size) {
  if (size > kArenaBlock) return map(mapped_size(size));
  if (arena_left_ < size) {
    std::byte* arena = map(kArena);
    if (arena == nullptr) return nullptr;
    arena_ = arena;
    arena_left_ = kArena;
  }
  std::byte* block = arena_;
  arena_ += size;
  arena_left_ -= size;
  return block;
}

std::byte* MemoryPool::map(int64_t bytes) {
  // A huge page must start at a multiple of its size: map one more and give the ends back.
  const auto asked = static_cast<size_t>(bytes + kHugePage);
  void* mapped = mmap(nullptr, asked, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return nullptr;
  ++stats_.from_system;
  auto* begin = static_cast<std::byte*>(mapped);
  const int64_t before = (kHugePage - static_cast<int64_t>(reinterpret_cast<uintptr_t>(begin) % kHugePage)) % kHugePage;
  if (before > 0) munmap(begin, static_cast<size_t>(before));
  if (before < kHugePage) munmap(begin + before + bytes, static_cast<size_t>(kHugePage - before));
  madvise(begin + before, static_cast<size_t>(bytes), MADV_HUGEPAGE);  // only advice: it may be refused
  return begin + before;
}

void MemoryPool::return_large_blocks() noexcept {
  const SizeClass first_large = class_of(kArenaBlock + 1);
  // Class sizes follow from the index: eight steps from one power of two to the next.
  for (int index = first_large.index; index < kClasses; ++index) {
    while (FreeBlock* block = free_[index]) {
      free_[index] = block->next;
      const int power = (index - 1) / 8 + 2;
      const int64_t step = int64_t{1} << (power - 3);
      const int64_t size = ((int64_t{1} << power) + (index - 8 * (power - 2)) * step) * kAlignment;
      stats_.cached -= size;
      munmap(block, static_cast<size_t>(mapped_size(size)));
    }
  }
}

void MemoryPool::throw_out_of_memory(int64_t bytes) const {
  throw OutOfMemory(
      fmt::format("cpu: out of memory: {} bytes asked for, {} in use, {} kept by the pool; hint: use a smaller batch",
                  bytes, stats_.in_use, stats_.cached));
}

}  // namespace weft::cpu_kernels
