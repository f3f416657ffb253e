// backends/gpu/reduce_slices.h: many elements to one, the kernel behind reduce, arg_reduce and the check of indices
//
// A block of 256 threads works on some outputs at once, and `lanes` threads share one output. Each lane folds every
// lanes-th element of its window, then the lanes' totals are folded in a tree in shared memory. Which threads lie side
// by side decides how fast memory is read:
//
//   rows      x [outputs, window], the window's elements lie together: neighbours share an output
//   columns   x [window, outputs], the outputs lie together: neighbours have outputs of their own
//
// When that makes too few blocks for the card, each window is cut into parts, and a second pass folds the parts. Lanes,
// parts and trees depend on the shape alone, so the bits are the same in every run.
#pragma once
#include <algorithm>
#include <bit>
#include <cstdlib>
#include <vector>

#include "backends/gpu/layout.h"
#include "backends/gpu/scratch.h"

namespace weft::WEFT_GPU {

struct ReducePlan {
  Layout<2> kept;     ///< the outputs: where their windows begin in x, and where they lie in y
  Layout<1> reduced;  ///< one window
  int lanes = 1;      ///< threads an output, a power of two
  bool rows = true;
  int64_t parts = 1, part_size = 0;

  __host__ __device__ int outputs_of_block() const { return kBlock / lanes; }
  __host__ __device__ int64_t tiles() const { return (kept.numel + outputs_of_block() - 1) / outputs_of_block(); }
};

inline ReducePlan plan_reduction(const Layout<2>& kept, const Layout<1>& reduced) {
  constexpr uint64_t kElementsOfLane = 4;  // fewer, and the tree takes longer than the reading
  constexpr int64_t kFewBlocks = 512, kEnoughBlocks = 1024, kElementsOfPart = 16;
  ReducePlan plan{.kept = kept, .reduced = reduced};
  const int last_kept = kept.rank - 1, last_reduced = reduced.rank - 1;
  plan.rows = kept.rank == 0 || reduced.rank == 0 ||
              std::abs(reduced.stride[0][last_reduced]) <= std::abs(kept.stride[0][last_kept]);
  uint64_t most_lanes = kBlock;
  if (!plan.rows) most_lanes /= std::min<uint64_t>(32, std::bit_ceil(static_cast<uint64_t>(kept.size[last_kept])));
  const auto window = static_cast<uint64_t>(reduced.numel);
  plan.lanes = static_cast<int>(std::clamp<uint64_t>(std::bit_floor(window / kElementsOfLane), 1, most_lanes));
  const int64_t blocks = plan.tiles();
  if (blocks < kFewBlocks)
    plan.parts = std::clamp<int64_t>(reduced.numel / (plan.lanes * kElementsOfPart), 1, kEnoughBlocks / blocks);
  plan.part_size = (reduced.numel + plan.parts - 1) / plan.parts;
  plan.parts = (reduced.numel + plan.part_size - 1) / plan.part_size;
  return plan;
}

/// Four elements are on their way at a time: where they lie is worked out first, since that branches.
template <class Fold, class In>
__device__ __forceinline__ typename Fold::Total fold_lane(const Fold& fold, const Layout<1>& window, gp<const In> x,
                                                          int64_t i, int64_t end, int64_t step) {
  using Total = typename Fold::Total;
  const auto load = [&](const int64_t(&at)[1], int64_t j) {
    const In value = x[at[0]];
    return fold.load(value, j);
  };
  Total total[4] = {fold.start(), fold.start(), fold.start(), fold.start()};
  int64_t at[4][1];
  for (; i + 3 * step < end; i += 4 * step) {
    for (int k = 0; k < 4; ++k) window.locate(i + k * step, at[k]);
    const Total four[4] = {load(at[0], i), load(at[1], i + step), load(at[2], i + 2 * step), load(at[3], i + 3 * step)};
    for (int k = 0; k < 4; ++k) total[k] = fold.combine(total[k], four[k]);
  }
  for (; i < end; i += step) {
    window.locate(i, at[0]);
    total[0] = fold.combine(total[0], load(at[0], i));
  }
  return fold.combine(fold.combine(total[0], total[1]), fold.combine(total[2], total[3]));
}

/// y[output] = x[output, 0] op x[output, 1] op ...; with parts, y[part, output].
template <class Fold, class In, class Out>
__global__ void __launch_bounds__(kBlock) reduce_kernel(Fold fold, ReducePlan plan, gp<const In> x, gp<Out> y) {
  using Total = typename Fold::Total;
  WEFT_DYN_SHARED(Total, totals);
  const int thread = static_cast<int>(threadIdx.x), together = plan.outputs_of_block();
  const int lane = plan.rows ? thread % plan.lanes : thread / together;
  const int slot = plan.rows ? thread / plan.lanes : thread % together;
  const int lane_step = plan.rows ? 1 : together;  // from a lane's total to the next lane's
  for (int64_t work = blockIdx.x; work < plan.tiles() * plan.parts; work += gridDim.x) {
    const int64_t output = work / plan.parts * together + slot, part = work % plan.parts;
    const bool has_output = output < plan.kept.numel;
    int64_t at[2] = {};
    Total total = fold.start();
    if (has_output) {
      plan.kept.locate(output, at);
      const int64_t begin = part * plan.part_size;
      const int64_t end = begin + plan.part_size < plan.reduced.numel ? begin + plan.part_size : plan.reduced.numel;
      total = fold_lane<Fold, In>(fold, plan.reduced, x + at[0], begin + lane, end, plan.lanes);
    }
    totals[thread] = total;
    for (int half = plan.lanes / 2; half > 0; half /= 2) {
      __syncthreads();
      if (lane < half) {
        const Total other = totals[thread + half * lane_step];
        total = fold.combine(total, other);
        totals[thread] = total;
      }
    }
    if (lane == 0 && has_output)
      y[plan.parts > 1 ? part * plan.kept.numel + output : at[1]] = fold.template result<Out>(total);
    __syncthreads();  // the next round overwrites totals
  }
}

template <class Fold, class In, class Out>
void launch_reduce(const Fold& fold, const ReducePlan& plan, const In* x, Out* y) {
  launch(reduce_kernel<Fold, In, Out>, grid_of(plan.tiles() * plan.parts, 1), kBlock,
         kBlock * sizeof(typename Fold::Total), fold, plan, x, y);
}

/// `kept` numbers the outputs: where their windows begin in x, and where they lie in y; `reduced` is one window.
template <class Fold, class In, class Out>
void reduce_slices(const Fold& fold, const Layout<2>& kept, const Layout<1>& reduced, const In* x, Out* y,
                   Device device) {
  using Total = typename Fold::Total;
  const ReducePlan plan = plan_reduction(kept, reduced);
  if (plan.parts == 1) return launch_reduce<Fold, In, Out>(fold, plan, x, y);
  const Scratch<Total> partial(plan.parts * kept.numel, device);
  launch_reduce<Fold, In, Total>(fold, plan, x, partial.data());

  ReducePlan second{.kept = kept, .reduced = Layout<1>(Shape{plan.parts}, {Strides{kept.numel}})};
  int64_t step = 1;
  for (int axis = kept.rank - 1; axis >= 0; --axis) {
    second.kept.stride[0][axis] = step;
    step *= kept.size[axis];
  }
  second = plan_reduction(second.kept, second.reduced);
  second.parts = 1;
  second.part_size = plan.parts;
  launch_reduce<Fold, Total, Out>(fold, second, partial.data(), y);
}

/// The axes in the order in which x lies in memory, long steps first: how a reduction walks best.
inline std::vector<int64_t> axes_by_step(const Tensor& x) {
  std::vector<int64_t> axes;
  for (int64_t axis = 0; axis < x.rank(); ++axis) axes.push_back(axis);
  std::stable_sort(axes.begin(), axes.end(), [&](int64_t a, int64_t b) { return x.strides()[a] > x.strides()[b]; });
  return axes;
}

/// Reduces x to y, whose reduced axes have size 1.
template <class Fold, class In, class Out>
void reduce_tensor(const Fold& fold, const Tensor& x, const Tensor& y) {
  Shape kept, reduced;
  Strides x_steps, y_steps;
  for (const int64_t axis : axes_by_step(x)) {
    const bool is_kept = x.shape()[axis] == y.shape()[axis];
    kept.push_back(is_kept ? x.shape()[axis] : 1);
    reduced.push_back(is_kept ? 1 : x.shape()[axis]);
    x_steps.push_back(x.strides()[axis]);
    y_steps.push_back(y.strides()[axis]);
  }
  reduce_slices<Fold, In, Out>(fold, Layout<2>(kept, {x_steps, y_steps}), Layout<1>(reduced, {x_steps}), x.data<In>(),
                               y.data<Out>(), y.device());
}

}  // namespace weft::WEFT_GPU
