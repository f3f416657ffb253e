// backends/gpu/scan.cu: running sums and products
//
// Many slices whose elements lie apart: one thread a slice, neighbours read neighbours. Else one block a slice, or,
// when slices are few and long, a block for each chunk of a slice, in three passes: the chunks' totals, the running
// totals of those, the chunks again with what came before them.
//
// However a total is composed, its last step adds what came before to a running total, so that a running sum of
// positive numbers never steps back where two threads, tiles or chunks meet: rounding keeps a <= b in order.
#include "backends/gpu/folds.h"
#include "backends/gpu/gpu_backend.h"
#include "backends/gpu/layout.h"
#include "backends/gpu/scratch.h"

namespace weft::WEFT_GPU {
namespace {

constexpr int kItems = 8;  // neighbouring elements of one thread
constexpr int kScanTile = kBlock * kItems;

/// Slices lie along one axis, x_step and y_step apart from element to element, and are cut into chunks.
struct ScanPlan {
  Layout<2> slices;  ///< where their first elements lie in x and y
  int64_t size, x_step, y_step;
  int64_t chunk, chunks = 1;
};

/// One thread a slice.
template <class Fold, class In, class Out>
__global__ void scan_serial_kernel(Fold fold, ScanPlan plan, gp<const In> x, gp<Out> y) {
  for (int64_t slice = first_item(); slice < plan.slices.numel; slice += item_step()) {
    int64_t at[2];
    plan.slices.locate(slice, at);
    typename Fold::Total total = fold.start();
    for (int64_t i = 0; i < plan.size; ++i) {
      const In value = x[at[0] + i * plan.x_step];
      total = i == 0 ? fold.load(value, i) : fold.combine(total, fold.load(value, i));
      y[at[1] + i * plan.y_step] = fold.template result<Out>(total);
    }
  }
}

/// Where element i of a tile stands in shared memory: a gap after every thread's run, so that threads that each walk
/// along their own run meet different banks.
__device__ __forceinline__ int place_in_tile(int i) { return i + i / kItems; }
constexpr int kTilePlaces = kScanTile + kBlock;

/// Each thread holds the running totals of its own run, and gets those of the whole tile. In round r, the runs of every
/// second group of 2^r threads get what the group before them adds up to (Sklansky 1960). Returns the tile's total.
template <class Fold, class Shared>
__device__ __forceinline__ typename Fold::Total scan_across_threads(const Fold& fold, Shared& run_totals,
                                                                    typename Fold::Total (&running)[kItems]) {
  using Total = typename Fold::Total;
  const int thread = static_cast<int>(threadIdx.x);
  run_totals[thread] = running[kItems - 1];
  for (int group = 1; group < kBlock; group *= 2) {
    __syncthreads();
    if ((thread & group) != 0) {
      const Total before = run_totals[(thread & ~(group - 1)) - 1];
      for (int k = 0; k < kItems; ++k) running[k] = fold.combine(before, running[k]);
      run_totals[thread] = running[kItems - 1];
    }
  }
  __syncthreads();
  return run_totals[kBlock - 1];
}

/// One block a chunk, which walks along it tile by tile. The first pass, totals_only, writes the chunk's total to y;
/// the last takes from `before` the running totals of the chunks.
template <bool totals_only, class Fold, class In, class Out>
__global__ void __launch_bounds__(kBlock)
    scan_kernel(Fold fold, ScanPlan plan, gp<const In> x, gp<const typename Fold::Total> before, gp<Out> y) {
  using Total = typename Fold::Total;
  WEFT_DYN_SHARED(Total, shared);
  auto&& run_totals = shared + kTilePlaces;
  const int thread = static_cast<int>(threadIdx.x);
  for (int64_t work = blockIdx.x; work < plan.slices.numel * plan.chunks; work += gridDim.x) {
    const int64_t c = work % plan.chunks, begin = c * plan.chunk;
    const int64_t end = begin + plan.chunk < plan.size ? begin + plan.chunk : plan.size;
    int64_t at[2];
    plan.slices.locate(work / plan.chunks, at);
    Total carry = fold.start(), earlier = fold.start();
    if constexpr (!totals_only)
      if (c > 0) earlier = before[work - 1];
    for (int64_t first = begin; first < end; first += kScanTile) {
      for (int i = thread; i < kScanTile; i += kBlock) {  // neighbours read neighbours
        Total element = fold.start();
        if (first + i < end) {
          const In value = x[at[0] + (first + i) * plan.x_step];
          element = fold.load(value, 0);
        }
        shared[place_in_tile(i)] = element;
      }
      __syncthreads();
      Total running[kItems];
      for (int k = 0; k < kItems; ++k) {
        const Total element = shared[place_in_tile(thread * kItems + k)];
        running[k] = k == 0 ? element : fold.combine(running[k - 1], element);
      }
      const Total tile_total = scan_across_threads(fold, run_totals, running);
      if constexpr (!totals_only) {
        for (int k = 0; k < kItems; ++k)
          shared[place_in_tile(thread * kItems + k)] = first > begin ? fold.combine(carry, running[k]) : running[k];
        __syncthreads();
        for (int i = thread; i < kScanTile; i += kBlock) {
          if (first + i >= end) continue;
          Total total = shared[place_in_tile(i)];
          if (c > 0) total = fold.combine(earlier, total);
          y[at[1] + (first + i) * plan.y_step] = fold.template result<Out>(total);
        }
      }
      carry = first > begin ? fold.combine(carry, tile_total) : tile_total;
      __syncthreads();  // the next tile overwrites this one
    }
    if constexpr (totals_only)
      if (thread == 0) y[work] = carry;
  }
}

/// Few slices are cut into chunks of whole tiles, enough to keep the card busy.
void cut_into_chunks(ScanPlan& plan) {
  constexpr int64_t kEnoughBlocks = 512;  // their totals are scanned one by one
  const int64_t tiles = (plan.size + kScanTile - 1) / kScanTile;
  const int64_t wanted = std::max<int64_t>(1, kEnoughBlocks / plan.slices.numel);
  plan.chunk = (tiles + wanted - 1) / wanted * kScanTile;
  plan.chunks = (plan.size + plan.chunk - 1) / plan.chunk;
}

template <class Fold, class In, class Out>
void scan_slices(ScanPlan plan, const In* x, Out* y, Device device) {
  using Total = typename Fold::Total;
  constexpr int64_t kShort = 16, kManySlices = 8192;
  const bool apart = plan.x_step != 1 && plan.x_step != -1;
  if (plan.size <= kShort || (apart && plan.slices.numel >= kManySlices))
    return launch(scan_serial_kernel<Fold, In, Out>, grid_of(plan.slices.numel), kBlock, 0, Fold{}, plan, x, y);

  cut_into_chunks(plan);
  const int64_t blocks = plan.slices.numel * plan.chunks;
  const Scratch<Total> totals(blocks, device);
  constexpr size_t kShared = (kTilePlaces + kBlock) * sizeof(Total);
  if (plan.chunks > 1) {
    launch(scan_kernel<true, Fold, In, Total>, grid_of(blocks, 1), kBlock, kShared, Fold{}, plan, x, totals.data(),
           totals.data());
    const Layout<2> rows(Shape{plan.slices.numel}, {Strides{plan.chunks}, Strides{plan.chunks}});
    const ScanPlan of_totals{.slices = rows, .size = plan.chunks, .x_step = 1, .y_step = 1, .chunk = plan.chunks};
    launch(scan_serial_kernel<Fold, Total, Total>, grid_of(plan.slices.numel), kBlock, 0, Fold{}, of_totals,
           totals.data(), totals.data());
  }
  launch(scan_kernel<false, Fold, In, Out>, grid_of(blocks, 1), kBlock, kShared, Fold{}, plan, x, totals.data(), y);
}

}  // namespace

// y[i, j, k] = x[i, 0, k] op ... op x[i, j, k]   for axis 1. From the last element a slice is walked with negative
// steps.
void GpuBackend::scan(ScanOp op, From from, const Tensor& x, int64_t axis, const Tensor& y) {
  if (x.dtype() < DType::int64) {  // y is int64
    copy(x, y);
    return scan(op, from, y, axis, y);
  }
  Shape slices = x.shape();
  slices[axis] = 1;
  const int64_t size = x.shape()[axis], direction = from == From::first ? 1 : -1;
  const int64_t begin = from == From::first ? 0 : size - 1;
  const ScanPlan plan{.slices = Layout<2>(slices, {x.strides(), y.strides()}),
                      .size = size,
                      .x_step = direction * x.strides()[axis],
                      .y_step = direction * y.strides()[axis],
                      .chunk = size};
  const auto scan_typed = [&]<class T>(TypeTag<T>) {
    const T* x_begin = x.data<T>() + begin * x.strides()[axis];
    T* y_begin = y.data<T>() + begin * y.strides()[axis];
    switch (op) {
      case ScanOp::sum: return scan_slices<SumFold<WideTotal<T>>>(plan, x_begin, y_begin, y.device());
      case ScanOp::prod: return scan_slices<ProductFold<WideTotal<T>>>(plan, x_begin, y_begin, y.device());
    }
  };
  if (x.dtype() == DType::int64) scan_typed(TypeTag<int64_t>{});
  else visit_floating(x.dtype(), scan_typed);
}

}  // namespace weft::WEFT_GPU
