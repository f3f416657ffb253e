// tensor/scalar.h: a C++ number that remembers its kind
#pragma once
#include <cstdint>
#include <type_traits>

#include "tensor/cast.h"
#include "tensor/dtype.h"
#include "tensor/error.h"

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

}  // namespace weft
