// autograd/lstm_sequence.h: all steps of a long short-term memory in one record
#pragma once
#include "autograd/variable.h"
#include "tensor/lstm_sequence.h"

namespace weft {

struct LstmOutputs {
  Variable h;               ///< [time, n, h]: that of every step
  Variable last_h, last_c;  ///< [n, h]: the state after the last step
};

/// See tensor/lstm_sequence.h for the formulas.  projected [time, n, 4 h] is W_ih x + b of all steps, weight_hh [4 h,
/// h], h0 and c0 [n, h]; a mask is a constant.  Throws: other shapes, no step, other dtypes than float32 or float64,
/// dtypes or devices that differ.
LstmOutputs lstm_sequence(const Variable& projected, const Variable& weight_hh, const Variable& h0, const Variable& c0,
                          const LstmSequenceOptions& options = {});

}  // namespace weft
