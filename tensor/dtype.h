// tensor/dtype.h: the element types, and how run-time types become compile-time types
#pragma once
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "tensor/bfloat16.h"

namespace weft {

/// In rising order of promotion: bool < integers < floats. bfloat16 is for storage: elements are made, moved, indexed,
/// saved and cast in it, but functions that compute refuse it.
enum class DType : uint8_t { boolean, uint8, int32, int64, bfloat16, float32, float64 };

/// Bytes of one element.
constexpr int64_t size_of(DType dtype) {
  switch (dtype) {
    case DType::boolean:
    case DType::uint8: return 1;
    case DType::bfloat16: return 2;
    case DType::int32:
    case DType::float32: return 4;
    case DType::int64:
    case DType::float64: return 8;
  }
  return 0;
}

/// "float32", "bool", ...
constexpr std::string_view name_of(DType dtype) {
  switch (dtype) {
    case DType::boolean: return "bool";
    case DType::uint8: return "uint8";
    case DType::int32: return "int32";
    case DType::int64: return "int64";
    case DType::bfloat16: return "bfloat16";
    case DType::float32: return "float32";
    case DType::float64: return "float64";
  }
  return "?";
}

/// Floats that functions compute in: float32 and float64.
constexpr bool is_floating(DType dtype) { return dtype >= DType::float32; }
constexpr bool is_integer(DType dtype) { return dtype > DType::boolean && dtype <= DType::int64; }
/// bool 0, integers 1, floats 2.
constexpr int kind_of(DType dtype) { return dtype > DType::int64 ? 2 : dtype > DType::boolean ? 1 : 0; }

/// The type both operands are brought to: the higher kind (bool < integer < float), and the wider type within it.
constexpr DType promote(DType a, DType b) { return a > b ? a : b; }

/// dtype_of<float> == DType::float32, and so on.
template <class T>
inline constexpr DType dtype_of = [] {
  if constexpr (std::is_same_v<T, bool>) return DType::boolean;
  else if constexpr (std::is_same_v<T, uint8_t>) return DType::uint8;
  else if constexpr (std::is_same_v<T, int32_t>) return DType::int32;
  else if constexpr (std::is_same_v<T, int64_t>) return DType::int64;
  else if constexpr (std::is_same_v<T, bfloat16>) return DType::bfloat16;
  else if constexpr (std::is_same_v<T, float>) return DType::float32;
  else {
    static_assert(std::is_same_v<T, double>, "not an element type");
    return DType::float64;
  }
}();

template <class T>
struct TypeTag {
  using type = T;
};

/// Throws: bfloat16 is for storage.
[[noreturn]] void fail_storage_only();

/// Calls f(TypeTag<T>{}) with the C++ type of `dtype`, for kernels that compute.  Throws: bfloat16.
template <class F>
decltype(auto) visit_dtype(DType dtype, F&& f) {
  switch (dtype) {
    case DType::boolean: return f(TypeTag<bool>{});
    case DType::uint8: return f(TypeTag<uint8_t>{});
    case DType::int32: return f(TypeTag<int32_t>{});
    case DType::int64: return f(TypeTag<int64_t>{});
    case DType::bfloat16: fail_storage_only();
    case DType::float32: return f(TypeTag<float>{});
    case DType::float64: break;
  }
  return f(TypeTag<double>{});
}

/// The same for kernels that only move or cast elements: every dtype.
template <class F>
decltype(auto) visit_stored(DType dtype, F&& f) {
  return dtype == DType::bfloat16 ? f(TypeTag<bfloat16>{}) : visit_dtype(dtype, f);
}

/// Calls f(TypeTag<T>{}) for float32 and float64; callers have checked that `dtype` is no integer.  Throws: bfloat16.
template <class F>
decltype(auto) visit_floating(DType dtype, F&& f) {
  if (dtype == DType::bfloat16) fail_storage_only();
  return dtype == DType::float32 ? f(TypeTag<float>{}) : f(TypeTag<double>{});
}

}  // namespace weft
