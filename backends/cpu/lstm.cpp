// backends/cpu/lstm.cpp: one step of a long short-term memory in one pass over its gates
//
// The composed form reads and writes each quarter of the gates four times. The way back works the activations out
// again: an exponential costs less than a trip to memory and back.
#include "backends/cpu/backend_class.h"
#include "backends/cpu/dense_rows.h"
#include "backends/cpu/isa.h"
#include "backends/cpu/lstm_rules.h"
#include "backends/cpu/strided_pieces.h"
#include "backends/cpu/thread_pool.h"

namespace weft::cpu_kernels {
namespace {

/// f(row) for all n rows, from several threads, compiled for the instruction set in use.
template <class F>
void for_rows(const Tensor& c, const F& f) {
  const int64_t n = c.size(0), width = c.size(1);
  parallel_ranges(n, std::max<int64_t>(1, kTileElements / 4 / width), [&](int64_t begin, int64_t end) {
    run_for_isa([&] {
      for (int64_t row = begin; row < end; ++row) f(row);
    });
  });
}

template <class T, class Mask>
void cell_state_row(const T* __restrict gates, const T* __restrict c, Mask mask, T forget_bias, T* __restrict y,
                    int64_t h) {
  const T *i = gates, *f = gates + h, *g = gates + 2 * h;
#pragma GCC ivdep
  for (int64_t j = 0; j < h; ++j) y[j] = lstm_cell_state_of(i[j], f[j] + forget_bias, g[j], c[j], mask[j]);
}

template <class T, class Mask>
void cell_state_gradient_row(const T* __restrict gates, const T* __restrict c, Mask mask, T forget_bias,
                             const T* __restrict dy, T* __restrict dgates, T* __restrict dc, int64_t h) {
  T *di = dgates, *df = dgates + h, *dg = dgates + 2 * h, *d_o = dgates + 3 * h;
#pragma GCC ivdep
  for (int64_t j = 0; j < h; ++j) {
    const auto d =
        lstm_cell_state_gradient_of<T>(gates[j], gates[h + j] + forget_bias, gates[2 * h + j], c[j], mask[j], dy[j]);
    di[j] = d.i, df[j] = d.f, dg[j] = d.g, d_o[j] = 0, dc[j] = d.c;
  }
}

template <class T>
void hidden_state_row(const T* __restrict o, const T* __restrict c, T* __restrict y, int64_t h) {
#pragma GCC ivdep
  for (int64_t j = 0; j < h; ++j) y[j] = lstm_hidden_state_of(o[j], c[j]);
}

template <class T>
void hidden_state_gradient_row(const T* __restrict o, const T* __restrict c, const T* __restrict dy, T* __restrict d_o,
                               T* __restrict dc, int64_t h) {
#pragma GCC ivdep
  for (int64_t j = 0; j < h; ++j) {
    const auto d = lstm_hidden_state_gradient_of(o[j], c[j], dy[j]);
    d_o[j] = d.o, dc[j] = d.c;
  }
}

}  // namespace

void CpuBackend::lstm_cell_state(const Tensor& gates, const Tensor& c, double forget_bias, const Tensor& mask,
                                 const Tensor& y) {
  if (!dense_rows({&gates, &c, &mask})) return Backend::lstm_cell_state(gates, c, forget_bias, mask, y);
  visit_floating(c.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const Rows<T> from(gates), before(c), to(y);
    const auto run = [&](const auto& mask_of) {
      for_rows(c, [&, h = c.size(1)](int64_t row) {
        cell_state_row(from[row], before[row], mask_of(row), T(forget_bias), to[row], h);
      });
    };
    if (!mask.defined()) return run([](int64_t) { return Unmasked<T>{}; });
    run([masks = Rows<T>(mask)](int64_t row) { return Masked<T>{masks[row]}; });
  });
}

void CpuBackend::lstm_cell_state_gradient(const Tensor& gates, const Tensor& c, double forget_bias, const Tensor& mask,
                                          const Tensor& dy, const Tensor& dgates, const Tensor& dc) {
  if (!dense_rows({&gates, &c, &mask, &dy})) {
    return Backend::lstm_cell_state_gradient(gates, c, forget_bias, mask, dy, dgates, dc);
  }
  visit_floating(c.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const Rows<T> from(gates), before(c), gradient(dy), to_gates(dgates), to_c(dc);
    const auto run = [&](const auto& mask_of) {
      for_rows(c, [&, h = c.size(1)](int64_t row) {
        cell_state_gradient_row(from[row], before[row], mask_of(row), T(forget_bias), gradient[row], to_gates[row],
                                to_c[row], h);
      });
    };
    if (!mask.defined()) return run([](int64_t) { return Unmasked<T>{}; });
    run([masks = Rows<T>(mask)](int64_t row) { return Masked<T>{masks[row]}; });
  });
}

void CpuBackend::lstm_hidden_state(const Tensor& gates, const Tensor& c, const Tensor& y) {
  if (!dense_rows({&gates, &c})) return Backend::lstm_hidden_state(gates, c, y);
  visit_floating(c.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const Rows<T> from(gates), state(c), to(y);
    for_rows(c, [&, h = c.size(1)](int64_t row) { hidden_state_row(from[row] + 3 * h, state[row], to[row], h); });
  });
}

void CpuBackend::lstm_hidden_state_gradient(const Tensor& gates, const Tensor& c, const Tensor& dy, const Tensor& d_o,
                                            const Tensor& dc) {
  if (!dense_rows({&gates, &c, &dy})) return Backend::lstm_hidden_state_gradient(gates, c, dy, d_o, dc);
  visit_floating(c.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const Rows<T> from(gates), state(c), gradient(dy), to_o(d_o), to_c(dc);
    for_rows(c, [&, h = c.size(1)](int64_t row) {
      hidden_state_gradient_row(from[row] + 3 * h, state[row], gradient[row], to_o[row], to_c[row], h);
    });
  });
}

}  // namespace weft::cpu_kernels
