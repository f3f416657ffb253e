// nn/per_sample.h: layers' functions with a weight of its own for every sample, as a generator makes them from [n, N_z]
//
// Linear, Conv1d, Conv2d and the norms call these by themselves when functional_call gives them such weights.
#pragma once
#include "autograd/variable.h"
#include "tensor/conv.h"

namespace weft::nn {

/// y[i] = x[i] weight[i]^T + bias[i], as one batched product.
/// x [n, ..., in], weight [n, out, in], bias [n, out] or undefined -> [n, ..., out]. Weight or bias may also be one for
/// all: [out, in], [out].  Throws: shapes, dtypes or devices that do not fit.
Variable linear_per_sample(const Variable& x, const Variable& weight, const Variable& bias = {});

/// y[i] = conv2d(x[i], weight[i], bias[i]), as one convolution with n groups (of groups): the samples lie side by side
/// as channels.  x [n, c, h, w], weight [n, o, c / groups, kh, kw], bias [n, o] or undefined -> [n, o, oh, ow]. Weight
/// or bias may also be one for all: [o, c / groups, kh, kw], [o].  Throws: as conv2d, and n that differ.
Variable conv2d_per_sample(const Variable& x, const Variable& weight, const Variable& bias = {},
                           const Window2d& window = {}, int64_t groups = 1);
/// The same along one axis: x [n, c, l], weight [n, o, c / groups, k] -> [n, o, ol].
Variable conv1d_per_sample(const Variable& x, const Variable& weight, const Variable& bias = {},
                           const Window1d& window = {}, int64_t groups = 1);

/// y[i] = x[i] weight[i] + bias[i], element by element: what follows a norm (FiLM, Perez et al. 2018).
/// x [n, ..., *own, ...] with the `own_rank` axes of a weight for all from axis `axis` on; weight and bias [n, *own] or
/// [*own], or undefined.  Throws: shapes, dtypes or devices that do not fit.
Variable affine_per_sample(const Variable& x, const Variable& weight, const Variable& bias, int64_t axis,
                           int64_t own_rank = 1);

/// Whether there is one weight a sample: an axis more than a weight for all has.
inline bool is_per_sample(const Variable& weight, int64_t own_rank) {
  return weight.defined() && weight.rank() > own_rank;
}

}  // namespace weft::nn
