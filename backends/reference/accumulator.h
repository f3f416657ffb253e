// backends/reference/accumulator.h: the type that sums of an element type run in
#pragma once
#include <cstdint>
#include <type_traits>

namespace weft {

/// Wider than T, so that the reference is right to T's last digits: 70,000 equal terms added one by one in T lose four.
/// Integers add up without a sign, which wraps where int64 would be undefined.
template <class T>
using Accumulator = std::conditional_t<std::is_same_v<T, float>, double,
                                       std::conditional_t<std::is_same_v<T, double>, long double, uint64_t>>;

}  // namespace weft
