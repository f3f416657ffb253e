// tensor/maths/bits.h: integers and bools bit by bit
#pragma once
#include "tensor/maths/op.h"

namespace weft {

/// Whether a shift by `count` is one that C++ defines; others move every bit out.
template <class T>
WEFT_HOST_DEVICE constexpr bool shifts_within(T count) {
  return count >= T(0) && count < T(8 * sizeof(T));
}

template <>
struct Unary<UnaryOp::bitwise_not> {
  static constexpr std::string_view name = "bitwise_not";
  static constexpr OpTypes types = OpTypes::bits;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    if constexpr (std::is_same_v<T, bool>) return !x;
    else return T(~x);
  }
};

template <>
struct Binary<BinaryOp::bitwise_and> {
  static constexpr std::string_view name = "bitwise_and";
  static constexpr OpTypes types = OpTypes::bits;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T a, T b) {
    return T(a & b);
  }
};

template <>
struct Binary<BinaryOp::bitwise_or> {
  static constexpr std::string_view name = "bitwise_or";
  static constexpr OpTypes types = OpTypes::bits;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T a, T b) {
    return T(a | b);
  }
};

template <>
struct Binary<BinaryOp::bitwise_xor> {
  static constexpr std::string_view name = "bitwise_xor";
  static constexpr OpTypes types = OpTypes::bits;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T a, T b) {
    return T(a ^ b);
  }
};

template <>
struct Binary<BinaryOp::left_shift> {  // a 2^b
  static constexpr std::string_view name = "left_shift";
  static constexpr OpTypes types = OpTypes::integer;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T a, T b) {
    return shifts_within(b) ? T(Wrapping<T>(a) << b) : T(0);
  }
};

template <>
struct Binary<BinaryOp::right_shift> {  // floor(a / 2^b)
  static constexpr std::string_view name = "right_shift";
  static constexpr OpTypes types = OpTypes::integer;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T a, T b) {
    return shifts_within(b) ? T(a >> b) : T(a < T(0) ? -1 : 0);
  }
};

}  // namespace weft
