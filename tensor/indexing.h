// tensor/indexing.h: reading and writing at computed positions
//
// An index is int64 and counts from 0; a negative one is out of range (only index_put counts those from the end).
// Indices may repeat: what is added adds up and of what is assigned the last one stays, in the row-major order of the
// index, so the result has the same bits on every run. The functions return new tensors.
// All throw: axis out of range, the index's dtype or shape, an index out of range.
#pragma once
#include <optional>

#include "tensor/tensor.h"

namespace weft {

// The index has the rank of x
// ------------------------------------------------------------------------------------------

/// y[i][j][k] = x[i][index[i][j][k]][k] for axis 1 (and alike for others).  index: same rank as x, and on other axes no
/// larger than x; y has index's shape.
Tensor gather(const Tensor& x, int64_t axis, const Tensor& index);

/// gather, where x and index broadcast off `axis`; no axis: of x flattened, and index is flattened too.
Tensor take_along_dim(const Tensor& x, const Tensor& index, std::optional<int64_t> axis = {});

/// take_along_dim as a gather along `axis` of x expanded to `source`.
struct Along {
  int64_t axis;
  Shape source;
  Tensor index;
};
/// Throws: as take_along_dim.
Along along_dim(const Tensor& x, const Tensor& index, int64_t axis);

/// A copy of x with source[i][j][k] written at [i][index[i][j][k]][k] for axis 1.  source: index's shape, x's dtype.
Tensor scatter(const Tensor& x, int64_t axis, const Tensor& index, const Tensor& source);
Tensor scatter(const Tensor& x, int64_t axis, const Tensor& index, Scalar value);

/// A copy of x with source[i][j][k] added at [i][index[i][j][k]][k] for axis 1.
Tensor scatter_add(const Tensor& x, int64_t axis, const Tensor& index, const Tensor& source);

/// scatter_add to zeros of `shape`, which are written once and not copied: the adjoint of gather.
Tensor ungather(const Tensor& source, int64_t axis, const Tensor& index, const Shape& shape);

// The index names whole slices: [n]
// ------------------------------------------------------------------------------------

/// The slices of x at `index` along `axis`, in that order.
Tensor index_select(const Tensor& x, int64_t axis, const Tensor& index);

/// A copy of x with alpha * source added at those slices: the adjoint of index_select.  source: x's shape and dtype,
/// but n along `axis`.  Throws: a floating alpha for integers.
Tensor index_add(const Tensor& x, int64_t axis, const Tensor& index, const Tensor& source, Scalar alpha = 1);

/// A copy of x with those slices replaced by source, or filled with `value`.
Tensor index_copy(const Tensor& x, int64_t axis, const Tensor& index, const Tensor& source);
Tensor index_fill(const Tensor& x, int64_t axis, const Tensor& index, Scalar value);

/// An index [n] of slices along `axis` as one of the elements of those slices, which have `shape`.
Tensor index_of_slices(const Tensor& index, int64_t axis, const Shape& shape);

/// bool, index's shape: where an assignment (scatter, index_copy) along `axis` of a tensor of `shape` stays, because no
/// later one overwrites it.
Tensor last_writers(const Shape& shape, int64_t axis, const Tensor& index);

}  // namespace weft
