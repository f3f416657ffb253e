// nn/loss.h: losses
#pragma once
#include "autograd/softmax.h"
#include "autograd/variable.h"

namespace weft::nn {

enum class Reduction : uint8_t { none, mean, sum };

/// -log softmax(logits)[target], averaged.  logits [n, classes], target int64 [n] -> scalar ([n] for Reduction::none).
Variable cross_entropy(const Variable& logits, const Tensor& target, Reduction reduction = Reduction::mean);

/// (prediction - target)^2, averaged.  Throws: shapes that differ.
Variable mse_loss(const Variable& prediction, const Variable& target, Reduction reduction = Reduction::mean);

/// Share of rows whose largest logit is at target, in 0..1.  logits [n, classes], target int64 [n].
double accuracy(const Tensor& logits, const Tensor& target);

}  // namespace weft::nn
