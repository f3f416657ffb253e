// autograd/scaled_gates.h: what the gates of a cell sum up when a smaller cell scales its products
#pragma once
#include "autograd/variable.h"

namespace weft {

/// d_r = W_r z_r for the roles r of h, x and b, and every gate (Ha, Dai and Le 2016, equations 8 and 12):
/// z [n, 3, gates, e], scale_weight [3, gates, hidden, e] -> [n, 3, gates, hidden].
/// Throws: other shapes, other dtypes than float32 or float64, dtypes or devices that differ.
Variable scales(const Variable& z, const Variable& scale_weight);

/// y = d_h by_h + d_x by_x + d_b + bias, element by element, with d = scales(z, scale_weight), which is kept nowhere:
/// by_h and by_x [n, gates hidden], gates side by side; bias [gates hidden], or undefined for none
/// -> [n, gates hidden]. See tensor/scaled_gates.h.  Throws: as scales.
Variable scaled_gates(const Variable& by_h, const Variable& by_x, const Variable& z, const Variable& scale_weight,
                      const Variable& bias = {});

}  // namespace weft
