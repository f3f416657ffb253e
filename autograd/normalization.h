// autograd/normalization.h: activations brought to mean 0 and variance 1, or to length 1
//
// `weight` and `bias` may be undefined: then there is no factor, no offset.
#pragma once
#include "autograd/variable.h"
#include "tensor/shape.h"

namespace weft {

/// y = (x - mean) / sqrt(var + eps), mean and biased variance over `axes` (none named: over all).  x float, y the same
/// shape.  Throws: axis out of range, integer dtype.
Variable standardize(const Variable& x, const Axes& axes, double eps = 1e-5);

/// y = weight standardize(x) + bias over the last axes, which have normalized_shape (Ba et al. 2016).
/// x [..., *normalized_shape], weight and bias [*normalized_shape] -> y as x. They may have more of x's last axes in
/// front, one shape for both: [4, h] for x [n, 4, h] gives each of four gates, normalized over h by itself, weights of
/// its own. Fused.  Throws: shapes that do not fit.
Variable layer_norm(const Variable& x, const Shape& normalized_shape, const Variable& weight = {},
                    const Variable& bias = {}, double eps = 1e-5);

/// y = weight x / sqrt(mean(x^2) + eps) over the last axes (Zhang and Sennrich 2019).  Shapes, errors: as layer_norm.
Variable rms_norm(const Variable& x, const Shape& normalized_shape, const Variable& weight = {}, double eps = 1e-5);

/// The channels in num_groups groups, each standardized with all its pixels (Wu and He 2018).
/// x [n, channels, ...], weight and bias [channels] -> y as x.  One group is layer norm over everything but n, one
/// channel a group is instance norm.  Throws: fewer than 2 axes, num_groups that do not divide the channels.
Variable group_norm(const Variable& x, int64_t num_groups, const Variable& weight = {}, const Variable& bias = {},
                    double eps = 1e-5);

/// x times weight plus bias, [channels] each, along axis 1.  x [n, channels, ...].
Variable scale_channels(const Variable& x, const Variable& weight, const Variable& bias);

}  // namespace weft
