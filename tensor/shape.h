// tensor/shape.h: sizes and strides, and the arithmetic of broadcasting
#pragma once
#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

/// A short list of 64-bit sizes or strides, kept in place: tensors have at most kMaxRank axes.
class Dims {
 public:
  static constexpr int64_t kMaxRank = 8;

  Dims() = default;
  Dims(std::initializer_list<int64_t> values) : Dims(std::span<const int64_t>(values.begin(), values.size())) {}
  Dims(const std::vector<int64_t>& values) : Dims(std::span<const int64_t>(values)) {}
  explicit Dims(std::span<const int64_t> values);  ///< Throws: more than kMaxRank values.

  /// `rank` copies of `value`.
  static Dims filled(int64_t rank, int64_t value);

  int64_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  int64_t& operator[](int64_t i) { return values_[i]; }
  int64_t operator[](int64_t i) const { return values_[i]; }
  int64_t& back() { return values_[size_ - 1]; }
  int64_t back() const { return values_[size_ - 1]; }
  const int64_t* begin() const { return values_.data(); }
  const int64_t* end() const { return values_.data() + size_; }
  int64_t* begin() { return values_.data(); }
  int64_t* end() { return values_.data() + size_; }

  void push_back(int64_t value) { insert(size_, value); }
  void insert(int64_t position, int64_t value);  ///< Throws: already kMaxRank values.
  void erase(int64_t position);

  bool operator==(const Dims& other) const;

 private:
  std::array<int64_t, kMaxRank> values_{};
  int64_t size_ = 0;
};

using Shape = Dims;
using Strides = Dims;
using Axes = Dims;

/// "[64, 1, 28, 28]".
std::string to_string(const Dims& dims);

/// Product of the sizes, 1 for a scalar.  Throws: "op: ...": a negative size, or a product beyond 2^63 - 1.
int64_t numel_of(const Shape& shape, std::string_view op = "shape");

/// Product of the sizes along `axes` (normalized): the elements that a reduction makes one of. 2^63 - 1 where it is
/// more, which only a shape without elements has room for.
int64_t numel_along(const Shape& shape, const Axes& axes);

/// The index of element number `position`, counted in row-major order.
Dims unravel(int64_t position, const Shape& shape);

/// Row-major strides, in elements.
Strides contiguous_strides(const Shape& shape);

/// Both shapes aligned at the right; size 1 stretches.  Throws: "op: cannot broadcast ...", naming the axis.
Shape broadcast_shapes(std::string_view op, const Shape& a, const Shape& b);

/// Negative axes count from the end.  Throws: "op: axis 2 is out of range: ...".
int64_t normalize_axis(std::string_view op, int64_t axis, int64_t rank);

/// Sorted, each axis once; no axes at all means every axis. A tensor of rank 0 takes the axes 0 and -1, as PyTorch's
/// reductions do, and none comes back.  Throws: out of range, an axis named twice.
Axes normalize_axes(std::string_view op, const Axes& axes, int64_t rank);

/// `shape` after reducing `axes` (normalized): those sizes become 1, or vanish without keepdim.
Shape reduced_shape(const Shape& shape, const Axes& axes, bool keepdim);

}  // namespace weft
