// backends/op_types.h: which element types an op's maths is lifted to
#pragma once
#include <type_traits>

#include "tensor/scalar_maths.h"

namespace weft {

/// Whether kernels of `Maths` exist for elements of type T; the tensor functions refuse all other dtypes.
template <class Maths, class T>
inline constexpr bool op_accepts = [] {
  constexpr bool is_bool = std::is_same_v<T, bool>, is_float = std::is_floating_point_v<T>;
  switch (Maths::types) {
    case OpTypes::same: return !is_bool;
    case OpTypes::floating: return is_float;
    case OpTypes::bits: return !is_float;
    case OpTypes::integer: return !is_float && !is_bool;
    case OpTypes::comparison:
    case OpTypes::logical: break;
  }
  return true;
}();

/// Element type of the result: bool for comparisons and logical ops, else T.
template <class Maths, class T>
using OpResult = std::conditional_t<Maths::types == OpTypes::comparison || Maths::types == OpTypes::logical, bool, T>;

}  // namespace weft
