// backends/cpu/thread_pool.h: one process-wide pool of threads that work through tiles
//
// A tile's result may depend on its number and on shapes, never on which thread runs it or how many there are.
#pragma once
#include <cstdint>
#include <type_traits>

#include "backends/cpu/ceil_div.h"

namespace weft::cpu_kernels {

using TileFunction = void (*)(void* context, int64_t tile);

/// Runs function(context, 0 .. tiles-1) on up to num_threads() threads, the caller among them.
void run_tiles(int64_t tiles, TileFunction function, void* context);

/// Calls f(tile) for every tile. Calls inside a tile run inline. When tiles throw, the exception of the lowest tile is
/// rethrown here after all running tiles have ended; tiles not yet begun are dropped.
template <class F>
void parallel_for(int64_t tiles, F&& f) {
  if (tiles == 1) {
    f(int64_t{0});
  } else if (tiles > 1) {
    using Function = std::remove_reference_t<F>;
    run_tiles(
        tiles, [](void* context, int64_t tile) { (*static_cast<Function*>(context))(tile); },
        const_cast<void*>(static_cast<const void*>(&f)));
  }
}

/// Cuts [0, count) into ranges of `grain` and calls f(begin, end) for each.
template <class F>
void parallel_ranges(int64_t count, int64_t grain, F&& f) {
  parallel_for(ceil_div(count, grain), [&](int64_t tile) {
    const int64_t begin = tile * grain;
    f(begin, begin + grain < count ? begin + grain : count);
  });
}

}  // namespace weft::cpu_kernels
