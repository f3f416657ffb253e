// backends/strided_loop.h: walking over the elements of one shape in several tensors at once
#pragma once
#include <cstddef>
#include <utility>

#include "tensor/shape.h"

namespace weft {

/// Calls f(start) for every row (the last axis of `shape`) in row-major order; start[t] is where that row begins in
/// tensor t, in elements. A scalar is one row of one element. No axis of `shape` is 0.
template <size_t N, class F>
void for_each_row(const Shape& shape, const Strides (&strides)[N], F&& f) {
  const int64_t outer_axes = shape.empty() ? 0 : shape.size() - 1;
  Dims index = Dims::filled(outer_axes, 0);
  int64_t start[N] = {};
  while (true) {
    f(std::as_const(start));
    int64_t axis = outer_axes - 1;
    for (; axis >= 0; --axis) {  // counts up like an odometer, the last outer axis fastest
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
      for (size_t t = 0; t < N; ++t) start[t] -= (shape[axis] - 1) * strides[t][axis];
    }
    if (axis < 0) return;
    for (size_t t = 0; t < N; ++t) start[t] += strides[t][axis];
  }
}

/// Calls f(offset_0, offset_1, ...) for every element of `shape` in row-major order, one offset a tensor:
///   for_each_element(y.shape(), {x.strides(), y.strides()}, [&](int64_t xi, int64_t yi) { to[yi] = from[xi]; });
template <size_t N, class F>
void for_each_element(const Shape& shape, const Strides (&strides)[N], F&& f) {
  const int64_t row_size = shape.empty() ? 1 : shape.back();
  int64_t step[N] = {};
  if (!shape.empty())
    for (size_t t = 0; t < N; ++t) step[t] = strides[t].back();
  for_each_row(shape, strides, [&](const int64_t(&start)[N]) {
    [&]<size_t... t>(std::index_sequence<t...>) {
      for (int64_t i = 0; i < row_size; ++i) f(start[t] + i * step[t]...);
    }
    (std::make_index_sequence<N>{});
  });
}

}  // namespace weft
