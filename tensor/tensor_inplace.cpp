// tensor/tensor_inplace.cpp: filling and overwriting
#include "tensor/backend.h"
#include "tensor/checks.h"

namespace weft {

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

}  // namespace weft
