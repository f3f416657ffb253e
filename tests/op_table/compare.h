// tests/op_table/compare.h: how far a result is from the expected one
#pragma once
#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace weft::op_table {

/// Empty when `actual` equals `expected`: same shape and dtype; integers and bools equal; NaN and infinities at the
/// same places; elsewhere |actual - expected| <= tolerance * max(|expected|, mean of |expected|), or, when `magnitude`
/// is given, <= tolerance * magnitude, element by element. Else one line that names the worst element.
std::string difference(const Tensor& actual, const Tensor& expected, double tolerance, const Tensor& magnitude = {});

/// The first `difference` between lists of tensors of one length, with the number of the pair.
std::string difference_of_all(const std::vector<Tensor>& actual, const std::vector<Tensor>& expected, double tolerance);

/// Empty when zeros at the same place have the same sign, else one line that names the first pair that has not.
/// `difference` takes +0 for -0. The shapes and dtypes are the same.
std::string difference_of_zeros(const Tensor& actual, const Tensor& expected);

}  // namespace weft::op_table
