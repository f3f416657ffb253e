// tests/autograd/normal.h: random inputs
#pragma once
#include "tensor/random.h"

/// Standard normal, of float64 for finite differences; `stream` decides which numbers.
inline weft::Tensor normal(const weft::Shape& shape, uint32_t stream, weft::DType dtype = weft::DType::float64) {
  weft::RandomStream random(11, stream);
  return weft::random_normal(shape, random, 0, 1, {.dtype = dtype});
}
