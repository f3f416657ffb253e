// autograd/softmax.h: softmax and the losses built on it, which record their derivatives
#pragma once
#include "autograd/variable.h"
#include "tensor/softmax.h"

namespace weft {

Variable softmax(const Variable& x, int64_t axis = -1);
Variable log_softmax(const Variable& x, int64_t axis = -1);
/// The gradient of a slice of only -inf is 0.
Variable logsumexp(const Variable& x, const Axes& axes = {}, Keep keep = Keep::no);

/// loss_n = -log_softmax(logits)[n, target_n].  logits [n, classes] float, target int64 [n] -> [n].
/// One fused record; on a tape of higher order it is composed of log_softmax and gather.
/// Throws: shapes that do not fit, target not int64, a class out of range (says which).
Variable softmax_cross_entropy(const Variable& logits, const Tensor& target);

}  // namespace weft
