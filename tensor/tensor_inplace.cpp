// tensor/tensor_inplace.cpp: changing elements where they are
#include "tensor/backend.h"
#include "tensor/checks.h"
#include "tensor/create.h"

namespace weft {
namespace {

bool is_same_window(const Tensor& a, const Tensor& b) {
  return a.shape() == b.shape() && a.strides() == b.strides() && a.offset() == b.offset();
}

/// Kernels read and write one storage only through the same window.
Tensor detached_from(const Tensor& target, const Tensor& source) {
  return source.shares_storage_with(target) && !is_same_window(source, target) ? source.clone() : source;
}

}  // namespace

const Tensor& Tensor::fill_(Scalar value) const {
  check_writable("fill_", *this);
  check_fits("fill_", value, dtype_);
  if (numel_ == 0) return *this;
  backend().fill(*this, value);
  bump_version();
  return *this;
}

const Tensor& Tensor::copy_(const Tensor& source) const {
  check_writable("copy_", *this);
  check_defined("copy_", source);
  const Tensor expanded = broadcast_to("copy_", detached_from(*this, source.to(device())), shape_);
  if (numel_ == 0) return *this;
  backend().copy(expanded, *this);
  bump_version();
  return *this;
}

const Tensor& Tensor::add_(const Tensor& other, double alpha) const {
  check_floating("add_", *this);
  check_writable("add_", *this);
  check_same_device("add_", *this, other);
  check_same_dtype("add_", *this, other);
  const Tensor expanded = broadcast_to("add_", detached_from(*this, other), shape_);
  if (numel_ == 0) return *this;
  backend().axpy(alpha, expanded, *this);
  bump_version();
  return *this;
}

const Tensor& Tensor::mul_(Scalar factor) const {
  check_writable("mul_", *this);
  if (dtype_ == DType::boolean) fail("mul_", "needs numbers: x is {}; hint: use logical_and", describe());
  if (is_integer(dtype_) && is_floating(factor.kind())) {
    fail("mul_", "{} cannot hold the product with {}; hint: use mul, which makes a new tensor", describe(),
         factor.as<double>());
  }
  check_fits("mul_", factor, dtype_);
  if (numel_ == 0) return *this;
  backend().binary(BinaryOp::mul, *this, scalar(factor, {.dtype = dtype_, .device = device()}).expand(shape_), *this);
  bump_version();
  return *this;
}

}  // namespace weft
