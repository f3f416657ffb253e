// autograd/lstm_sequence.cpp: all steps of a long short-term memory, and their derivative
//
//   (h, c)_t = step((h, c)_t-1, projected_t)     saves the gates and the states of all steps, W_hh, the mask; fused
//     backwards in time: dgates_t from dh_t and dc_t as in autograd/lstm.cpp,    dh_t-1 += dgates_t W_hh
//     dprojected = dgates      dW_hh = sum_t dgates_t^T h_t-1, one product for all steps
#include "autograd/lstm_sequence.h"

#include <vector>

#include "autograd/elementwise.h"
#include "autograd/lstm.h"
#include "autograd/matmul.h"
#include "autograd/node.h"
#include "autograd/view.h"

namespace weft {
namespace {

/// Step by step: every derivative can be differentiated again.
LstmOutputs composed(const Variable& projected, const Variable& weight_hh, const Variable& h0, const Variable& c0,
                     const LstmSequenceOptions& options) {
  const int64_t time = projected.size(0);
  std::vector<Variable> outputs(static_cast<size_t>(time));
  Variable h = h0, c = c0;
  for (int64_t i = 0; i < time; ++i) {
    const int64_t t = SequenceStep::taken(options.from, i, time).t;
    const Variable gates = select(projected, 0, t) + linear(h, weight_hh);
    c = lstm_cell_state(gates, c, options.forget_bias, options.mask.defined() ? options.mask.select(0, t) : Tensor());
    h = outputs[static_cast<size_t>(t)] = lstm_hidden_state(gates, c);
  }
  return {stack(outputs, 0), h, c};
}

}  // namespace

LstmOutputs lstm_sequence(const Variable& projected, const Variable& weight_hh, const Variable& h0, const Variable& c0,
                          const LstmSequenceOptions& options) {
  if (composing()) {
    check_lstm_sequence("lstm_sequence", projected.value(), weight_hh.value(), h0.value(), c0.value(), options);
    return composed(projected, weight_hh, h0, c0, options);
  }
  const LstmSequence sequence = lstm_sequence(projected.value(), weight_hh.value(), h0.value(), c0.value(), options);
  const bool masked = options.mask.defined();
  std::vector<Tensor> extras{sequence.gates, sequence.c};
  if (masked) extras.push_back(options.mask);
  const Saves saves = (Saves::input(1) | Saves::output()).with(extras).fused();
  const LstmSequenceOptions unmasked{options.from, options.forget_bias, {}};
  const Variable states = record("lstm_sequence", {projected, weight_hh, h0, c0}, sequence.states, saves,
                                 [unmasked, masked](Node& n, const Variable& dy) {
                                   LstmSequenceOptions options = unmasked;
                                   if (masked) options.mask = n.extra(2);
                                   const LstmSequence sequence{n.output().value(), n.extra(0), n.extra(1)};
                                   const LstmSequenceGradient gradient =
                                       lstm_sequence_gradient(sequence, n.input(1).value(), dy.value(), options);
                                   n.add_grad(0, gradient.gates);
                                   n.add_grad(2, gradient.h0);
                                   n.add_grad(3, gradient.c0);
                                   if (!n.wants(1)) return;
                                   const int64_t first = SequenceStep::at(options.from, 0).before;
                                   const Tensor before = sequence.states.slice(0, first, first + sequence.time());
                                   n.add_grad_product(1, gradient.gates.flatten(0, 1), before.flatten(0, 1));
                                 });
  const int64_t time = sequence.time(), first = SequenceStep::at(options.from, 0).after;
  return {slice(states, 0, first, first + time),
          select(states, 0, SequenceStep::taken(options.from, time - 1, time).after), select(states, 0, time + 1)};
}

}  // namespace weft
