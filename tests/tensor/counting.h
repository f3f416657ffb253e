// tests/tensor/counting.h: tensors whose elements tell where they stood
#pragma once
#include "tensor/create.h"

/// 0 .. numel - 1 in `shape`.
inline weft::Tensor counting(const weft::Shape& shape) { return weft::arange(0, weft::numel_of(shape)).reshape(shape); }
inline std::vector<int64_t> values(const weft::Tensor& x) { return x.to_vector<int64_t>(); }
