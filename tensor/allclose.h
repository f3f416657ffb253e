// tensor/allclose.h: whether two tensors agree, and where they differ most
#pragma once
#include <string>

#include "tensor/tensor.h"

namespace weft {

struct Closeness {
  double rtol = 1e-5;
  double atol = 1e-8;
  bool equal_nan = false;  ///< NaN agrees with NaN
};

struct Comparison {
  bool ok = true;
  /// Empty when ok; else one line: the shapes or dtypes that differ, or how many elements do and the worst of them, its
  /// index, both values, and by how much they differ.
  std::string report;
};

/// |actual - expected| <= atol + rtol |expected| for every element; infinities agree with themselves only.
/// Shapes and dtypes have to be the same; devices need not.  Throws: one is undefined.
Comparison compare(const Tensor& actual, const Tensor& expected, const Closeness& closeness = {});

/// |actual - expected| <= allowed, a tensor of the same shape. NaN agrees with NaN, infinities with themselves.
Comparison compare_within(const Tensor& actual, const Tensor& expected, const Tensor& allowed);

/// compare(a, b).ok, where the dtypes may differ; b is the expected side.  Throws: shapes that differ.
bool allclose(const Tensor& a, const Tensor& b, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false);

}  // namespace weft
