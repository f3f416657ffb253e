// tensor/tensor.h: the tensor, a strided window on shared storage
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "tensor/cast.h"
#include "tensor/device.h"
#include "tensor/dtype.h"
#include "tensor/error.h"
#include "tensor/shape.h"
#include "tensor/storage.h"

namespace weft {

/// A C++ number as an operand. It keeps its kind (bool, integer or float) and never widens a tensor within a kind.
/// Integers are held as int64.  Throws: an unsigned value above 2^63 - 1.
class Scalar {
 public:
  template <class T, class = std::enable_if_t<std::is_arithmetic_v<T>>>
  Scalar(T value)
      : kind_(std::is_same_v<T, bool> ? DType::boolean
              : std::is_integral_v<T> ? DType::int64
                                      : DType::float64),
        integer_(static_cast<int64_t>(std::is_floating_point_v<T> ? T(0) : value)),
        floating_(static_cast<double>(value)) {
    if constexpr (std::is_unsigned_v<T> && sizeof(T) >= sizeof(int64_t)) {
      if (value > T(INT64_MAX)) fail("Scalar", "{} does not fit int64; hint: pass it as a double", value);
    }
  }

  /// boolean, int64 or float64.
  DType kind() const { return kind_; }

  /// As Tensor::to casts: a float is cut off and held at T's limits, NaN becomes 0; to bool: x != 0.
  template <class T>
  T as() const {
    return kind_ == DType::float64 ? cast_element<T>(floating_) : cast_element<T>(integer_);
  }

 private:
  DType kind_;
  int64_t integer_;
  double floating_;
};

/// Where, and with which element type, a new tensor is made.
struct TensorOptions {
  DType dtype = DType::float32;
  std::optional<Device> device = {};  ///< default_device() when not set
};

/// A value: shape, strides, offset, dtype and device over shared Storage. Copying is cheap and shares the elements;
/// `clone` copies them. Row-major; strides count elements and may be 0 (an expanded axis). No gradients here: see
/// autograd/variable.h. A default-constructed Tensor is undefined: only defined() may be asked of it.
class Tensor {
 public:
  Tensor() = default;

  bool defined() const { return storage_ != nullptr; }
  const Shape& shape() const { return shape_; }
  const Strides& strides() const { return strides_; }
  int64_t rank() const { return shape_.size(); }
  int64_t size(int64_t axis) const;  ///< Negative axes count from the end.  Throws: out of range.
  int64_t numel() const { return numel_; }
  DType dtype() const { return dtype_; }
  Device device() const { return storage_->device(); }
  Backend& backend() const { return storage_->backend(); }
  const Storage& storage() const { return *storage_; }
  int64_t offset() const { return offset_; }
  bool is_contiguous() const;
  bool shares_storage_with(const Tensor& other) const { return storage_ == other.storage_; }
  /// True when nothing else can see these elements: changing them in place surprises nobody.
  bool is_sole_owner() const { return storage_.use_count() == 1; }

  /// "[32, 784] float32 cpu", as it stands in every error message.
  std::string describe() const;

  // Views: they share storage. ---------------------------------------------------------------------------------------
  /// One size may be -1 and is worked out. Copies when the strides allow no view.  Throws: sizes do not multiply up.
  Tensor reshape(const Shape& shape) const;
  Tensor transpose(int64_t axis0 = -2, int64_t axis1 = -1) const;
  Tensor permute(const Axes& order) const;
  /// Elements start, start + step, ... before `end` along `axis`. Negative positions count from the end.
  /// Throws: position out of range, step < 1.
  Tensor slice(int64_t axis, int64_t start, int64_t end, int64_t step = 1) const;
  /// The sub-tensor at `index` along `axis`, which vanishes.  Throws: out of range.
  Tensor select(int64_t axis, int64_t index) const;
  /// Size-1 axes (and new ones at the front) repeat without copying; -1 keeps a size.
  Tensor expand(const Shape& shape) const;
  Tensor unsqueeze(int64_t axis) const;
  Tensor squeeze(int64_t axis) const;  ///< Throws: the axis has not size 1.
  Tensor flatten(int64_t first = 0, int64_t last = -1) const;
  /// Any window on the same storage.  Throws: it would reach outside the storage.
  Tensor as_strided(const Shape& shape, const Strides& strides, int64_t offset) const;

  // Copies. ----------------------------------------------------------------------------------------------------------
  Tensor contiguous() const;  ///< itself when it is already
  Tensor clone() const;
  Tensor to(Device device) const;  ///< itself when it is already there
  Tensor to(DType dtype) const;    ///< floats are cut off, and held at the limits; to bool: x != 0

  // In place: these bump the version, and refuse an expanded (stride 0) tensor. --------------------------------------
  const Tensor& fill_(Scalar value) const;
  const Tensor& copy_(const Tensor& source) const;  ///< broadcasts and casts `source`; may come from another device
  const Tensor& add_(const Tensor& other, double alpha = 1) const;  ///< this += alpha * other
  const Tensor& mul_(Scalar factor) const;
  void bump_version() const { storage_->bump_version(); }
  uint64_t version() const { return storage_->version(); }

  // Elements. --------------------------------------------------------------------------------------------------------
  /// The only element.  Throws: numel() is not 1.
  template <class T = double>
  T item() const {
    return item_scalar().as<T>();
  }
  /// One element, every index checked: t.at({3, 17}).
  template <class T = double>
  T at(const Dims& index) const {
    return element(index).item<T>();
  }
  void set(const Dims& index, Scalar value) const { element(index).fill_(value); }
  /// All elements in row-major order, brought to the host and cast to T as to(dtype) casts.
  template <class T>
  std::vector<T> to_vector() const;

  /// First element as T*.  For kernels and for host memory (reference, cpu): no device check is made here.
  template <class T>
  T* data() const {
    return reinterpret_cast<T*>(storage_->data()) + offset_;
  }
  std::byte* raw_data() const { return storage_->data() + offset_ * size_of(dtype_); }

  /// Rows of numbers with shape, dtype and device; over 1000 elements only 3 at either edge; 4 digits.
  std::string to_string() const;

 private:
  friend Tensor empty(const Shape& shape, TensorOptions options);
  Tensor(std::shared_ptr<Storage> storage, const Shape& shape, const Strides& strides, int64_t offset, DType dtype);
  Tensor view(const Shape& shape, const Strides& strides, int64_t offset) const;
  Scalar item_scalar() const;
  Tensor element(const Dims& index) const;

  std::shared_ptr<Storage> storage_;
  Shape shape_;
  Strides strides_;
  int64_t offset_ = 0;
  int64_t numel_ = 0;
  DType dtype_ = DType::float32;
};

}  // namespace weft
