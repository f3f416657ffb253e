// backends/gpu/view.h: a tensor of any strides as a kernel reads it, by its index
#pragma once
#include "backends/gpu/gpu.h"

namespace weft::WEFT_GPU {

template <class T, int rank>
struct View {
  gp<const T> data{};
  int64_t stride[rank] = {};
  bool defined = false;

  View() = default;
  /// Of an undefined tensor: one that says so.
  explicit View(const Tensor& x) : defined(x.defined()) {
    if (!defined) return;
    data = static_cast<const T*>(x.data<T>());
    for (int axis = 0; axis < rank; ++axis) stride[axis] = x.strides()[axis];
  }

  /// Where the element with these indices lies; the axes that are not named are at 0.
  template <class... Index>
  __device__ __forceinline__ gp<const T> at(Index... index) const {
    static_assert(sizeof...(Index) <= rank);
    int axis = 0;
    int64_t offset = 0;
    ((offset += static_cast<int64_t>(index) * stride[axis++]), ...);
    return data + offset;
  }
  template <class... Index>
  __device__ __forceinline__ T operator()(Index... index) const {
    return at(index...)[0];
  }
};

}  // namespace weft::WEFT_GPU
