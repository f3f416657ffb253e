// tensor/maths/op.h: the element-wise ops by name, and what their maths is written with
//
// An op is an enumerator here and a specialisation of Unary or Binary, with its name and formula, in the header of its
// family beside this one. That makes it exist on every backend; no other list knows the ops, and an enumerator without
// its formula does not compile.
#pragma once
#include <cstdint>
#include <string_view>
#include <type_traits>

#ifdef __CUDACC__
#define WEFT_HOST_DEVICE __host__ __device__
#else
#define WEFT_HOST_DEVICE
#endif

namespace weft {

/// What an op accepts, and what it returns.
enum class OpTypes : uint8_t {
  same,        ///< any dtype but bool -> the same dtype
  floating,    ///< integers are brought to float32 first -> a floating dtype
  comparison,  ///< any dtype -> bool
  logical,     ///< any dtype, taken as x != 0 -> bool
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
  log,
  log1p,
  sqrt,
  rsqrt,
  // trigonometric.h
  sin,
  cos,
  tanh,
  // activation.h
  sigmoid,
  relu,
  // rounding.h
  floor,
  // logic.h
  logical_not,
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
  // logic.h
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  logical_and,
  logical_or,
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
