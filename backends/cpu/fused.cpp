// backends/cpu/fused.cpp: one pass where the composed form takes many
#include <algorithm>
#include <cmath>

#include "backends/adam_rule.h"
#include "backends/cpu/backend_class.h"
#include "backends/cpu/elementwise_loops.h"
#include "backends/cpu/vector_maths.h"

namespace weft::cpu_kernels {
namespace {

/// y_i = (x_i - top) - log(sum_j exp(x_j - top)), the sum in float64. In this order: beside a large score, top + log is
/// top. exp runs over pieces of many short rows, or of a part of a long one: registers are full either way.
template <class T>
void log_softmax_rows(const T* x, T* y, int64_t rows, int64_t count) {
  for (const T *row = x, *end = x + rows * count; row < end; row += count) {
    T top = row[0];
    for (int64_t i = 1; i < count; ++i) top = Binary<BinaryOp::maximum>::apply(top, row[i]);
    map_dense([top](T value) { return value - top; }, count, y + (row - x), row);
  }
  constexpr int64_t kPiece = 512;
  T exps[kPiece];
  double total = 0;  // of the row's first `summed` elements
  int64_t summed = 0;
  for (int64_t first = 0; first < rows * count; first += kPiece) {
    const int64_t size = std::min(kPiece, rows * count - first);
    map_dense([](T value) { return vector_exp(value); }, size, exps, y + first);
    for (int64_t j = 0; j < size;) {
      const int64_t end = j + std::min(count - summed, size - j);
      summed += end - j;
      for (; j < end; ++j) total += exps[j];
      if (summed < count) continue;
      T* row = y + first + j - count;
      map_dense([log_total = std::log(total)](T value) { return static_cast<T>(value - log_total); }, count, row, row);
      total = 0, summed = 0;
    }
  }
}

/// Elements pass through values, and the rule is a copy: as references they might lie over one another, for all the
/// compiler knows.
template <class T>
void adam_run(T* __restrict p, const T* __restrict gradient, T* __restrict m, T* __restrict v, int64_t count,
              const AdamRule<T> rule) {
  for (int64_t i = 0; i < count; ++i) {
    T of_p = p[i], of_m = m[i], of_v = v[i];
    rule.update(gradient[i], of_p, of_m, of_v);
    p[i] = of_p, m[i] = of_m, v[i] = of_v;
  }
}

}  // namespace

void CpuBackend::log_softmax(const Tensor& x, int64_t axis, const Tensor& y) {
  if (axis != x.rank() - 1 || !x.is_contiguous() || !y.is_contiguous()) return Backend::log_softmax(x, axis, y);
  const int64_t count = x.shape()[axis], rows = x.numel() / count;
  visit_floating(x.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    parallel_ranges(rows, std::max<int64_t>(1, kTileElements / 4 / count), [&](int64_t begin, int64_t end) {
      const T* from = x.data<T>() + begin * count;
      run_for_isa([&] { log_softmax_rows(from, y.data<T>() + begin * count, end - begin, count); });
    });
  });
}

void CpuBackend::adam_step(const Tensor& parameter, const Tensor& gradient, const Tensor& exp_avg,
                           const Tensor& exp_avg_sq, const AdamStep& step) {
  for (const Tensor* tensor : {&parameter, &gradient, &exp_avg, &exp_avg_sq}) {
    if (!tensor->is_contiguous()) return Backend::adam_step(parameter, gradient, exp_avg, exp_avg_sq, step);
  }
  visit_floating(parameter.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const AdamRule<T> rule(step);
    T *p = parameter.data<T>(), *g = gradient.data<T>(), *m = exp_avg.data<T>(), *v = exp_avg_sq.data<T>();
    parallel_ranges(parameter.numel(), kTileElements, [&](int64_t begin, int64_t end) {
      run_for_isa([&] { adam_run(p + begin, g + begin, m + begin, v + begin, end - begin, rule); });
    });
  });
}

}  // namespace weft::cpu_kernels
