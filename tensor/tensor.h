// tensor/tensor.h: the tensor, a strided window on shared storage
#pragma once
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tensor/device.h"
#include "tensor/dtype.h"
#include "tensor/error.h"
#include "tensor/in_place.h"
#include "tensor/scalar.h"
#include "tensor/shape.h"
#include "tensor/storage.h"

namespace weft {

/// Where, and with which element type, a new tensor is made.
struct TensorOptions {
  DType dtype = DType::float32;
  std::optional<Device> device = {};  ///< default_device() when not set
};

/// As the end of a slice: all that is left.
inline constexpr int64_t kEnd = INT64_MAX;

/// A value: shape, strides, offset, dtype and device over shared Storage. Copying is cheap and shares the elements;
/// `clone` copies them. Row-major; strides count elements and may be 0 (an expanded axis). No gradients here: see
/// autograd/variable.h. A default-constructed Tensor is undefined: only defined() may be asked of it.
class Tensor : public InPlace {
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
  /// Elements start, start + step, ... before `end` along `axis`. Negative positions count from the end; without `end`,
  /// or with kEnd, to the end: x.slice(0, 2) is x[2:], x.slice(1, 0, kEnd, 2) is x[:, ::2].
  /// Throws: position out of range, step < 1.
  Tensor slice(int64_t axis, int64_t start, int64_t end = kEnd, int64_t step = 1) const;
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

  // In place: these bump the version, and refuse an expanded (stride 0) tensor. More of them: tensor/in_place.h
  // --------
  const Tensor& fill_(Scalar value) const;
  const Tensor& zero_() const { return fill_(0); }
  const Tensor& copy_(const Tensor& source) const;  ///< broadcasts and casts `source`; may come from another device
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

/// x.to_string().
std::ostream& operator<<(std::ostream& out, const Tensor& x);

/// One operand of a binary function: a tensor, or a C++ number that takes the other operand's device. It refers to the
/// tensor, so it is for parameters only.
class Operand {
 public:
  Operand(const Tensor& tensor) : tensor_(&tensor) {}
  template <class T, class = std::enable_if_t<std::is_arithmetic_v<T>>>
  Operand(T value) : scalar_(value) {}
  Operand(Scalar value) : scalar_(value) {}

  bool is_scalar() const { return tensor_ == nullptr; }
  const Tensor& tensor() const { return *tensor_; }
  Scalar scalar() const { return scalar_; }
  /// "[32, 784] float32 cpu" or "the number 3".
  std::string describe() const;

 private:
  const Tensor* tensor_ = nullptr;
  Scalar scalar_ = 0;
};

}  // namespace weft
