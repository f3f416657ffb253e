// tensor/tensor.cpp: copies of tensors, and single elements
#include "tensor/tensor.h"

#include "tensor/backend.h"
#include "tensor/checks.h"
#include "tensor/create.h"

namespace weft {
namespace {

/// Both contiguous and of one size; memory that the host sees needs no detour.
void copy_bytes(const Tensor& from, const Tensor& to) {
  const int64_t bytes = from.numel() * size_of(from.dtype());
  if (bytes == 0) return;
  if (from.backend().host_memory()) return to.backend().copy_from_host(to.raw_data(), from.raw_data(), bytes);
  if (to.backend().host_memory()) return from.backend().copy_to_host(to.raw_data(), from.raw_data(), bytes);
  std::vector<std::byte> host(static_cast<size_t>(bytes));
  from.backend().copy_to_host(host.data(), from.raw_data(), bytes);
  to.backend().copy_from_host(to.raw_data(), host.data(), bytes);
}

/// A new contiguous tensor with x's values.
Tensor copied(const Tensor& x, DType dtype) {
  Tensor y = empty(x.shape(), {.dtype = dtype, .device = x.device()});
  if (x.numel() > 0) x.backend().copy(x, y);
  return y;
}

}  // namespace

Tensor::Tensor(std::shared_ptr<Storage> storage, const Shape& shape, const Strides& strides, int64_t offset,
               DType dtype)
    : storage_(std::move(storage)),
      shape_(shape),
      strides_(strides),
      offset_(offset),
      numel_(numel_of(shape)),
      dtype_(dtype) {}

int64_t Tensor::size(int64_t axis) const { return shape_[normalize_axis("size", axis, *this)]; }

bool Tensor::is_contiguous() const {
  int64_t expected = 1;
  if (numel_ == 0) return true;
  for (int64_t axis = rank() - 1; axis >= 0; --axis) {
    if (shape_[axis] == 1) continue;
    if (strides_[axis] != expected) return false;
    expected *= shape_[axis];
  }
  return true;
}

std::string Tensor::describe() const {
  if (!defined()) return "undefined";
  return fmt::format("{} {} {}", weft::to_string(shape_), name_of(dtype_), weft::to_string(device()));
}

Tensor Tensor::contiguous() const { return is_contiguous() ? *this : clone(); }

Tensor Tensor::clone() const {
  check_defined("clone", *this);
  return copied(*this, dtype_);
}

Tensor Tensor::to(Device device) const {
  check_defined("to", *this);
  if (device == this->device()) return *this;
  Tensor there = empty(shape_, {.dtype = dtype_, .device = device});
  copy_bytes(contiguous(), there);
  return there;
}

Tensor Tensor::to(DType dtype) const {
  check_defined("to", *this);
  return dtype == dtype_ ? *this : copied(*this, dtype);
}

Scalar Tensor::item_scalar() const {
  check_defined("item", *this);
  if (numel_ != 1) fail("item", "needs exactly one element: x is {}; hint: use at() or to_vector()", describe());
  return visit_stored(dtype_, [&](auto tag) -> Scalar {
    using T = typename decltype(tag)::type;
    T value{};
    backend().copy_to_host(reinterpret_cast<std::byte*>(&value), raw_data(), sizeof(value));
    if constexpr (std::is_same_v<T, bfloat16>) return static_cast<float>(value);
    else return value;
  });
}

Tensor Tensor::element(const Dims& index) const {
  check_defined("at", *this);
  if (index.size() != rank()) {
    fail("at", "{} has {} indices, but x has {} axes: x is {}", weft::to_string(index), index.size(), rank(),
         describe());
  }
  int64_t position = offset_;
  for (int64_t axis = 0; axis < rank(); ++axis) {
    if (index[axis] < 0 || index[axis] >= shape_[axis]) {
      fail("at", "index {} is out of range on axis {}: x is {}", weft::to_string(index), axis, describe());
    }
    position += index[axis] * strides_[axis];
  }
  return view({}, {}, position);
}

template <class T>
std::vector<T> Tensor::to_vector() const {
  check_defined("to_vector", *this);
  const Tensor here = backend().host_memory() ? contiguous() : contiguous().to(cpu);
  return visit_stored(dtype_, [&](auto tag) {
    const auto* values = here.data<typename decltype(tag)::type>();
    std::vector<T> result(static_cast<size_t>(numel_));
    for (int64_t i = 0; i < numel_; ++i) result[static_cast<size_t>(i)] = cast_element<T>(values[i]);
    return result;
  });
}

template std::vector<bool> Tensor::to_vector() const;
template std::vector<uint8_t> Tensor::to_vector() const;
template std::vector<int32_t> Tensor::to_vector() const;
template std::vector<int64_t> Tensor::to_vector() const;
template std::vector<bfloat16> Tensor::to_vector() const;
template std::vector<float> Tensor::to_vector() const;
template std::vector<double> Tensor::to_vector() const;

}  // namespace weft
