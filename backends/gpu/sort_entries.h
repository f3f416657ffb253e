// backends/gpu/sort_entries.h: sorting (key, position) pairs, many lines of them at once
//
// Everything that is sorted becomes pairs of an unsigned key and the position it came from. No two pairs of a line are
// equal, so that every way of sorting them is stable and gives the same result.
#pragma once
#include <bit>
#include <limits>
#include <type_traits>

#include "backends/gpu/layout.h"
#include "backends/gpu/scratch.h"

namespace weft::WEFT_GPU {

/// Key and position are uint32_t or uint64_t.
template <class Key>
struct alignas(2 * sizeof(Key)) Entry {
  Key key, position;
};

template <class Key>
__device__ __forceinline__ bool is_before(Entry<Key> a, Entry<Key> b) {
  return a.key < b.key || (a.key == b.key && a.position < b.position);
}

/// The longest line whose positions fit. Longer ones of 4-byte keys need more memory than a card has.
inline constexpr int64_t kLongestLine = std::numeric_limits<uint32_t>::max();

/// entries[line, i] = {key_of(x[line, i]), i}: thread i of all lines * size.
template <class KeyOf, class T, class Key>
__global__ void entries_kernel(KeyOf key_of, Layout<1> lines, int64_t size, int64_t step, gp<const T> x,
                               gp<Entry<Key>> entries) {
  for (int64_t item = first_item(); item < lines.numel * size; item += item_step()) {
    const int64_t line = item / size, i = item - line * size;
    int64_t at[1];
    lines.locate(line, at);
    const T value = x[at[0] + i * step];
    entries[item] = Entry<Key>{key_of(value), static_cast<Key>(i)};
  }
}

template <class Key, class KeyOf, class T>
Scratch<Entry<Key>> make_entries(const KeyOf& key_of, const Layout<1>& lines, int64_t size, int64_t step, const T* x,
                                 Device device) {
  Scratch<Entry<Key>> entries(lines.numel * size, device);
  launch(entries_kernel<KeyOf, T, Key>, grid_of(lines.numel * size), kBlock, 0, key_of, lines, size, step, x,
         entries.data());
  return entries;
}

/// entries [lines, size] with every line in order, as far as its first `wanted`; what stands behind them is undefined.
template <class Key>
Scratch<Entry<Key>> sorted_entries(Scratch<Entry<Key>> entries, int64_t lines, int64_t size, int64_t wanted);

}  // namespace weft::WEFT_GPU
