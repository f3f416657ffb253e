// backends/emulator/warp.h: barriers, and what the lanes of a warp do together
#pragma once
#include <bit>
#include <type_traits>

#include "backends/emulator/block.h"

namespace weft::emulated_gpu {

inline void __syncthreads(Site site = Site::current()) { block().barrier(site); }
inline void __syncwarp(unsigned mask = all_lanes, Site site = Site::current()) {
  block().exchange(WarpOp::sync, mask, 0, 0, warp_size, site);
}

inline bool __any_sync(unsigned mask, bool vote, Site site = Site::current()) {
  return block().exchange(WarpOp::any, mask, vote, 0, warp_size, site) != 0;
}
inline bool __all_sync(unsigned mask, bool vote, Site site = Site::current()) {
  return block().exchange(WarpOp::all, mask, vote, 0, warp_size, site) == mask;
}
/// The lanes that vote yes.
inline unsigned __ballot_sync(unsigned mask, bool vote, Site site = Site::current()) {
  return static_cast<unsigned>(block().exchange(WarpOp::ballot, mask, vote, 0, warp_size, site));
}

/// Numbers of 4 or 8 bytes are what CUDA shuffles.
template <class T>
T shuffle(WarpOp op, unsigned mask, T value, unsigned argument, int width, Site site) {
  static_assert(std::is_arithmetic_v<T> && (sizeof(T) == 4 || sizeof(T) == 8), "shuffle int, float, double or 64 bits");
  using Bits = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;
  const uint64_t bits = std::bit_cast<Bits>(value);
  return std::bit_cast<T>(
      static_cast<Bits>(block().exchange(op, mask, bits, argument, static_cast<unsigned>(width), site)));
}

template <class T>
T __shfl_sync(unsigned mask, T value, int lane, int width = warp_size, Site site = Site::current()) {
  return shuffle(WarpOp::shfl, mask, value, static_cast<unsigned>(lane), width, site);
}
template <class T>
T __shfl_xor_sync(unsigned mask, T value, int bits, int width = warp_size, Site site = Site::current()) {
  return shuffle(WarpOp::shfl_xor, mask, value, static_cast<unsigned>(bits), width, site);
}
template <class T>
T __shfl_down_sync(unsigned mask, T value, unsigned distance, int width = warp_size, Site site = Site::current()) {
  return shuffle(WarpOp::shfl_down, mask, value, distance, width, site);
}
template <class T>
T __shfl_up_sync(unsigned mask, T value, unsigned distance, int width = warp_size, Site site = Site::current()) {
  return shuffle(WarpOp::shfl_up, mask, value, distance, width, site);
}

}  // namespace weft::emulated_gpu
