// backends/gpu/sort_entries.cu: tiles are sorted in shared memory, then runs are merged two by two
//
// A line of n entries passes through memory 1 + log2(n / 2048) times. When only the first k are wanted, runs are merged
// as far as k.
#include "backends/gpu/sort_entries.h"

#include <algorithm>
#include <utility>

#include "backends/gpu/gpu_backend.h"

namespace weft::WEFT_GPU {
namespace {

constexpr int kSortItems = 8;  // entries of a thread
constexpr int kSortTile = kBlock * kSortItems;

/// Sorts runs of `width` entries, a power of two; a line's last run may be shorter. A block holds 2048 entries of one
/// or more runs and sorts them by Batcher's bitonic network (1968), one pair a thread and step. Runs that end early are
/// filled up with entries that stay behind all others.
template <class Key>
__global__ void __launch_bounds__(kBlock)
    sort_runs_kernel(int64_t lines, int64_t size, int width, gp<Entry<Key>> entries) {
  WEFT_DYN_SHARED(Entry<Key>, tile);
  constexpr Key kLast = std::numeric_limits<Key>::max();
  const int64_t runs_of_line = (size + width - 1) / width, runs = lines * runs_of_line;
  const int together = kSortTile / width;
  for (int64_t first = static_cast<int64_t>(blockIdx.x) * together; first < runs;
       first += static_cast<int64_t>(gridDim.x) * together) {
    const auto move = [&](bool out) {
      for (int place = static_cast<int>(threadIdx.x); place < kSortTile; place += kBlock) {
        const int64_t run = first + place / width, line = run / runs_of_line;
        const int64_t i = (run - line * runs_of_line) * width + place % width;
        const bool exists = run < runs && i < size;
        if (!out) {
          Entry<Key> entry{kLast, kLast};
          if (exists) entry = entries[line * size + i];
          tile[place] = entry;
        } else if (exists) {
          const Entry<Key> entry = tile[place];
          entries[line * size + i] = entry;
        }
      }
    };
    move(false);
    for (int sorted = 2; sorted <= width; sorted *= 2) {
      for (int step = sorted / 2; step > 0; step /= 2) {
        __syncthreads();
        for (int pair = static_cast<int>(threadIdx.x); pair < kSortTile / 2; pair += kBlock) {
          const int low = 2 * pair - (pair & (step - 1)), high = low + step;
          const bool rising = (low & (width - 1) & sorted) == 0;
          const Entry<Key> a = tile[low], b = tile[high];
          if (is_before(b, a) == rising) {
            tile[low] = b;
            tile[high] = a;
          }
        }
      }
    }
    __syncthreads();
    move(true);
    __syncthreads();  // the next runs overwrite these
  }
}

/// How many of the first `count` entries of two merged runs come from run a.
template <class Key, class Run>
__device__ __forceinline__ int64_t taken_from_a(const Run& a, int64_t a_size, const Run& b, int64_t b_size,
                                                int64_t count) {
  int64_t low = count > b_size ? count - b_size : 0, high = count < a_size ? count : a_size;
  while (low < high) {
    const int64_t middle = (low + high) / 2;
    const Entry<Key> from_a = a[middle], from_b = b[count - 1 - middle];
    if (is_before(from_a, from_b)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/// How many of tile[begin .. end) are before `entry`.
template <class Key, class Shared>
__device__ __forceinline__ int count_before(Entry<Key> entry, const Shared& tile, int begin, int end) {
  int low = begin, high = end;
  while (low < high) {
    const int middle = (low + high) / 2;
    const Entry<Key> other = tile[middle];
    if (is_before(other, entry)) low = middle + 1;
    else high = middle;
  }
  return low - begin;
}

struct MergePlan {
  int64_t lines, size, width, wanted;

  __host__ __device__ int64_t pairs() const { return (size + 2 * width - 1) / (2 * width); }
  __host__ __device__ int64_t tiles_of_pair() const {
    return ((wanted < 2 * width ? wanted : 2 * width) + kSortTile - 1) / kSortTile;
  }
};

__device__ __forceinline__ int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

/// Merges the runs of `width` entries two by two (Green, McColl and Bader 2012). A block writes 2048 neighbouring
/// entries: two of its threads find by bisection which parts of both runs these come from; then every entry's place is
/// its place in its own part plus the number of entries before it in the other part.
template <class Key>
__global__ void __launch_bounds__(kBlock)
    merge_runs_kernel(MergePlan plan, gp<const Entry<Key>> from, gp<Entry<Key>> to) {
  WEFT_DYN_SHARED(Entry<Key>, tile);
  WEFT_SHARED(int64_t, taken, 2);
  const int thread = static_cast<int>(threadIdx.x);
  const int64_t tiles = plan.tiles_of_pair(), tiles_of_line = plan.pairs() * tiles;
  for (int64_t work = blockIdx.x; work < plan.lines * tiles_of_line; work += gridDim.x) {
    const int64_t line = work / tiles_of_line, pair = (work - line * tiles_of_line) / tiles;
    const int64_t begin = pair * 2 * plan.width, left = plan.size - begin;  // of the pair, and what follows in the line
    const int64_t a_size = smaller(smaller(plan.width, left), plan.wanted);
    const int64_t b_size = left > plan.width ? smaller(smaller(plan.width, left - plan.width), plan.wanted) : 0;
    const int64_t all = smaller(a_size + b_size, plan.wanted);
    const int64_t first = smaller(work % tiles * kSortTile, all), last = smaller(first + kSortTile, all);
    const auto a = from + (line * plan.size + begin);
    const auto b = from + (line * plan.size + begin + (b_size > 0 ? plan.width : 0));
    if (thread < 2) taken[thread] = taken_from_a<Key>(a, a_size, b, b_size, thread == 0 ? first : last);
    __syncthreads();
    const int64_t a_first = taken[0], a_last = taken[1], b_first = first - a_first;
    const int a_count = static_cast<int>(a_last - a_first), count = static_cast<int>(last - first);
    for (int i = thread; i < count; i += kBlock) {
      const Entry<Key> entry = i < a_count ? a[a_first + i] : b[b_first + i - a_count];
      tile[i] = entry;
    }
    __syncthreads();
    Entry<Key> own[kSortItems];
    int place[kSortItems];
    for (int k = 0; k < kSortItems; ++k) {
      const int i = thread + k * kBlock;
      if (i >= count) continue;
      own[k] = tile[i];
      place[k] = i < a_count ? i + count_before<Key>(own[k], tile, a_count, count)
                             : i - a_count + count_before<Key>(own[k], tile, 0, a_count);
    }
    __syncthreads();
    for (int k = 0; k < kSortItems; ++k)
      if (thread + k * kBlock < count) tile[place[k]] = own[k];
    __syncthreads();
    for (int i = thread; i < count; i += kBlock) {
      const Entry<Key> entry = tile[i];
      to[line * plan.size + begin + first + i] = entry;
    }
    __syncthreads();  // the next tile overwrites this one
  }
}

}  // namespace

template <class Key>
Scratch<Entry<Key>> sorted_entries(Scratch<Entry<Key>> entries, int64_t lines, int64_t size, int64_t wanted) {
  constexpr size_t kShared = kSortTile * sizeof(Entry<Key>);
  if (size == 1) return entries;
  const auto bound = static_cast<uint64_t>(std::min<int64_t>(size, kSortTile));
  const int width = static_cast<int>(std::bit_ceil(bound));
  const int64_t runs = lines * ((size + width - 1) / width), together = kSortTile / width;
  launch(sort_runs_kernel<Key>, grid_of(runs, together), kBlock, kShared, lines, size, width, entries.data());
  if (size <= kSortTile) return entries;

  Scratch<Entry<Key>> merged(lines * size, entries.device());
  for (int64_t run = kSortTile; run < size; run *= 2) {
    const MergePlan plan{lines, size, run, wanted};
    launch(merge_runs_kernel<Key>, grid_of(lines * plan.pairs() * plan.tiles_of_pair(), 1), kBlock, kShared, plan,
           entries.data(), merged.data());
    std::swap(entries, merged);
  }
  return entries;
}

template Scratch<Entry<uint32_t>> sorted_entries(Scratch<Entry<uint32_t>>, int64_t, int64_t, int64_t);
template Scratch<Entry<uint64_t>> sorted_entries(Scratch<Entry<uint64_t>>, int64_t, int64_t, int64_t);

}  // namespace weft::WEFT_GPU
