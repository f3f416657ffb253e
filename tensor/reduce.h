// tensor/reduce.h: many elements to one
#pragma once
#include "tensor/tensor.h"

namespace weft {

enum class Keep : bool { no, dim };

/// Over `axes` (none named: over all). Reduced axes vanish, or stay with size 1 under Keep::dim.
/// All throw: axis out of range, an axis named twice, bfloat16.
Tensor sum(const Tensor& x, const Axes& axes = {}, Keep keep = Keep::no);   ///< bool and integers give int64; empty: 0
Tensor mean(const Tensor& x, const Axes& axes = {}, Keep keep = Keep::no);  ///< Throws: not a float
Tensor prod(const Tensor& x, const Axes& axes = {}, Keep keep = Keep::no);  ///< bool and integers give int64; empty: 1
Tensor max(const Tensor& x, const Axes& axes = {}, Keep keep = Keep::no);   ///< NaN wins.  Throws: nothing to reduce
Tensor min(const Tensor& x, const Axes& axes = {}, Keep keep = Keep::no);   ///< NaN wins.  Throws: nothing to reduce

/// Of any dtype; what is not 0 is true, NaN too.
Tensor any(const Tensor& x, const Axes& axes = {}, Keep keep = Keep::no);            ///< bool; empty: false
Tensor all(const Tensor& x, const Axes& axes = {}, Keep keep = Keep::no);            ///< bool; empty: true
Tensor count_nonzero(const Tensor& x, const Axes& axes = {}, Keep keep = Keep::no);  ///< int64

/// Index of the largest (smallest) element along `axis`, int64; the first of equals, the first NaN.
Tensor argmax(const Tensor& x, int64_t axis, Keep keep = Keep::no);
Tensor argmin(const Tensor& x, int64_t axis, Keep keep = Keep::no);
/// Its position among all elements in row-major order, 0-dim.  Throws: x is empty.
Tensor argmax(const Tensor& x);
Tensor argmin(const Tensor& x);

/// Sums away what broadcasting added, so that the result has `shape`: the derivative of broadcasting.
/// Throws: x is not a broadcast of `shape`.
Tensor sum_to_size(const Tensor& x, const Shape& shape);

}  // namespace weft
