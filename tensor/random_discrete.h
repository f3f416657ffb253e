// tensor/random_discrete.h: random choices; every value takes one position of the stream
#pragma once
#include "tensor/random.h"

namespace weft {

/// 1 with probability p, else 0, in any dtype.  Throws: p is not in [0, 1].
Tensor random_bernoulli(const Shape& shape, RandomStream& stream, double p = 0.5, TensorOptions options = {});
/// Each with a probability of its own; shape and dtype of `probabilities` (float).  Throws: one is not in [0, 1].
Tensor random_bernoulli(const Tensor& probabilities, RandomStream& stream);

/// low, low + 1, ..., high - 1, each with probability 1 / (high - low) to within 2^-53.
/// Throws: low >= high, more than 2^53 values, `options` cannot hold them.
Tensor random_integers(const Shape& shape, RandomStream& stream, int64_t low, int64_t high,
                       TensorOptions options = {.dtype = DType::int64});

enum class Replacement : bool { no, yes };
/// `count` categories for each row of weights [n] or [m, n] (float; 0 or more, they need not sum to 1) -> int64 [count]
/// or [m, count]. Without replacement no category comes twice, and each next one is drawn from those left.
/// Throws: a weight that is negative or not finite, a row of zeros; without replacement fewer weights above 0 than
/// `count`.
Tensor random_multinomial(const Tensor& weights, int64_t count, RandomStream& stream,
                          Replacement replacement = Replacement::no);
/// One category for every row of logits [..., n] (float), with probabilities softmax(logits) -> int64 [...].
/// Throws: n is 0, NaN or inf among the logits, a row of only -inf.
Tensor random_categorical(const Tensor& logits, RandomStream& stream);

}  // namespace weft
