// tensor/scalar_maths.h: the scalar maths of every element-wise op, written once; each backend lifts it to tensors
//
// An op is an enumerator plus a specialisation with its name and formula, side by side in this file. Adding one here
// makes it exist on every backend; no other list knows the ops.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

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

/// The type that arithmetic on T runs in. Integers add and multiply without a sign and are cast back, so that they wrap
/// as the hardware does, where C++ leaves signed overflow undefined. Floats are themselves.
template <class T>
using Wrapping =
    std::conditional_t<std::is_floating_point_v<T>, T, std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>>;

// Unary: y = f(x) --------------------------------------------------------------------------------------------------

enum class UnaryOp : uint8_t {
  neg,
  abs,
  sign,
  square,
  exp,
  log,
  log1p,
  sqrt,
  rsqrt,
  reciprocal,
  sin,
  cos,
  tanh,
  sigmoid,
  relu,
  floor,
  logical_not,
  count
};

template <UnaryOp op>
struct Unary;

template <>
struct Unary<UnaryOp::neg> {
  static constexpr std::string_view name = "neg";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return T(-Wrapping<T>(x));
  }
};
template <>
struct Unary<UnaryOp::abs> {
  static constexpr std::string_view name = "abs";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    if constexpr (std::is_floating_point_v<T>) return std::fabs(x);
    else return x < T(0) ? T(-Wrapping<T>(x)) : x;
  }
};
template <>
struct Unary<UnaryOp::sign> {  // NaN stays NaN
  static constexpr std::string_view name = "sign";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return x > T(0) ? T(1) : x < T(0) ? T(-1) : x == T(0) ? T(0) : x;
  }
};
template <>
struct Unary<UnaryOp::square> {
  static constexpr std::string_view name = "square";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return T(Wrapping<T>(x) * Wrapping<T>(x));
  }
};
template <>
struct Unary<UnaryOp::exp> {
  static constexpr std::string_view name = "exp";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return std::exp(x);
  }
};
template <>
struct Unary<UnaryOp::log> {
  static constexpr std::string_view name = "log";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return std::log(x);
  }
};
template <>
struct Unary<UnaryOp::log1p> {  // log(1 + x) without losing small x
  static constexpr std::string_view name = "log1p";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return std::log1p(x);
  }
};
template <>
struct Unary<UnaryOp::sqrt> {
  static constexpr std::string_view name = "sqrt";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return std::sqrt(x);
  }
};
template <>
struct Unary<UnaryOp::rsqrt> {
  static constexpr std::string_view name = "rsqrt";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return T(1) / std::sqrt(x);
  }
};
template <>
struct Unary<UnaryOp::reciprocal> {
  static constexpr std::string_view name = "reciprocal";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return T(1) / x;
  }
};
template <>
struct Unary<UnaryOp::sin> {
  static constexpr std::string_view name = "sin";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return std::sin(x);
  }
};
template <>
struct Unary<UnaryOp::cos> {
  static constexpr std::string_view name = "cos";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return std::cos(x);
  }
};
template <>
struct Unary<UnaryOp::tanh> {
  static constexpr std::string_view name = "tanh";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return std::tanh(x);
  }
};
template <>
struct Unary<UnaryOp::sigmoid> {  // 1 / (1 + exp(-x)): exp overflows to inf for x << 0, and 1 / inf is the right 0
  static constexpr std::string_view name = "sigmoid";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return T(1) / (T(1) + std::exp(-x));
  }
};
template <>
struct Unary<UnaryOp::relu> {  // NaN stays NaN
  static constexpr std::string_view name = "relu";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T x) {
    return x < T(0) ? T(0) : x;
  }
};
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
template <>
struct Unary<UnaryOp::logical_not> {
  static constexpr std::string_view name = "logical_not";
  static constexpr OpTypes types = OpTypes::logical;
  template <class T>
  WEFT_HOST_DEVICE static bool apply(T x) {
    return x == T(0);
  }
};

// Binary: y = f(a, b) ----------------------------------------------------------------------------------------------

enum class BinaryOp : uint8_t {
  add,
  sub,
  mul,
  div,
  pow,
  maximum,
  minimum,
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

template <BinaryOp op>
struct Binary;

template <>
struct Binary<BinaryOp::add> {
  static constexpr std::string_view name = "add";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T a, T b) {
    return T(Wrapping<T>(a) + Wrapping<T>(b));
  }
};
template <>
struct Binary<BinaryOp::sub> {
  static constexpr std::string_view name = "sub";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T a, T b) {
    return T(Wrapping<T>(a) - Wrapping<T>(b));
  }
};
template <>
struct Binary<BinaryOp::mul> {
  static constexpr std::string_view name = "mul";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T a, T b) {
    return T(Wrapping<T>(a) * Wrapping<T>(b));
  }
};
template <>
struct Binary<BinaryOp::div> {
  static constexpr std::string_view name = "div";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T a, T b) {
    return a / b;
  }
};
template <>
struct Binary<BinaryOp::pow> {
  static constexpr std::string_view name = "pow";
  static constexpr OpTypes types = OpTypes::floating;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T a, T b) {
    return std::pow(a, b);
  }
};
template <>
struct Binary<BinaryOp::maximum> {  // NaN on either side wins
  static constexpr std::string_view name = "maximum";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T a, T b) {
    return (a > b || a != a) ? a : b;
  }
};
template <>
struct Binary<BinaryOp::minimum> {  // NaN on either side wins
  static constexpr std::string_view name = "minimum";
  static constexpr OpTypes types = OpTypes::same;
  template <class T>
  WEFT_HOST_DEVICE static T apply(T a, T b) {
    return (a < b || a != a) ? a : b;
  }
};
template <>
struct Binary<BinaryOp::equal> {
  static constexpr std::string_view name = "equal";
  static constexpr OpTypes types = OpTypes::comparison;
  template <class T>
  WEFT_HOST_DEVICE static bool apply(T a, T b) {
    return a == b;
  }
};
template <>
struct Binary<BinaryOp::not_equal> {
  static constexpr std::string_view name = "not_equal";
  static constexpr OpTypes types = OpTypes::comparison;
  template <class T>
  WEFT_HOST_DEVICE static bool apply(T a, T b) {
    return a != b;
  }
};
template <>
struct Binary<BinaryOp::less> {
  static constexpr std::string_view name = "less";
  static constexpr OpTypes types = OpTypes::comparison;
  template <class T>
  WEFT_HOST_DEVICE static bool apply(T a, T b) {
    return a < b;
  }
};
template <>
struct Binary<BinaryOp::less_equal> {
  static constexpr std::string_view name = "less_equal";
  static constexpr OpTypes types = OpTypes::comparison;
  template <class T>
  WEFT_HOST_DEVICE static bool apply(T a, T b) {
    return a <= b;
  }
};
template <>
struct Binary<BinaryOp::greater> {
  static constexpr std::string_view name = "greater";
  static constexpr OpTypes types = OpTypes::comparison;
  template <class T>
  WEFT_HOST_DEVICE static bool apply(T a, T b) {
    return a > b;
  }
};
template <>
struct Binary<BinaryOp::greater_equal> {
  static constexpr std::string_view name = "greater_equal";
  static constexpr OpTypes types = OpTypes::comparison;
  template <class T>
  WEFT_HOST_DEVICE static bool apply(T a, T b) {
    return a >= b;
  }
};
template <>
struct Binary<BinaryOp::logical_and> {
  static constexpr std::string_view name = "logical_and";
  static constexpr OpTypes types = OpTypes::logical;
  template <class T>
  WEFT_HOST_DEVICE static bool apply(T a, T b) {
    return a != T(0) && b != T(0);
  }
};
template <>
struct Binary<BinaryOp::logical_or> {
  static constexpr std::string_view name = "logical_or";
  static constexpr OpTypes types = OpTypes::logical;
  template <class T>
  WEFT_HOST_DEVICE static bool apply(T a, T b) {
    return a != T(0) || b != T(0);
  }
};

// From a run-time op to its maths ----------------------------------------------------------------------------------

/// Calls f(Maths<op>{}) for the run-time value `op`: every enumerator below `count` is tried once.
template <template <auto> class Maths, class Op, class F, size_t... I>
void visit_op_among(Op op, F&& f, std::index_sequence<I...>) {
  ((op == static_cast<Op>(I) ? (f(Maths<static_cast<Op>(I)>{}), true) : false) || ...);
}

template <auto op>
using UnaryMaths = Unary<op>;
template <auto op>
using BinaryMaths = Binary<op>;

template <class F>
void visit_op(UnaryOp op, F&& f) {
  visit_op_among<UnaryMaths>(op, f, std::make_index_sequence<static_cast<size_t>(UnaryOp::count)>{});
}
template <class F>
void visit_op(BinaryOp op, F&& f) {
  visit_op_among<BinaryMaths>(op, f, std::make_index_sequence<static_cast<size_t>(BinaryOp::count)>{});
}

template <class Op>
std::string_view name_of_op(Op op) {
  std::string_view name;
  visit_op(op, [&](auto maths) { name = maths.name; });
  return name;
}

}  // namespace weft
