// backends/reference/reduce.cpp: many elements to one
//
// For every element of y the loops walk over a window of x: x's full size along the reduced axes, 1 along the others.
//   x [4, 3, 5], y [4, 1, 5]:  the window is [1, 3, 1]
#include "backends/reference/accumulator.h"
#include "backends/reference/reference_backend.h"
#include "backends/scaled_product.h"
#include "backends/strided_loop.h"

namespace weft {

namespace {

Shape window_shape(const Tensor& x, const Tensor& y) {
  Shape window = x.shape();
  for (int64_t axis = 0; axis < x.rank(); ++axis)
    if (y.shape()[axis] == x.shape()[axis]) window[axis] = 1;
  return window;
}

// y = combine(... combine(combine(start, x_0), x_1) ..., x_n)
template <class Total, class T, class Result, class Combine>
void fold(const Tensor& x, const Tensor& y, Total start, Combine combine) {
  const Shape window = window_shape(x, y);
  const T* from = x.data<T>();
  Result* to = y.data<Result>();
  for_each_element(y.shape(), {x.strides(), y.strides()}, [&](int64_t first, int64_t yi) {
    Total total = start;
    for_each_element(window, {x.strides()},
                     [&](int64_t step) { total = combine(total, static_cast<Total>(from[first + step])); });
    to[yi] = static_cast<Result>(static_cast<Accumulator<T>>(total));
  });
}

// y = the element that wins against all others of its window
template <class T, class Maths>
void extreme(const Tensor& x, const Tensor& y, Maths) {
  const Shape window = window_shape(x, y);
  const T* from = x.data<T>();
  T* to = y.data<T>();
  for_each_element(y.shape(), {x.strides(), y.strides()}, [&](int64_t first, int64_t yi) {
    T best = from[first];
    for_each_element(window, {x.strides()}, [&](int64_t step) { best = Maths::apply(best, from[first + step]); });
    to[yi] = best;
  });
}

}  // namespace

// y[i, 0, k] = x[i, 0, k] op x[i, 1, k] op ...
void ReferenceBackend::reduce(ReduceOp op, const Tensor& x, const Tensor& y) {
  visit_dtype(x.dtype(), [&]<class T>(TypeTag<T>) {
    using Result = std::conditional_t<std::is_floating_point_v<T>, T, int64_t>;
    using Sum = Accumulator<T>;
    using Product = std::conditional_t<std::is_floating_point_v<T>, ScaledProduct<Sum>, Sum>;
    switch (op) {
      case ReduceOp::sum: return fold<Sum, T, Result>(x, y, Sum(0), [](auto a, auto b) { return a + b; });
      case ReduceOp::prod: return fold<Product, T, Result>(x, y, Product(1), [](auto a, auto b) { return a * b; });
      case ReduceOp::max: return extreme<T>(x, y, Binary<BinaryOp::maximum>{});
      case ReduceOp::min: return extreme<T>(x, y, Binary<BinaryOp::minimum>{});
    }
  });
}

// y[i, 0, k] = the first j where x[i, j, k] is largest (smallest); a NaN beats every number
void ReferenceBackend::arg_reduce(ArgReduceOp op, const Tensor& x, int64_t axis, const Tensor& y) {
  visit_dtype(x.dtype(), [&]<class T>(TypeTag<T>) {
    const auto beats = [op](T a, T b) {
      const bool a_is_nan = a != a, b_is_nan = b != b;
      if (a_is_nan || b_is_nan) return a_is_nan && !b_is_nan;
      return op == ArgReduceOp::argmax ? a > b : a < b;
    };
    const int64_t size = x.shape()[axis], step = x.strides()[axis];
    const T* from = x.data<T>();
    int64_t* to = y.data<int64_t>();
    for_each_element(y.shape(), {x.strides(), y.strides()}, [&](int64_t first, int64_t yi) {
      int64_t best = 0;
      for (int64_t j = 1; j < size; ++j)
        if (beats(from[first + j * step], from[first + best * step])) best = j;
      to[yi] = best;
    });
  });
}

}  // namespace weft
