// backends/cpu/lstm_sequence.cpp: all steps of a long short-term memory, its weights packed once
//
// One step is a product of a small matrix, h or dgates, with a large one that stays the same, and a pass over the rows
// of that product. W_hh goes into panels once for all steps. The pass leaves the next step's small matrix in panels as
// well: each row is packed while it is in cache.
#include <algorithm>

#include "backends/cpu/backend_class.h"
#include "backends/cpu/gemm/choice.h"
#include "backends/cpu/gemm/prepacked.h"
#include "backends/cpu/isa.h"
#include "backends/cpu/lstm_rules.h"
#include "tensor/lstm_sequence.h"

namespace weft::cpu_kernels {
namespace {

constexpr int64_t kGates = 4;
/// Packing the weights is a pass over them, which few steps of few sequences do not earn back.
constexpr int64_t kLeastSteps = 4, kLeastSequences = 2;

/// Whether to go all steps here. The products are our own, so their choice decides too.
bool pays(const LstmSequence& sequence) {
  const int64_t n = sequence.c.size(1), h = sequence.c.size(2);
  return sequence.time() >= kLeastSteps && n >= kLeastSequences &&
         gemm_for(1, n, kGates * h, h, sequence.c.dtype()) == Gemm::own;
}

/// Where what belongs to one step begins.
template <class T>
T* at_step(const Tensor& x, int64_t t) {
  return x.select(0, t).data<T>();
}

/// One step of one row. gates hold the product with W_hh on entry.
template <class T, class Mask>
void forward_row(const T* __restrict projected, const T* __restrict c_before, Mask mask, T forget_bias,
                 T* __restrict gates, T* __restrict c_after, T* __restrict h_after, int64_t h) {
#pragma GCC ivdep
  for (int64_t j = 0; j < h; ++j) {
    const T i = projected[j] + gates[j], f = projected[h + j] + gates[h + j];
    const T g = projected[2 * h + j] + gates[2 * h + j], o = projected[3 * h + j] + gates[3 * h + j];
    const T c = lstm_cell_state_of<T>(i, f + forget_bias, g, c_before[j], mask[j]);
    gates[j] = i, gates[h + j] = f, gates[2 * h + j] = g, gates[3 * h + j] = o;
    c_after[j] = c;
    h_after[j] = lstm_hidden_state_of(o, c);
  }
}

/// One step back. `product` is what the next step adds to dh; dc is that of c_after on entry, of c_before at the end.
template <class T, class Mask>
void backward_row(const T* __restrict dh, const T* __restrict product, const T* __restrict gates,
                  const T* __restrict c_before, const T* __restrict c_after, Mask mask, T forget_bias,
                  T* __restrict dgates, T* __restrict dc, int64_t h) {
#pragma GCC ivdep
  for (int64_t j = 0; j < h; ++j) {
    const auto hidden = lstm_hidden_state_gradient_of<T>(gates[3 * h + j], c_after[j], dh[j] + product[j]);
    const auto cell = lstm_cell_state_gradient_of<T>(gates[j], gates[h + j] + forget_bias, gates[2 * h + j],
                                                     c_before[j], mask[j], dc[j] + hidden.c);
    dgates[j] = cell.i, dgates[h + j] = cell.f, dgates[2 * h + j] = cell.g, dgates[3 * h + j] = hidden.o;
    dc[j] = cell.c;
  }
}

/// compute(row) for all n rows, from several threads, and what it has written to `from` [n, depth] goes into `panels`.
template <class T, class F>
void for_rows_then_pack(const MicroKernel<T>& kernel, const PrepackedPanels<T>& panels, const T* from,
                        const F& compute) {
  const int64_t depth = panels.depth();
  parallel_for(panels.count(), [&](int64_t panel) {
    const int64_t first = panel * kernel.rows, lanes = panels.lanes_of(panel);
    run_for_isa([&] {
      for (int64_t row = first; row < first + lanes; ++row) compute(row);
    });
    kernel.pack_rows({from + first * depth, depth, 1, lanes, depth, panels.panel(panel)});
  });
}

/// f(masks), masks(row) being what row `row` of step t multiplies tanh(g) by.
template <class T, class F>
void with_masks(const Tensor& mask, int64_t t, int64_t h, const F& f) {
  if (!mask.defined()) return f([](int64_t) { return Unmasked<T>{}; });
  f([step = at_step<T>(mask, t), h](int64_t row) { return Masked<T>{step + row * h}; });
}

template <class T>
void run(Backend& backend, const Tensor& projected, const Tensor& weight_hh, const LstmSequenceOptions& options,
         const LstmSequence& sequence) {
  const MicroKernel<T> kernel = micro_kernel<T>();
  const int64_t time = sequence.time(), n = sequence.c.size(1), h = sequence.c.size(2);
  const auto forget_bias = static_cast<T>(options.forget_bias);
  const PrepackedPanels<T> weight(backend, kGates * h, h, kernel.columns), small(backend, n, h, kernel.rows);
  pack_all(weight, kernel.pack_columns, weight_hh.data<T>(), h, 1);
  pack_all(small, kernel.pack_rows, at_step<T>(sequence.states, SequenceStep::taken(options.from, 0, time).before), h,
           1);
  for (int64_t i = 0; i < time; ++i) {
    const SequenceStep step = SequenceStep::taken(options.from, i, time);
    const T *from = at_step<T>(projected, step.t), *c_before = at_step<T>(sequence.c, step.before);
    T *gates = at_step<T>(sequence.gates, step.t), *c_after = at_step<T>(sequence.c, step.after);
    T* h_after = at_step<T>(sequence.states, step.after);
    multiply_prepacked(kernel, small, weight, gates, kGates * h);
    with_masks<T>(options.mask, step.t, h, [&](const auto& masks) {
      for_rows_then_pack<T>(kernel, small, h_after, [&](int64_t row) {
        const int64_t at = row * h, at_gates = kGates * at;
        forward_row<T>(from + at_gates, c_before + at, masks(row), forget_bias, gates + at_gates, c_after + at,
                       h_after + at, h);
      });
    });
  }
}

template <class T>
void run_gradient(Backend& backend, const LstmSequence& sequence, const Tensor& weight_hh, const Tensor& dy,
                  const LstmSequenceOptions& options, const LstmSequenceGradient& gradient) {
  const MicroKernel<T> kernel = micro_kernel<T>();
  const int64_t time = sequence.time(), n = sequence.c.size(1), h = sequence.c.size(2);
  const auto forget_bias = static_cast<T>(options.forget_bias);
  const PrepackedPanels<T> weight(backend, h, kGates * h, kernel.columns), small(backend, n, kGates * h, kernel.rows);
  pack_all(weight, kernel.pack_columns, weight_hh.data<T>(), 1, h);
  T *product = gradient.h0.data<T>(), *dc = gradient.c0.data<T>();
  std::fill_n(product, n * h, T(0));
  std::copy_n(at_step<T>(dy, time + 1), n * h, dc);
  for (int64_t i = time - 1; i >= 0; --i) {
    const SequenceStep step = SequenceStep::taken(options.from, i, time);
    const T *dh = at_step<T>(dy, step.after), *gates = at_step<T>(sequence.gates, step.t);
    const T *c_before = at_step<T>(sequence.c, step.before), *c_after = at_step<T>(sequence.c, step.after);
    T* dgates = at_step<T>(gradient.gates, step.t);
    with_masks<T>(options.mask, step.t, h, [&](const auto& masks) {
      for_rows_then_pack<T>(kernel, small, dgates, [&](int64_t row) {
        const int64_t at = row * h, at_gates = kGates * at;
        backward_row<T>(dh + at, product + at, gates + at_gates, c_before + at, c_after + at, masks(row), forget_bias,
                        dgates + at_gates, dc + at, h);
      });
    });
    multiply_prepacked(kernel, small, weight, product, h);
  }
  backend.axpy(1, dy.select(0, SequenceStep::taken(options.from, 0, time).before), gradient.h0);
}

}  // namespace

void CpuBackend::lstm_sequence(const Tensor& projected, const Tensor& weight_hh, const LstmSequenceOptions& options,
                               const LstmSequence& sequence) {
  if (!pays(sequence)) return Backend::lstm_sequence(projected, weight_hh, options, sequence);
  visit_floating(projected.dtype(),
                 [&](auto tag) { run<typename decltype(tag)::type>(*this, projected, weight_hh, options, sequence); });
}

void CpuBackend::lstm_sequence_gradient(const LstmSequence& sequence, const Tensor& weight_hh, const Tensor& dy,
                                        const LstmSequenceOptions& options, const LstmSequenceGradient& gradient) {
  if (!pays(sequence)) return Backend::lstm_sequence_gradient(sequence, weight_hh, dy, options, gradient);
  visit_floating(dy.dtype(), [&](auto tag) {
    run_gradient<typename decltype(tag)::type>(*this, sequence, weight_hh, dy, options, gradient);
  });
}

}  // namespace weft::cpu_kernels
