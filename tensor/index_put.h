// tensor/index_put.h: writing at places that several index tensors name together
#pragma once
#include <span>

#include "tensor/tensor.h"

namespace weft {

/// Whether what is written replaces what stands there, or is added to it.
enum class Accumulate : bool { no, yes };

/// A copy of x with `values` written at x[indices[0], indices[1], ...], as PyTorch's x[...] = values does. Index i
/// names a place on axis i; int64, all indices broadcast to one shape, negative ones count from the end. A bool index
/// stands for its nonzero places: one axis of x for each of its axes. `values` broadcasts to [shape of the indices,
/// remaining axes of x]. Repeated places: Accumulate::yes adds all, Accumulate::no keeps the last in row-major order.
/// Throws: more indices than axes, an index out of range, shapes, dtypes or devices that do not fit.
Tensor index_put(const Tensor& x, std::span<const Tensor> indices, const Tensor& values,
                 Accumulate accumulate = Accumulate::no);
inline Tensor index_put(const Tensor& x, std::initializer_list<Tensor> indices, const Tensor& values,
                        Accumulate accumulate = Accumulate::no) {
  return index_put(x, std::span<const Tensor>(indices.begin(), indices.size()), values, accumulate);
}

/// What index_put comes down to: whole slices of x, its indexed axes made one.
struct IndexedSlices {
  Shape flat;       ///< of x: [product of the indexed axes, remaining axes]
  Tensor position;  ///< int64 [n], along axis 0 of flat
  Shape values;     ///< the shape that values broadcasts to
  Shape rows;       ///< and then is seen as: [n, remaining axes]
};
/// Throws: as index_put.
IndexedSlices indexed_slices(const Tensor& x, std::span<const Tensor> indices, const Tensor& values);

}  // namespace weft
