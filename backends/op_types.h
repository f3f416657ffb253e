// backends/op_types.h: which element types an op's maths is lifted to, and casts between element types
#pragma once
#include <limits>
#include <type_traits>

#include "tensor/scalar_maths.h"

namespace weft {

/// Whether kernels of `Maths` exist for elements of type T; the tensor functions refuse all other dtypes.
template <class Maths, class T>
inline constexpr bool op_accepts = Maths::types == OpTypes::floating ? std::is_floating_point_v<T>
                                   : Maths::types == OpTypes::same   ? !std::is_same_v<T, bool>
                                                                     : true;

/// Element type of the result: bool for comparisons and logical ops, else T.
template <class Maths, class T>
using OpResult = std::conditional_t<Maths::types == OpTypes::comparison || Maths::types == OpTypes::logical, bool, T>;

/// x as a To: to bool it is x != 0; a float is cut off towards zero, held at To's limits, and NaN becomes 0, where C++
/// leaves a value out of range undefined.
template <class To, class From>
To cast_element(From x) {
  if constexpr (std::is_same_v<To, bool>) return x != From(0);
  else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    constexpr To low = std::numeric_limits<To>::min(), high = std::numeric_limits<To>::max();
    if (x != x) return 0;
    if (x <= static_cast<From>(low)) return low;
    return x >= static_cast<From>(high) ? high : static_cast<To>(x);
  } else return static_cast<To>(x);
}

}  // namespace weft
