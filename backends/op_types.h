// backends/op_types.h: which element types an op's maths is lifted to
#pragma once
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

}  // namespace weft
