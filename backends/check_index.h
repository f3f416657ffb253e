// backends/check_index.h: what indexing kernels share: checked indices, and strides that leave the indexed axis out
#pragma once
#include <string_view>

#include "backends/strided_loop.h"
#include "tensor/tensor.h"

namespace weft {

/// The shape of `index` with what an expanded axis repeats counted once.
inline Shape distinct_shape(const Tensor& index) {
  Shape distinct = index.shape();
  for (int64_t i = 0; i < distinct.size(); ++i)
    if (index.strides()[i] == 0) distinct[i] = 1;
  return distinct;
}

/// Throws: the index that stands at `place` is `value`, and axis `axis` of x has size `size`.
[[noreturn]] inline void fail_out_of_range(std::string_view op, const Dims& place, int64_t value, int64_t axis,
                                           int64_t size) {
  fail(op, "index{} = {} is out of range: axis {} of x has {}", to_string(place), value, axis, size);
}

/// Throws: a value of `index` (int64, in host memory) outside 0 .. size-1, where size is that of x along `axis`.
inline void check_indices(std::string_view op, const Tensor& index, int64_t axis, int64_t size) {
  const int64_t* values = index.data<int64_t>();
  const Shape distinct = distinct_shape(index);
  int64_t position = 0;
  for_each_element(distinct, {index.strides()}, [&](int64_t i) {
    if (values[i] < 0 || values[i] >= size) fail_out_of_range(op, unravel(position, distinct), values[i], axis, size);
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
