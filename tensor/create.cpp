// tensor/create.cpp: making tensors
#include "tensor/create.h"

#include <cmath>

#include "tensor/backend.h"
#include "tensor/checks.h"
#include "tensor/scalar_maths.h"

namespace weft {
namespace {

int64_t count_steps(Scalar start, Scalar end, Scalar step, bool floating) {
  if (floating) {
    const double steps = std::ceil((end.as<double>() - start.as<double>()) / step.as<double>());
    if (!(steps < 0x1p62)) fail("arange", "{} steps are too many", steps);
    return static_cast<int64_t>(steps);
  }
  const int64_t first = start.as<int64_t>(), last = end.as<int64_t>(), by = step.as<int64_t>();
  if (first == last) return 0;
  // Unsigned: the way from -2^63 to 2^63 - 1 is longer than an int64 can say.
  const uint64_t way = by > 0 ? uint64_t(last) - uint64_t(first) : uint64_t(first) - uint64_t(last);
  const uint64_t stride = by > 0 ? uint64_t(by) : uint64_t(0) - uint64_t(by);
  if (way / stride >= uint64_t{1} << 60) fail("arange", "{} steps are too many", way / stride);
  return static_cast<int64_t>((way - 1) / stride + 1);
}

template <class T>
Tensor arange_of(T start, T step, int64_t count, const TensorOptions& options) {
  empty({count}, options);  // says it in words when there is no room
  std::vector<T> values(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) {  // i * step may wrap on its way from -2^63 to a value that fits
    const T way = Binary<BinaryOp::mul>::apply(static_cast<T>(i), step);
    values[static_cast<size_t>(i)] = Binary<BinaryOp::add>::apply(start, way);
  }
  if (count > 0) {
    check_fits("arange", values.front(), options.dtype);
    check_fits("arange", values.back(), options.dtype);
  }
  return from_data(values, {count}, options.device).to(options.dtype);
}

}  // namespace

Tensor empty(const Shape& shape, TensorOptions options) {
  int64_t bytes = 0;
  if (__builtin_mul_overflow(numel_of(shape), size_of(options.dtype), &bytes)) {
    fail("empty", "{} {} takes more than 2^63 - 1 bytes", to_string(shape), name_of(options.dtype));
  }
  auto storage = std::make_shared<Storage>(options.device.value_or(default_device()), bytes);
  return Tensor(std::move(storage), shape, contiguous_strides(shape), 0, options.dtype);
}

Tensor empty_like(const Tensor& x) {
  check_defined("empty_like", x);
  return empty(x.shape(), {.dtype = x.dtype(), .device = x.device()});
}

Tensor full(const Shape& shape, Scalar value, TensorOptions options) {
  check_fits("full", value, options.dtype);
  Tensor y = empty(shape, options);
  if (y.numel() > 0) y.backend().fill(y, value);
  return y;
}

Tensor zeros(const Shape& shape, TensorOptions options) { return full(shape, 0, options); }
Tensor ones(const Shape& shape, TensorOptions options) { return full(shape, 1, options); }
Tensor zeros_like(const Tensor& x) { return full_like(x, 0); }
Tensor ones_like(const Tensor& x) { return full_like(x, 1); }

Tensor full_like(const Tensor& x, Scalar value) {
  check_defined("full_like", x);
  return full(x.shape(), value, {.dtype = x.dtype(), .device = x.device()});
}

Tensor scalar(Scalar value, TensorOptions options) { return full({}, value, options); }

Tensor arange(Scalar start, Scalar end, Scalar step, TensorOptions options) {
  const bool floating = is_floating(start.kind()) || is_floating(end.kind()) || is_floating(step.kind());
  if (options.dtype == DType::boolean || (floating && !is_floating(options.dtype))) {
    fail("arange", "{} cannot hold the steps from {} to {}; hint: pass {{.dtype = DType::float32}}",
         name_of(options.dtype), start.as<double>(), end.as<double>());
  }
  const double from = start.as<double>(), to = end.as<double>(), by = step.as<double>();
  if (!(by != 0 && std::isfinite(from) && std::isfinite(to) && std::isfinite(by) && (to - from) * by >= 0)) {
    fail("arange", "a step of {} does not lead from {} to {}", by, from, to);
  }
  const int64_t count = count_steps(start, end, step, floating);
  if (floating) return arange_of<double>(from, by, count, options);
  return arange_of<int64_t>(start.as<int64_t>(), step.as<int64_t>(), count, options);
}

Tensor linspace(double start, double end, int64_t steps, TensorOptions options) {
  if (steps < 0) fail("linspace", "{} steps from {} to {}: there must be 0 or more", steps, start, end);
  if (!is_floating(options.dtype)) {
    fail("linspace", "{} cannot hold the steps from {} to {}; hint: pass {{.dtype = DType::float32}}",
         name_of(options.dtype), start, end);
  }
  const double step = steps > 1 ? (end - start) / static_cast<double>(steps - 1) : 0;
  const Tensor values = empty({steps}, {.dtype = DType::float64, .device = cpu});
  double* value = values.data<double>();
  for (int64_t i = 0; i < steps; ++i) {
    const int64_t left = steps - 1 - i;
    value[i] =
        i < steps / 2 || steps == 1 ? start + step * static_cast<double>(i) : end - step * static_cast<double>(left);
  }
  return values.to(options.device.value_or(default_device())).to(options.dtype);
}

Tensor eye(int64_t n, TensorOptions options) {
  Tensor y = zeros({n, n}, options);
  if (n > 0) y.backend().fill(y.as_strided({n}, {n + 1}, 0), 1);
  return y;
}

template <class T>
Tensor from_data(std::span<const T> values, const Shape& shape, std::optional<Device> device) {
  if (const int64_t numel = numel_of(shape); numel != std::ssize(values)) {
    fail("from_data", "{} values for shape {}, which has {} elements", values.size(), to_string(shape), numel);
  }
  Tensor y = empty(shape, {.dtype = dtype_of<T>, .device = device});
  const auto bytes = std::as_bytes(values);
  if (!bytes.empty()) y.backend().copy_from_host(y.raw_data(), bytes.data(), std::ssize(bytes));
  return y;
}

template Tensor from_data(std::span<const uint8_t>, const Shape&, std::optional<Device>);
template Tensor from_data(std::span<const int32_t>, const Shape&, std::optional<Device>);
template Tensor from_data(std::span<const int64_t>, const Shape&, std::optional<Device>);
template Tensor from_data(std::span<const bfloat16>, const Shape&, std::optional<Device>);
template Tensor from_data(std::span<const float>, const Shape&, std::optional<Device>);
template Tensor from_data(std::span<const double>, const Shape&, std::optional<Device>);

}  // namespace weft
