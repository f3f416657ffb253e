// backends/cpu/fused.cpp: one pass where the composed form takes many
#include <cmath>

#include "backends/adam_rule.h"
#include "backends/cpu/backend_class.h"
#include "backends/cpu/elementwise_loops.h"

namespace weft::cpu_kernels {
namespace {

/// y_i = (x_i - top) - log(sum_j exp(x_j - top)), the sum in float64. In this order: beside a large score, top + log is
/// top.
template <class T>
void log_softmax_row(const T* x, T* y, int64_t count) {
  T top = x[0];
  for (int64_t i = 1; i < count; ++i) top = Binary<BinaryOp::maximum>::apply(top, x[i]);
  double total = 0;
  for (int64_t i = 0; i < count; ++i) total += std::exp(x[i] - top);
  const double log_total = std::log(total);
  for (int64_t i = 0; i < count; ++i) y[i] = static_cast<T>(x[i] - top - log_total);
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
      for (int64_t row = begin; row < end; ++row) {
        log_softmax_row(x.data<T>() + row * count, y.data<T>() + row * count, count);
      }
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
