// tensor/lstm_sequence.cpp: all steps of a long short-term memory
#include "tensor/lstm_sequence.h"

#include "tensor/backend.h"
#include "tensor/checks.h"
#include "tensor/create.h"

namespace weft {
namespace {

/// Kernels see dense memory only: a mask may be expanded.
LstmSequenceOptions dense(const LstmSequenceOptions& options) {
  return {options.from, options.forget_bias, options.mask.defined() ? options.mask.contiguous() : Tensor()};
}

}  // namespace

void check_lstm_sequence(std::string_view op, const Tensor& projected, const Tensor& weight_hh, const Tensor& h0,
                         const Tensor& c0, const LstmSequenceOptions& options) {
  check_floating(op, projected);
  for (const Tensor* x : {&weight_hh, &h0, &c0}) {
    check_same_dtype(op, projected, *x);
    check_same_device(op, projected, *x);
  }
  const bool ranks = projected.rank() == 3 && weight_hh.rank() == 2 && h0.rank() == 2;
  const int64_t hidden = ranks ? h0.size(1) : 0;
  if (!ranks || projected.size(0) < 1 || projected.size(1) != h0.size(0) || projected.size(2) != 4 * hidden ||
      weight_hh.shape() != Shape{4 * hidden, hidden}) {
    fail(op,
         "projected is {}, weight_hh is {}, h0 is {}; hint: they are [time, n, 4 h] with time > 0, [4 h, h], [n, h]",
         projected.describe(), weight_hh.describe(), h0.describe());
  }
  check_alike(op, "c0", c0, "h0", h0);
  const Tensor& mask = options.mask;
  if (!mask.defined()) return;
  check_same_dtype(op, projected, mask);
  check_same_device(op, projected, mask);
  if (mask.shape() != Shape{projected.size(0), h0.size(0), hidden}) {
    fail(op, "mask is {}, projected is {}; hint: it is [time, n, h]", mask.describe(), projected.describe());
  }
}

LstmSequence lstm_sequence(const Tensor& projected, const Tensor& weight_hh, const Tensor& h0, const Tensor& c0,
                           const LstmSequenceOptions& options) {
  check_lstm_sequence("lstm_sequence", projected, weight_hh, h0, c0, options);
  const int64_t time = projected.size(0), n = h0.size(0), hidden = h0.size(1),
                start = SequenceStep::taken(options.from, 0, time).before;
  const TensorOptions like{.dtype = h0.dtype(), .device = h0.device()};
  const LstmSequence sequence{empty({time + 2, n, hidden}, like), empty(projected.shape(), like),
                              empty({time + 1, n, hidden}, like)};
  if (h0.numel() == 0) return sequence;
  sequence.states.select(0, start).copy_(h0);
  sequence.c.select(0, start).copy_(c0);
  h0.backend().lstm_sequence(projected.contiguous(), weight_hh.contiguous(), dense(options), sequence);
  sequence.states.select(0, time + 1)
      .copy_(sequence.c.select(0, SequenceStep::taken(options.from, time - 1, time).after));
  return sequence;
}

LstmSequenceGradient lstm_sequence_gradient(const LstmSequence& sequence, const Tensor& weight_hh, const Tensor& dy,
                                            const LstmSequenceOptions& options) {
  constexpr std::string_view op = "lstm_sequence_gradient";
  const int64_t start = SequenceStep::taken(options.from, 0, sequence.time()).before;
  const Tensor c0 = sequence.c.select(0, start);
  check_lstm_sequence(op, sequence.gates, weight_hh, sequence.states.select(0, start), c0, options);
  check_alike(op, "dy", dy, "states", sequence.states);
  const TensorOptions like{.dtype = dy.dtype(), .device = dy.device()};
  const LstmSequenceGradient gradient{empty(sequence.gates.shape(), like), empty(c0.shape(), like),
                                      empty(c0.shape(), like)};
  if (c0.numel() == 0) return gradient;
  dy.backend().lstm_sequence_gradient(sequence, weight_hh.contiguous(), dy.contiguous(), dense(options), gradient);
  return gradient;
}

}  // namespace weft
