// backends/gpu/caching_allocator.cpp: best fit, split and join
#include "backends/gpu/caching_allocator.h"

#include <iterator>

namespace weft {
namespace {

constexpr int64_t kRound = 512;           // every block is a multiple of this
constexpr int64_t kSmall = 1 << 20;       // requests up to here share segments
constexpr int64_t kSegment = 8 << 20;     // of this size
constexpr int64_t kLargeRound = 2 << 20;  // larger requests have one each, a multiple of this

int64_t round_up(int64_t bytes, int64_t to) { return (bytes + to - 1) / to * to; }

}  // namespace

CachingAllocator::CachingAllocator(SystemAllocate allocate, SystemFree free)
    : system_allocate_(std::move(allocate)), system_free_(std::move(free)) {}

std::byte* CachingAllocator::allocate(int64_t bytes) {
  if (bytes > INT64_MAX - kLargeRound) return nullptr;
  const std::lock_guard lock(mutex_);
  bytes = round_up(bytes < 1 ? 1 : bytes, kRound);
  const auto fit = free_.lower_bound({bytes, nullptr});
  // A small request does not break up a large segment, which would then never be free for a large tensor again.
  const bool fits = fit != free_.end() && (bytes > kSmall || fit->first <= kSegment);
  const auto block = fits ? blocks_.find(fit->second) : block_from_system(bytes);
  if (block == blocks_.end()) return nullptr;
  remove_free(block);
  block->second.in_use = true;
  if (const int64_t rest = block->second.bytes - bytes; rest >= kRound) {
    block->second.bytes = bytes;
    add_free(blocks_.emplace(block->first + bytes, Block{block->second.segment, rest, false}).first);
  }
  return block->first;
}

void CachingAllocator::deallocate(std::byte* data) noexcept {
  const std::lock_guard lock(mutex_);
  const auto block = blocks_.find(data);
  block->second.in_use = false;
  add_free(block);
  join_next(block);
  if (block != blocks_.begin() && !std::prev(block)->second.in_use) join_next(std::prev(block));
}

int64_t CachingAllocator::cached_bytes() const {
  const std::lock_guard lock(mutex_);
  return cached_;
}

int64_t CachingAllocator::system_allocations() const {
  const std::lock_guard lock(mutex_);
  return system_allocations_;
}

CachingAllocator::Blocks::iterator CachingAllocator::block_from_system(int64_t bytes) {
  const int64_t wanted = bytes <= kSmall ? kSegment : round_up(bytes, kLargeRound);
  std::byte* segment = system_allocate_(wanted);
  if (segment == nullptr) {
    give_back_free_segments();
    segment = system_allocate_(wanted);
  }
  if (segment == nullptr) return blocks_.end();
  ++system_allocations_;
  const auto block = blocks_.emplace(segment, Block{segment, wanted, false}).first;
  add_free(block);
  return block;
}

void CachingAllocator::add_free(Blocks::iterator block) {
  free_.emplace(block->second.bytes, block->first);
  cached_ += block->second.bytes;
}

void CachingAllocator::remove_free(Blocks::iterator block) {
  free_.erase({block->second.bytes, block->first});
  cached_ -= block->second.bytes;
}

// The block behind `block`, if it is free too and of the same segment, becomes part of it.
void CachingAllocator::join_next(Blocks::iterator block) {
  const auto next = std::next(block);
  if (next == blocks_.end() || next->second.segment != block->second.segment) return;
  if (next->second.in_use) return;
  remove_free(next);
  remove_free(block);
  block->second.bytes += next->second.bytes;
  blocks_.erase(next);
  add_free(block);
}

void CachingAllocator::give_back_free_segments() {
  for (auto block = blocks_.begin(); block != blocks_.end();) {
    const auto next = std::next(block);
    const bool begins = block->first == block->second.segment;
    const bool ends = next == blocks_.end() || next->second.segment != block->second.segment;
    if (begins && ends && !block->second.in_use) {
      remove_free(block);
      system_free_(block->first);
      blocks_.erase(block);
    }
    block = next;
  }
}

}  // namespace weft
