// tensor/cast.h: what an element becomes in another element type, on every device and on the host
#pragma once
#include <limits>
#include <type_traits>

#include "tensor/bfloat16.h"
#include "tensor/maths/host_device.h"

namespace weft {

/// x as a To: to bool it is x != 0; a float is cut off towards zero, held at To's limits, and NaN becomes 0, where C++
/// leaves a value out of range undefined; integers wrap; to bfloat16 through float32.
template <class To, class From>
WEFT_HOST_DEVICE constexpr To cast_element(From x) {
  if constexpr (std::is_same_v<To, From>) return x;
  else if constexpr (std::is_same_v<From, bfloat16>) return cast_element<To>(static_cast<float>(x));
  else if constexpr (std::is_same_v<To, bfloat16>) return bfloat16(static_cast<float>(x));
  else if constexpr (std::is_same_v<To, bool>) return x != From(0);
  else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    constexpr To low = std::numeric_limits<To>::min(), high = std::numeric_limits<To>::max();
    if (x != x) return 0;
    if (x <= static_cast<From>(low)) return low;
    return x >= static_cast<From>(high) ? high : static_cast<To>(x);
  } else return static_cast<To>(x);
}

}  // namespace weft
