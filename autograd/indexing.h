// autograd/indexing.h: reading and writing at computed positions, recorded; an index or a mask is a constant
#pragma once
#include "autograd/variable.h"
#include "tensor/index_put.h"
#include "tensor/indexing.h"
#include "tensor/masked.h"

namespace weft {

Variable gather(const Variable& x, int64_t axis, const Tensor& index);
Variable take_along_dim(const Variable& x, const Tensor& index, std::optional<int64_t> axis = {});
/// What a later source overwrites gets no gradient.
Variable scatter(const Variable& x, int64_t axis, const Tensor& index, const Variable& source);
Variable scatter(const Variable& x, int64_t axis, const Tensor& index, Scalar value);
Variable scatter_add(const Variable& x, int64_t axis, const Tensor& index, const Variable& source);

Variable ungather(const Variable& source, int64_t axis, const Tensor& index, const Shape& shape);

Variable index_select(const Variable& x, int64_t axis, const Tensor& index);
Variable index_add(const Variable& x, int64_t axis, const Tensor& index, const Variable& source, Scalar alpha = 1);
/// What a later slice overwrites gets no gradient.
Variable index_copy(const Variable& x, int64_t axis, const Tensor& index, const Variable& source);
Variable index_fill(const Variable& x, int64_t axis, const Tensor& index, Scalar value);

Variable index_put(const Variable& x, std::span<const Tensor> indices, const Variable& values,
                   Accumulate accumulate = Accumulate::no);
inline Variable index_put(const Variable& x, std::initializer_list<Tensor> indices, const Variable& values,
                          Accumulate accumulate = Accumulate::no) {
  return index_put(x, std::span<const Tensor>(indices.begin(), indices.size()), values, accumulate);
}

Variable masked_select(const Variable& x, const Tensor& mask);

}  // namespace weft
