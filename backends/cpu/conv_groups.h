// backends/cpu/conv_groups.h: a grouped convolution as one convolution a group, on slices of the channels
#pragma once
#include "backends/cpu/thread_pool.h"
#include "tensor/tensor.h"

namespace weft::cpu_kernels {

/// The run of channels (along `axis`) that belongs to group g.
inline Tensor channel_group(const Tensor& x, int64_t axis, int64_t g, int64_t groups) {
  if (groups == 1) return x;
  const int64_t share = x.shape()[axis] / groups;
  return x.slice(axis, g * share, (g + 1) * share);
}

/// Calls f(g) for every group: many groups share out the threads, few leave them to each convolution.
template <class F>
void for_each_group(int64_t groups, F&& f) {
  constexpr int64_t kManyGroups = 16;
  if (groups >= kManyGroups) return parallel_for(groups, f);
  for (int64_t g = 0; g < groups; ++g) f(g);
}

}  // namespace weft::cpu_kernels
