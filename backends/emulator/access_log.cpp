// backends/emulator/access_log.cpp: the rules of a race
#include "backends/emulator/access_log.h"

#include <fmt/format.h>

#include <algorithm>

#include "backends/emulator/block.h"

namespace weft::emulated_gpu {

namespace {

// Both in one block and between the same barriers: does a __syncwarp put `before` in front of `now`?
bool ordered_in_warp(const Moment& before, const Moment& now) {
  return before.thread / warp_size == now.thread / warp_size && before.sync < now.sync;
}

// Of an earlier access by one thread.
bool ordered(const Moment& before, const Moment& now) {
  if (before.block != now.block) return false;
  return before.thread == now.thread || before.interval < now.interval || ordered_in_warp(before, now);
}

[[noreturn]] void race(const char* what, const Moment& before, const Moment& now) {
  const std::string who = before.block == now.block ? fmt::format("thread {} of this block", before.thread)
                                                    : fmt::format("thread {} of another block", before.thread);
  block().misuse(
      fmt::format("race: {} {} {} at {}, and nothing orders the two; hint: {}", to_string(now.site), what, who,
                  to_string(before.site),
                  before.block == now.block ? "__syncthreads between them" : "blocks must not share what one writes"));
}

}  // namespace

// Cells that stand for fewer bytes each; a new log has none.
void AccessLog::refine(int64_t unit) {
  std::vector<Cell> cells(static_cast<size_t>((bytes_ + unit - 1) / unit));
  if (unit_ != 0)
    for (size_t i = 0; i < cells.size(); ++i)
      cells[i] = cells_[i * static_cast<size_t>(unit) / static_cast<size_t>(unit_)];
  cells_.swap(cells);
  unit_ = unit;
}

void AccessLog::access(AccessKind kind, int64_t offset, int64_t size, const Moment& now) {
  const int64_t unit = std::min<int64_t>({size, 4, offset % 4 == 0 ? 4 : offset % 2 == 0 ? 2 : 1});
  if (unit_ == 0 || unit < unit_) refine(unit);
  const uint32_t stamp = of_one_block_ ? now.block : now.launch;
  for (int64_t i = offset / unit_; i * unit_ < offset + size; ++i) {
    Cell& cell = cells_[static_cast<size_t>(i)];
    if (cell.stamp != stamp) {
      const bool written = cell.written && !of_one_block_;
      cell = Cell();
      cell.stamp = stamp;
      cell.written = written;
    }
    if (kind == AccessKind::read) on_read(cell, now);
    else on_write(cell, now, kind == AccessKind::atomic);
  }
}

void AccessLog::on_read(Cell& cell, const Moment& now) {
  if (!cell.written) block().misuse(fmt::format("{} reads memory that nobody has written", to_string(now.site)));
  if (cell.has_write && !ordered(cell.write, now)) race("reads what was written by", cell.write, now);
  const Moment& last = cell.read;
  if (!cell.has_read || (last.block == now.block && last.interval < now.interval)) {
    cell.several_lanes = cell.several_warps = false;  // a barrier lies behind them
  } else if (last.block != now.block) {
    cell.several_blocks = true;
    cell.several_lanes = cell.several_warps = false;
  } else if (last.thread / warp_size != now.thread / warp_size) {
    cell.several_warps = true;
  } else if (last.sync < now.sync) {
    cell.several_lanes = false;  // for this warp; another warp is told apart by its number
  } else if (last.thread != now.thread) {
    cell.several_lanes = true;
  }
  cell.has_read = true;
  cell.read = now;
}

void AccessLog::on_write(Cell& cell, const Moment& now, bool atomic) {
  if (atomic && !cell.written)
    block().misuse(fmt::format("{} changes memory that nobody has written", to_string(now.site)));
  if (cell.has_write && !(atomic && cell.atomic) && !ordered(cell.write, now))
    race("writes over what was written by", cell.write, now);
  if (cell.has_read) {
    const bool between_barriers = cell.read.block == now.block && cell.read.interval == now.interval;
    const bool by_others =
        between_barriers && (cell.several_warps || (cell.several_lanes && !ordered_in_warp(cell.read, now)));
    if (cell.several_blocks || by_others || !ordered(cell.read, now))
      race("writes over what is read by", cell.read, now);
  }
  cell.written = cell.has_write = true;
  cell.atomic = atomic;
  cell.write = now;
}

void AccessLog::host_wrote(int64_t offset, int64_t size) {
  if (unit_ == 0) refine(4);
  if (offset % unit_ != 0 || (size % unit_ != 0 && offset + size != bytes_)) refine(1);
  for (int64_t i = offset / unit_; i * unit_ < offset + size; ++i) cells_[static_cast<size_t>(i)].written = true;
}

}  // namespace weft::emulated_gpu
