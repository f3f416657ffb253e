// tensor/split.h: taking a tensor apart along one axis; every part is a view
#pragma once
#include <vector>

#include "tensor/tensor.h"

namespace weft {

// All throw: axis out of range.

/// Elements start .. start + length - 1 along `axis`. A negative start counts from the end.
/// Throws: the window reaches outside the axis.
Tensor narrow(const Tensor& x, int64_t axis, int64_t start, int64_t length);

/// Parts of `size` elements along `axis`, the last one smaller where size does not divide; an empty axis is one part.
/// Throws: size < 0, or 0 for an axis that is not empty.
std::vector<Tensor> split(const Tensor& x, int64_t size, int64_t axis = 0);
/// One part a size.  Throws: a negative size, or sizes that do not add up to the axis.
std::vector<Tensor> split(const Tensor& x, const std::vector<int64_t>& sizes, int64_t axis = 0);
/// split with the size that gives at most `chunks` parts, ceil(axis size / chunks): 6 in 4 chunks are 2, 2, 2. An empty
/// axis gives `chunks` empty parts.  Throws: chunks < 1.
std::vector<Tensor> chunk(const Tensor& x, int64_t chunks, int64_t axis = 0);

/// select(axis, 0), select(axis, 1), ...: the axis vanishes.
std::vector<Tensor> unbind(const Tensor& x, int64_t axis = 0);

}  // namespace weft
