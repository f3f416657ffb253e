// backends/gpu/folds.h: what reductions and scans combine elements by
//
// A fold is handed to kernels by value. Its Total is what partial results are kept in:
//   start()           the Total of no elements
//   load(x, i)        the Total of element i of a slice, or of a Total from an earlier pass
//   combine(a, b)     of two neighbours, a before b
//   result<Out>(t)    what is stored
#pragma once
#include <limits>
#include <type_traits>

#include "backends/gpu/gpu.h"
#include "backends/scaled_product.h"

namespace weft::WEFT_GPU {

/// double for floats: a card that waits for memory adds in double for nothing. Unsigned integers wrap.
template <class T>
using WideTotal = std::conditional_t<std::is_floating_point_v<T>, double, uint64_t>;

template <class Wide>
struct SumFold {
  using Total = Wide;
  __device__ Total start() const { return 0; }
  template <class T>
  __device__ Total load(T x, int64_t) const {
    return static_cast<Total>(x);
  }
  __device__ Total combine(Total a, Total b) const { return a + b; }
  template <class Out>
  __device__ Out result(Total total) const {
    return static_cast<Out>(total);
  }
};

/// Floats are multiplied as mantissa and exponent, so that no partial product overflows.
template <class Wide>
struct ProductFold {
  using Total = std::conditional_t<std::is_floating_point_v<Wide>, ScaledProduct<double>, uint64_t>;
  __device__ Total start() const { return Total(1); }
  __device__ Total load(Total x, int64_t) const { return x; }
  template <class T>
  __device__ Total load(T x, int64_t) const {
    return Total(static_cast<Wide>(x));
  }
  __device__ Total combine(Total a, Total b) const { return a * b; }
  template <class Out>
  __device__ Out result(Total total) const {
    if constexpr (std::is_same_v<Out, Total>) return total;
    else return static_cast<Out>(static_cast<Wide>(total));
  }
};

/// max or min, as Maths says: NaN wins.
template <class Maths, class T>
struct ExtremeFold {
  using Total = T;
  /// What every element wins against: of floats an infinity.
  __device__ Total start() const {
    using Limits = std::numeric_limits<T>;
    if constexpr (std::is_floating_point_v<T>)
      return Maths::apply(T(0), T(1)) == 1 ? -Limits::infinity() : Limits::infinity();
    else return Maths::apply(T(0), T(1)) == 1 ? Limits::lowest() : Limits::max();
  }
  __device__ Total load(T x, int64_t) const { return x; }
  __device__ Total combine(Total a, Total b) const { return Maths::apply(a, b); }
  template <class Out>
  __device__ Out result(Total total) const {
    return total;
  }
};

}  // namespace weft::WEFT_GPU
