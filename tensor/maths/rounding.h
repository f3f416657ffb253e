// tensor/maths/rounding.h: to whole numbers
#pragma once
#include <cmath>

#include "tensor/maths/op.h"

namespace weft {

template <>
struct Unary<UnaryOp::floor> {
  static constexpr std::string_view name = "floor";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    if constexpr (std::is_floating_point_v<T>) return std::floor(x);
    else return x;
  }
};

}  // namespace weft
