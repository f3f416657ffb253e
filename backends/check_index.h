// backends/check_index.h: what indexing kernels share: checked indices, and strides that leave the indexed axis out
#pragma once
#include <string_view>

#include "backends/strided_loop.h"
#include "tensor/tensor.h"

namespace weft {

/// Throws: a value of `index` (int64) outside 0 .. size-1, where size is that of x along `axis`.
inline void check_indices(std::string_view op, const Tensor& index, int64_t axis, int64_t size) {
  const int64_t* values = index.data<int64_t>();
  Shape distinct = index.shape();  // what an expanded axis repeats is read once
  for (int64_t i = 0; i < distinct.size(); ++i)
    if (index.strides()[i] == 0) distinct[i] = 1;
  int64_t position = 0;
  for_each_element(distinct, {index.strides()}, [&](int64_t i) {
    if (values[i] < 0 || values[i] >= size)
      fail(op, "index{} = {} is out of range: axis {} of x has {}", to_string(unravel(position, distinct)), values[i],
           axis, size);
    ++position;
  });
}

/// x's strides for a walk over index: along `axis` the walk stands still, since index says how far to step there.
inline Strides strides_without(const Tensor& x, int64_t axis) {
  Strides strides = x.strides();
  strides[axis] = 0;
  return strides;
}

}  // namespace weft
