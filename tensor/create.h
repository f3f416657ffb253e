// tensor/create.h: making tensors
#pragma once
#include <span>

#include "tensor/tensor.h"

namespace weft {

/// Contents are not initialised.  Throws: negative size, more bytes than 2^63 - 1, OutOfMemory.
Tensor empty(const Shape& shape, TensorOptions options = {});
Tensor empty_like(const Tensor& x);  ///< contiguous, same shape, dtype and device
Tensor full(const Shape& shape, Scalar value, TensorOptions options = {});
Tensor zeros(const Shape& shape, TensorOptions options = {});
Tensor ones(const Shape& shape, TensorOptions options = {});
Tensor zeros_like(const Tensor& x);
Tensor ones_like(const Tensor& x);
Tensor full_like(const Tensor& x, Scalar value);
/// A 0-dim tensor.
Tensor scalar(Scalar value, TensorOptions options = {});
/// start, start + step, ... before end.  Throws: step 0 or of the wrong sign.
Tensor arange(Scalar start, Scalar end, Scalar step = 1, TensorOptions options = {.dtype = DType::int64});
/// `steps` values in even distances from `start` to `end`, both included; both halves count from their own end, so
/// that the last value is `end` itself.  Throws: negative steps, not a floating dtype.
Tensor linspace(double start, double end, int64_t steps, TensorOptions options = {});
Tensor eye(int64_t n, TensorOptions options = {});

/// Copies host memory, row-major.  Throws: values.size() is not the shape's number of elements.
template <class T>
Tensor from_data(std::span<const T> values, const Shape& shape, std::optional<Device> device = {});
template <class T>
Tensor from_data(const std::vector<T>& values, const Shape& shape, std::optional<Device> device = {}) {
  return from_data(std::span<const T>(values), shape, device);
}
/// tensor<float>({1, 2, 3}), or with a shape: tensor<float>({1, 2, 3, 4}, {2, 2}).
template <class T>
Tensor tensor(std::initializer_list<T> values, std::optional<Shape> shape = {}, std::optional<Device> device = {}) {
  const Shape flat{static_cast<int64_t>(values.size())};
  if constexpr (std::is_same_v<T, bool>) {
    std::vector<uint8_t> bytes(values.begin(), values.end());
    return from_data(bytes, shape.value_or(flat), device).to(DType::boolean);
  } else {
    return from_data(std::span<const T>(values.begin(), values.size()), shape.value_or(flat), device);
  }
}

}  // namespace weft
