// tensor/sort.h: order, and what follows from it
#pragma once
#include "tensor/direction.h"
#include "tensor/tensor.h"

namespace weft {

struct Sorted {
  Tensor values;
  Tensor indices;  ///< int64: where in x each value stood, along the axis
};

/// Along `axis`, equal elements in the order they had (a stable sort); NaN counts as the largest. x of any dtype but
/// bfloat16.  All throw: axis out of range.
Sorted sort(const Tensor& x, int64_t axis = -1, SortOrder order = SortOrder::ascending);
Tensor argsort(const Tensor& x, int64_t axis = -1, SortOrder order = SortOrder::ascending);  ///< sort(...).indices
/// The first `count` of that order: the largest, or ascending the smallest.  Throws: count is not in 0 .. size.
Sorted topk(const Tensor& x, int64_t count, int64_t axis = -1, SortOrder order = SortOrder::descending);

struct Unique {
  Tensor values;   ///< [k], rising
  Tensor inverse;  ///< int64, x's shape: where in `values` each element of x is found
  Tensor counts;   ///< int64 [k]: how often each value occurs
};
/// The different elements of x; every NaN is one of its own.
Unique unique(const Tensor& x);

/// Which of equal elements a new one is put before.
enum class Side { left, right };
/// Where along the last axis of `sorted` [..., n], which rises, each of `values` [..., m] would be put, so that it goes
/// on rising: before equal elements (left), or after (right); NaN as in sort.  int64, as many leading axes, or `sorted`
/// [n] for all values -> the shape of `values`.  Throws: shapes, dtypes or devices that do not fit.
Tensor searchsorted(const Tensor& sorted, const Tensor& values, Side side = Side::left);

/// How often each of 0, 1, ... occurs in x (int64 [n]): int64 [max(largest + 1, at_least)].
/// Throws: x is negative somewhere, or of another dtype or rank.
Tensor bincount(const Tensor& x, int64_t at_least = 0);
/// The same with weights[i] (x's shape, any number) counted for x[i]; the result has the dtype of `weights`.
Tensor bincount(const Tensor& x, const Tensor& weights, int64_t at_least = 0);

/// How many elements of x, any shape, float, fall into each of `bins` intervals of one width between low and high:
/// [bins], x's dtype. `high` belongs to the last; what lies outside, and NaN, is not counted. low = high: between the
/// extremes of x.  Throws: bins < 1, low > high, a bound that is not finite.
Tensor histc(const Tensor& x, int64_t bins, double low = 0, double high = 0);

}  // namespace weft
