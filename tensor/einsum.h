// tensor/einsum.h: sums of products, written with one letter an axis
#pragma once
#include <span>
#include <string_view>

#include "tensor/tensor.h"

namespace weft {

/// einsum("bij,bjk->bik", {a, b}): y[b, i, k] = sum_j a[b, i, j] b[b, j, k]; any number of floats of one dtype.
/// A letter that is not in the output is summed over; one that repeats within a term is a diagonal; '...' stands for
/// the axes that no letter names, which broadcast, as does size 1 under a letter. Without "->" the output is the
/// ellipsis, then the letters that stand once, A-Z before a-z. Axes of an ellipsis that the output leaves out are
/// summed. Spaces mean nothing. Products run from left to right.  May return a view. Throws: what is wrong with the
/// equation; ranks, sizes, dtypes or devices that do not fit.
Tensor einsum(std::string_view equation, std::span<const Tensor> operands);
inline Tensor einsum(std::string_view equation, std::initializer_list<Tensor> operands) {
  return einsum(equation, std::span<const Tensor>(operands.begin(), operands.size()));
}

/// The sum over axis axes_a[i] of a and axes_b[i] of b, for all i at once; y has the other axes of a, then those of b.
/// Throws: sizes that differ, an axis out of range or named twice, dtypes that differ or are not float.
Tensor tensordot(const Tensor& a, const Tensor& b, const Axes& axes_a, const Axes& axes_b);
/// Over the last `axes` axes of a and the first of b.
Tensor tensordot(const Tensor& a, const Tensor& b, int64_t axes = 2);

/// The axes of tensordot by their number.  Throws: more than a or b has, or fewer than 0.
struct TensordotAxes {
  Axes a, b;
};
TensordotAxes tensordot_axes(const Tensor& a, const Tensor& b, int64_t axes);

}  // namespace weft
