// tensor/lstm_sequence.h: all steps of a long short-term memory, behind the product of their inputs, and the way back
//
//   gates_t = projected_t + W_hh h_t-1
//   c_t = s(f_t + forget_bias) c_t-1 + s(i_t) tanh(g_t) mask_t        h_t = s(o_t) tanh(c_t)
//
// s is the logistic function; sources at tensor/lstm.h, whose functions are one step of this. A sequence that goes from
// the last step to the first (the second direction of a bidirectional layer) reads t + 1 for t - 1.
#pragma once
#include "tensor/direction.h"
#include "tensor/tensor.h"

namespace weft {

struct LstmSequenceOptions {
  From from = From::first;
  double forget_bias = 0;
  Tensor mask = {};  ///< [time, n, h], of recurrent dropout; undefined for none
};

/// All that the way back needs. The state that a sequence starts from stands beside those of its steps, in the order of
/// time: in front of them, or behind them where it goes from the last step.
struct LstmSequence {
  Tensor states;  ///< [time + 2, n, h]: time + 1 times h, then the c that is left at the end
  Tensor gates;   ///< [time, n, 4 h]: i, f, g and o of every step, before their activations
  Tensor c;       ///< [time + 1, n, h]

  int64_t time() const { return gates.size(0); }
  Tensor h() const { return states.slice(0, 0, time() + 1); }  ///< [time + 1, n, h]
};

/// A step: its place in time, and the places in h and c that it reads and writes.
struct SequenceStep {
  int64_t t, before, after;
  static SequenceStep at(From from, int64_t t) {
    return from == From::first ? SequenceStep{t, t, t + 1} : SequenceStep{t, t + 1, t};
  }
  /// The i-th that is taken.
  static SequenceStep taken(From from, int64_t i, int64_t time) {
    return at(from, from == From::first ? i : time - 1 - i);
  }
};

/// What the functions below ask of their arguments, in the name of `op`.
void check_lstm_sequence(std::string_view op, const Tensor& projected, const Tensor& weight_hh, const Tensor& h0,
                         const Tensor& c0, const LstmSequenceOptions& options = {});

/// projected [time, n, 4 h], time at least 1; weight_hh [4 h, h]; h0 and c0 [n, h]. float32 or float64, one dtype and
/// device.  Throws: anything else.
LstmSequence lstm_sequence(const Tensor& projected, const Tensor& weight_hh, const Tensor& h0, const Tensor& c0,
                           const LstmSequenceOptions& options = {});

/// weight_hh's own is gates^T h of the steps before: one product for all steps, left to the caller.
struct LstmSequenceGradient {
  Tensor gates;   ///< [time, n, 4 h], that of projected too
  Tensor h0, c0;  ///< [n, h]
};
/// From what lstm_sequence gave and was given, and dy, the gradient of `states`.
LstmSequenceGradient lstm_sequence_gradient(const LstmSequence& sequence, const Tensor& weight_hh, const Tensor& dy,
                                            const LstmSequenceOptions& options = {});

}  // namespace weft
