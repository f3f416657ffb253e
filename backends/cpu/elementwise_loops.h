// backends/cpu/elementwise_loops.h: tiles, operand layouts and instruction sets of element-wise kernels
#pragma once
#include <cstdint>
#include <type_traits>

#include "backends/cpu/isa.h"
#include "backends/cpu/strided_pieces.h"
#include "backends/cpu/thread_pool.h"
#include "tensor/tensor.h"

namespace weft::cpu_kernels {

/// Only float kernels are compiled for every instruction set: integers are not what training waits for.
template <class T, class Body>
void run_elementwise(const Body& body) {
  if constexpr (std::is_floating_point_v<T>) run_for_isa(body);
  else body();
}

/// y = f(x) for one run. ivdep: y may be x itself, element upon element, but never a shifted overlap.
template <class X, class Y, class F>
inline void map_run(const X* x, int64_t x_stride, Y* y, int64_t y_stride, int64_t count, F f) {
  if (x_stride == 1 && y_stride == 1) {
#pragma GCC ivdep
    for (int64_t i = 0; i < count; ++i) y[i] = f(x[i]);
  } else {
    for (int64_t i = 0; i < count; ++i) y[i * y_stride] = f(x[i * x_stride]);
  }
}

/// y = f(a, b) for one run; a constant operand (stride 0) stays in a register.
template <class T, class Y, class F>
inline void map_run(const T* a, int64_t a_stride, const T* b, int64_t b_stride, Y* y, int64_t y_stride, int64_t count,
                    F f) {
  if (y_stride == 1 && a_stride == 1 && b_stride == 1) {
#pragma GCC ivdep
    for (int64_t i = 0; i < count; ++i) y[i] = f(a[i], b[i]);
  } else if (y_stride == 1 && a_stride == 1 && b_stride == 0) {
    const T constant = *b;
#pragma GCC ivdep
    for (int64_t i = 0; i < count; ++i) y[i] = f(a[i], constant);
  } else if (y_stride == 1 && a_stride == 0 && b_stride == 1) {
    const T constant = *a;
#pragma GCC ivdep
    for (int64_t i = 0; i < count; ++i) y[i] = f(constant, b[i]);
  } else {
    for (int64_t i = 0; i < count; ++i) y[i * y_stride] = f(a[i * a_stride], b[i * b_stride]);
  }
}

template <class X, class Y, class F>
void map_unary(const Tensor& x, const Tensor& y, F f) {
  const Pieces<2> pieces(y.shape(), {x.strides(), y.strides()});
  const X* from = x.data<X>();
  Y* to = y.data<Y>();
  parallel_ranges(pieces.numel, kTileElements, [&](int64_t begin, int64_t end) {
    run_elementwise<X>([&] {
      pieces.visit(begin, end, [&](const auto& offsets, int64_t count) {
        map_run(from + offsets[0], pieces.inner_stride(0), to + offsets[1], pieces.inner_stride(1), count, f);
      });
    });
  });
}

template <class T, class Y, class F>
void map_binary(const Tensor& a, const Tensor& b, const Tensor& y, F f) {
  const Pieces<3> pieces(y.shape(), {a.strides(), b.strides(), y.strides()});
  const T* left = a.data<T>();
  const T* right = b.data<T>();
  Y* to = y.data<Y>();
  parallel_ranges(pieces.numel, kTileElements, [&](int64_t begin, int64_t end) {
    run_elementwise<T>([&] {
      pieces.visit(begin, end, [&](const auto& offsets, int64_t count) {
        map_run(left + offsets[0], pieces.inner_stride(0), right + offsets[1], pieces.inner_stride(1), to + offsets[2],
                pieces.inner_stride(2), count, f);
      });
    });
  });
}

}  // namespace weft::cpu_kernels
