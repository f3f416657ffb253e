// tensor/checks.h: the questions every tensor function asks of its inputs, each with one wording
#pragma once
#include <optional>
#include <string>
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
/// Shape, dtype and device of x are those of another argument: "dy is [2, 3] float32 cpu, c is [2, 4] float32 cpu".
void check_alike(std::string_view op, std::string_view name, const Tensor& x, std::string_view other_name,
                 const Tensor& other);
void check_rank(std::string_view op, std::string_view name, const Tensor& x, int64_t rank);
/// Whether `dtype` holds `value`; a float given to an integer dtype is cut off, and only has to be in range.
bool fits(Scalar value, DType dtype);
/// `dtype` can hold `value`; a float given to an integer dtype is cut off, and only has to be in range.
void check_fits(std::string_view op, Scalar value, DType dtype);
/// A tensor of `shape`, whose sizes are not negative, takes at most 2^63 - 1 bytes: asked before anything is worked out
/// for it.
void check_allocatable(std::string_view op, const Shape& shape, DType dtype);
/// No element of x stands for two: it may be written in place.
void check_writable(std::string_view op, const Tensor& x);

/// A value of an index that is not allowed, and where it stands: "[1, 0]".
struct StrayIndex {
  std::string place;
  int64_t value;
};
/// The first value of `index` (int64) outside low .. high - 1. What has that size is for the caller to say.
std::optional<StrayIndex> find_stray_index(const Tensor& index, int64_t low, int64_t high);

/// Whether x is 0-dim and `axis` 0 or -1: a function that works along one axis takes x as a row of one, as PyTorch
/// does.
bool is_row_of_one(const Tensor& x, int64_t axis);

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
