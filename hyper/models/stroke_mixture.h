// hyper/models/stroke_mixture.h: the density of the next pen point: a mixture of Gaussians and a pen bit (Graves 2013)
#pragma once
#include "autograd/variable.h"
#include "tensor/random.h"

namespace weft::hyper {

// Graves, "Generating sequences with recurrent neural networks", equations 15 to 26. A network's output y [..., 1 + 6
// M] holds, in this order, the pen's logit e and M each of pi, mu_x, mu_y, s_x, s_y and r:
//   p(pen = 1) = logistic(e)     weights = softmax(pi)     means = mu     deviations = exp(s)     correlation = tanh(r)
// e has the sign of a logit; Graves writes 1 / (1 + exp(e)).

/// Numbers in y for a mixture of `mixtures` Gaussians.
constexpr int64_t stroke_mixture_size(int64_t mixtures) { return 1 + 6 * mixtures; }

/// -log p(dx, dy) - log p(pen) of each target, in nats: y [..., 1 + 6 M], targets [..., 3] -> [...]. Logarithms only:
/// neither far targets nor correlations near 1 leave the range of numbers. r counts as within -20..20, where the
/// correlation is 1 already, and s as at least -40.
/// Throws: shapes that do not fit, dtypes that differ, a pen that is neither 0 nor 1.
Variable stroke_nll(const Variable& y, const Tensor& targets);

/// One point drawn from y [1 + 6 M] -> float64 [3], on the cpu. A bias b above 0 makes the hand steadier (equations 61
/// and 62): deviations become exp(s - b), weights softmax(pi (1 + b)); the pen is as it was.  Throws: another shape, a
/// bias below 0.
Tensor sample_stroke(const Tensor& y, double bias, RandomStream& stream);

}  // namespace weft::hyper
