// tensor/maths/op.h: the element-wise ops by name, and what their maths is written with
//
// An op is an enumerator here and a specialisation of Unary or Binary, with its name and formula, in the header of its
// family beside this one. That makes it exist on every backend; no other list knows the ops, and an enumerator without
// its formula does not compile.
#pragma once
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "tensor/maths/host_device.h"

namespace weft {

/// What an op accepts, and what it returns.
enum class OpTypes : uint8_t {
  same,        ///< any dtype but bool -> the same dtype
  floating,    ///< integers are brought to float32 first -> a floating dtype
  comparison,  ///< any dtype -> bool
  logical,     ///< any dtype, taken as x != 0 -> bool
  bits,        ///< bool and integers -> the same dtype
  integer,     ///< integers, no bool -> the same dtype
};

/// y = f(x).
enum class UnaryOp : uint8_t {
  // arithmetic.h
  neg,
  abs,
  sign,
  square,
  reciprocal,
  // exponential.h
  exp,
  exp2,
  expm1,
  log,
  log2,
  log10,
  log1p,
  sqrt,
  rsqrt,
  erf,
  erfc,
  // trigonometric.h
  sin,
  cos,
  tan,
  asin,
  acos,
  atan,
  sinh,
  cosh,
  tanh,
  // activation.h
  sigmoid,
  log_sigmoid,
  relu,
  silu,
  gelu,
  gelu_tanh,
  selu,
  mish,
  hardswish,
  // rounding.h
  floor,
  ceil,
  round,
  trunc,
  // logic.h
  logical_not,
  isnan,
  isinf,
  isfinite,
  // bits.h
  bitwise_not,
  count
};

/// y = f(a, b).
enum class BinaryOp : uint8_t {
  // arithmetic.h
  add,
  sub,
  mul,
  div,
  pow,
  maximum,
  minimum,
  // trigonometric.h
  atan2,
  hypot,
  // activation.h
  leaky_relu,
  elu,
  softplus,
  // rounding.h
  floor_divide,
  remainder,
  fmod,
  // logic.h
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  logical_and,
  logical_or,
  logical_xor,
  // bits.h
  bitwise_and,
  bitwise_or,
  bitwise_xor,
  left_shift,
  right_shift,
  count
};

/// The maths of an op: `name`, `types`, and a static `apply` for one element.
template <UnaryOp op>
struct Unary;
template <BinaryOp op>
struct Binary;

/// The type that arithmetic on T runs in. Integers add and multiply without a sign and are cast back, so that they wrap
/// as the hardware does, where C++ leaves signed overflow undefined. Floats are themselves.
template <class T>
using Wrapping =
    std::conditional_t<std::is_floating_point_v<T>, T, std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>>;

}  // namespace weft
