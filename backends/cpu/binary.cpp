// backends/cpu/binary.cpp: the binary ops of tensor/scalar_maths.h, where, and y += alpha x
#include "backends/cpu/backend_class.h"
#include "backends/cpu/elementwise_loops.h"

namespace weft::cpu_kernels {

void CpuBackend::binary(BinaryOp op, const Tensor& a, const Tensor& b, const Tensor& y) {
  visit_op(op, [&](auto maths) {
    using Maths = decltype(maths);
    const auto apply = [](auto left, auto right) { return Maths::apply(left, right); };
    if constexpr (Maths::types == OpTypes::floating) {
      visit_floating(a.dtype(), [&](auto tag) {
        using T = typename decltype(tag)::type;
        map_binary<T, T>(a, b, y, apply);
      });
    } else {
      visit_dtype(a.dtype(), [&](auto tag) {
        using T = typename decltype(tag)::type;
        using Y = std::conditional_t<Maths::types == OpTypes::same, T, bool>;
        map_binary<T, Y>(a, b, y, apply);
      });
    }
  });
}

void CpuBackend::where(const Tensor& condition, const Tensor& a, const Tensor& b, const Tensor& y) {
  const Pieces<4> pieces(y.shape(), {condition.strides(), a.strides(), b.strides(), y.strides()});
  const bool* chosen = condition.data<bool>();
  visit_dtype(y.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* left = a.data<T>();
    const T* right = b.data<T>();
    T* to = y.data<T>();
    parallel_ranges(pieces.numel, kTileElements, [&](int64_t begin, int64_t end) {
      pieces.visit(begin, end, [&](const auto& at, int64_t count) {
        for (int64_t i = 0; i < count; ++i) {
          to[at[3] + i * pieces.inner_stride(3)] = chosen[at[0] + i * pieces.inner_stride(0)]
                                                       ? left[at[1] + i * pieces.inner_stride(1)]
                                                       : right[at[2] + i * pieces.inner_stride(2)];
        }
      });
    });
  });
}

void CpuBackend::axpy(double alpha, const Tensor& x, const Tensor& y) {
  visit_floating(y.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    map_binary<T, T>(x, y, y, [factor = static_cast<T>(alpha)](T from, T to) { return to + factor * from; });
  });
}

}  // namespace weft::cpu_kernels
