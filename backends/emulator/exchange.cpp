// backends/emulator/exchange.cpp: lanes of one warp meet, leave their bits and go on with an answer
#include <fmt/format.h>

#include <bit>

#include "backends/emulator/block.h"
#include "backends/emulator/thread_sanitizer.h"

namespace weft::emulated_gpu {

namespace {

bool is_shuffle(WarpOp op) {
  return op == WarpOp::shfl || op == WarpOp::shfl_xor || op == WarpOp::shfl_down || op == WarpOp::shfl_up;
}

// The lane that a shuffle reads: its own where the other one lies outside of its segment of `width` lanes.
unsigned source_lane(WarpOp op, unsigned lane, unsigned argument, unsigned width) {
  const unsigned first = lane & ~(width - 1), last = first + width - 1;
  switch (op) {
    case WarpOp::shfl: return first + (argument & (width - 1));
    case WarpOp::shfl_xor: return (lane ^ argument) <= last ? lane ^ argument : lane;
    case WarpOp::shfl_down: return argument <= last - lane ? lane + argument : lane;
    case WarpOp::shfl_up: return argument <= lane - first ? lane - argument : lane;
    case WarpOp::sync:
    case WarpOp::ballot:
    case WarpOp::any:
    case WarpOp::all: break;
  }
  return lane;
}

}  // namespace

uint64_t Block::exchange(WarpOp op, unsigned mask, uint64_t bits, unsigned argument, unsigned width, Site site) {
  const unsigned lane = running_ % warp_size;
  Warp& warp = warps_[running_ / warp_size];
  if (!std::has_single_bit(width) || width > warp_size)
    misuse(fmt::format("{} at {}: width is {}; hint: 1, 2, 4, 8, 16 or 32", name_of(op), to_string(site), width));
  Meeting& meeting = meeting_of(warp, op, mask, site);
  meeting.bits[lane] = bits;
  meeting.source[lane] = static_cast<uint8_t>(source_lane(op, lane, argument, width));
  meeting.arrived |= 1u << lane;
  void* const tag = meeting.tag;
  if (op == WarpOp::sync) thread_sanitizer::release(tag);  // a shuffle orders no memory
  if (meeting.arrived == mask) settle(warp, meeting);
  wait();
  if (op == WarpOp::sync) thread_sanitizer::acquire(tag);
  return threads_[running_].result;
}

Block::Meeting& Block::meeting_of(Warp& warp, WarpOp op, unsigned mask, Site site) {
  const auto refuse = [&](const std::string& fact) {
    misuse(fmt::format("{} at {}: {}", name_of(op), to_string(site), fact));
  };
  const unsigned lane = running_ % warp_size;
  if ((mask >> lane & 1) == 0) refuse(fmt::format("mask {:#010x} does not name lane {}, which calls", mask, lane));
  if ((mask & ~warp.lanes) != 0)
    refuse(fmt::format("mask {:#010x} names lanes {:#010x}, which the block does not have", mask, mask & ~warp.lanes));
  if ((mask & warp.left) != 0)
    refuse(fmt::format("mask {:#010x} names lanes {:#010x}, which have left the kernel", mask, mask & warp.left));
  for (Meeting& other : warp.meetings) {
    if ((other.mask & mask) == 0) continue;
    if (other.mask != mask || other.op != op || !same_place(other.site, site))
      refuse(fmt::format("lanes {:#010x} of mask {:#010x} wait at {} ({}), the mask here is {:#010x}", other.arrived,
                         other.mask, name_of(other.op), to_string(other.site), mask));
    return other;
  }
  return warp.meetings.emplace_back(Meeting{op, mask, site, new_tag()});
}

// Every lane of the mask has come.
void Block::settle(Warp& warp, const Meeting& meeting) {
  const unsigned first = static_cast<unsigned>(&warp - warps_.data()) * warp_size;
  if (meeting.op == WarpOp::sync && meeting.mask == warp.lanes) ++warp.syncs;
  unsigned votes = 0;
  for (unsigned lane = 0; lane < warp_size; ++lane)
    if (meeting.mask >> lane & 1) votes |= unsigned{meeting.bits[lane] != 0} << lane;
  for (unsigned lane = 0; lane < warp_size; ++lane) {
    if ((meeting.mask >> lane & 1) == 0) continue;
    const unsigned source = meeting.source[lane];
    if ((meeting.mask >> source & 1) == 0)
      misuse(fmt::format("{} at {}: lane {} reads lane {}, which mask {:#010x} does not name", name_of(meeting.op),
                         to_string(meeting.site), lane, source, meeting.mask));
    threads_[first + lane].result = is_shuffle(meeting.op) ? meeting.bits[source] : votes;
    ready_.push_back(first + lane);
  }
  warp.meetings.erase(warp.meetings.begin() + (&meeting - warp.meetings.data()));
}

}  // namespace weft::emulated_gpu
