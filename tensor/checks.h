// tensor/checks.h: the questions every tensor function asks of its inputs, each with one wording
#pragma once
#include <string_view>

#include "tensor/tensor.h"

namespace weft {

void check_defined(std::string_view op, const Tensor& x);
void check_floating(std::string_view op, const Tensor& x);
/// Not bfloat16, which nothing computes in.
void check_computes(std::string_view op, const Tensor& x);
/// An index, or a count: `name` is "the index".
void check_int64(std::string_view op, std::string_view name, const Tensor& x);
void check_same_device(std::string_view op, const Tensor& a, const Tensor& b);
void check_same_dtype(std::string_view op, const Tensor& a, const Tensor& b);
void check_rank(std::string_view op, std::string_view name, const Tensor& x, int64_t rank);
/// `dtype` can hold `value`; a float given to an integer dtype is cut off, and only has to be in range.
void check_fits(std::string_view op, Scalar value, DType dtype);
/// A tensor of `shape`, whose sizes are not negative, takes at most 2^63 - 1 bytes: asked before anything is worked out
/// for it.
void check_allocatable(std::string_view op, const Shape& shape, DType dtype);
/// No element of x stands for two: it may be written in place.
void check_writable(std::string_view op, const Tensor& x);

/// normalize_axis and normalize_axes (tensor/shape.h) for the axes of x, with x in the message. `added` counts the axes
/// that the result will have on top of x's.
int64_t normalize_axis(std::string_view op, int64_t axis, const Tensor& x, int64_t added = 0);
Axes normalize_axes(std::string_view op, const Axes& axes, const Tensor& x);

/// x.expand(shape), with `op` in the message.
Tensor broadcast_to(std::string_view op, const Tensor& x, const Shape& shape);

/// `source`, or a copy of it where it lies over `target` in another way: kernels read and write one storage only
/// through the same window.
Tensor detached_from(const Tensor& target, const Tensor& source);

}  // namespace weft
