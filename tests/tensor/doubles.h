// tests/tensor/doubles.h: tensors of float64
#pragma once
#include "tensor/tensor.h"

constexpr weft::TensorOptions kDouble{.dtype = weft::DType::float64};
